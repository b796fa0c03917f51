// What the loader itself says; everything else is said by the page in the panel.

export interface Words {
  chat: string;
  unread: string;
}

/** In English where the language is none of ours. */
export function wordsFor(lang: string): Words {
  return /^zh/i.test(lang) ? { chat: '在线客服', unread: '条未读' } : { chat: 'Chat', unread: 'unread' };
}
