// Words of the sheet that says what the keys do.

export const keys = {
  keys_send: { zh: '发送 / 换行', en: 'Send / new line' },
  keys_canned: { zh: '在开头：快捷回复', en: 'At the start: canned replies' },
  keys_back: { zh: '空框里：改写刚撤回的，或选消息（Enter 引用，{copy} 复制，Delete 撤回）', en: 'In an empty box: edit what was just recalled, or select messages (Enter quotes, {copy} copies, Delete recalls)' },
  keys_search: { zh: '搜索访客、消息、命令', en: 'Search visitors, messages, commands' },
  keys_mode: { zh: '回复 ↔ 内部备注', en: 'Reply ↔ internal note' },
  keys_quote: { zh: '引用上一条，再按再往前', en: 'Quote the last message; again: the one before' },
  keys_file: { zh: '发文件', en: 'Attach a file' },
  keys_escape: { zh: '关闭最上层，再按离开输入框', en: 'Close the top layer, then leave the box' },
  keys_move: { zh: '上一个、下一个会话', en: 'Previous, next chat' },
  keys_next_waiting: { zh: '下一个待回复', en: 'Next that waits for an answer' },
  keys_take: { zh: '接入排队的下一位', en: 'Take the next from the queue' },
  keys_transfer: { zh: '转接', en: 'Transfer' },
  keys_order: { zh: '建工单，或打开这次会话的工单', en: 'Make a work order, or open that of this chat' },
  keys_end: { zh: '结束（可撤销）', en: 'End (with undo)' },
  keys_undo: { zh: '撤销刚才的结束', en: 'Take the last end back' },
  keys_status: { zh: '状态菜单', en: 'Status menu' },
  keys_card: { zh: '访客资料', en: 'Visitor card' },
  keys_tabs: { zh: '我的、排队、全部、已结束', en: 'Mine, queue, all, closed' },
  keys_regions: { zh: '下一个区域', en: 'Next region' },
  keys_sheet: { zh: '这张表', en: 'This sheet' },
} as const;
