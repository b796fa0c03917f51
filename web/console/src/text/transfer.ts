// Words of the dialog in which a visitor is handed over.

export const transfer = {
  transfer_title: { zh: '把 {who} 转给', en: 'Transfer {who} to' },
  transfer_search: { zh: '搜索客服或分组', en: 'Search agents and groups' },
  transfer_note: { zh: '留言', en: 'Note' },
  transfer_note_hint: { zh: '只有 {who} 看得到', en: 'Only {who} sees this' },
  transfer_note_anyone: { zh: '只有接手的同事看得到', en: 'Only the colleague sees this' },
  transfer_to: { zh: '转给 {who}', en: 'Transfer to {who}' },
  transfer_nobody: { zh: '没有可以接手的同事', en: 'No colleague can take it' },
  transfer_none_found: { zh: '没有找到', en: 'Nobody found' },
  group_online: { zh: '{n} 人在线', en: '{n} online' },
  group_waits: { zh: '都在忙碌，转去排队', en: 'all busy, waits in the queue' },
} as const;
