// Words of what the search in the list finds in messages.

export const hits = {
  hits: { zh: '消息', en: 'Messages' },
} as const;
