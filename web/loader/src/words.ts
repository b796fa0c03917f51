// What the loader itself says; everything else is said by the page in the panel.

export interface Words {
  lang: string;
  chat: string;
  unread: string;
}

/** In the language that is asked for, or the page's own, or the browser's. */
export function wordsFor(lang: string): Words {
  return /^zh/i.test(lang)
    ? { lang: 'zh', chat: '在线客服', unread: '条未读' }
    : { lang: 'en', chat: 'Chat', unread: 'unread' };
}
