// Words of what a company keeps of a person: taking it out, erasing it.

export const person = {
  person_export: { zh: '导出全部资料（ZIP）', en: 'Export everything (ZIP)' },
  person_exporting: { zh: '正在导出', en: 'Exporting' },
  person_erase: { zh: '删除全部内容', en: 'Erase everything' },
  person_erase_sure: { zh: '删除“{name}”的全部内容？', en: 'Erase everything of “{name}”?' },
  person_erase_it: { zh: '删除 {name} 的全部内容', en: 'Erase everything of {name}' },
  person_goes_user: { zh: '消息、文件、姓名、属性、标签、备注和工单里写的内容都会清空，不能恢复。', en: 'Messages, files, name, attributes, tags, notes and what was written in work orders go. This cannot be undone.' },
  person_goes_cs: { zh: '账号、登录、自己的快捷回复、说过的话和发过的文件都会删除，不能恢复。原来写姓名的地方写公司名。', en: 'The account, its sessions, its own canned replies, its messages and files go. Where the name was stands the company’s. This cannot be undone.' },
  person_stays: { zh: '消息的位置、次数和统计数字保留，操作记录里会写上这次删除。', en: 'Places of messages, counts and figures stay. The audit log says that it was erased.' },
  person_first: { zh: '需要留底时，先导出一份。', en: 'Export it first if you need to keep it.' },
  person_keep_words: { zh: '保留说过的话，只去掉姓名', en: 'Keep the messages, take only the name off' },
  person_erasing: { zh: '正在删除，已清空 {n} 条消息、{files} 个文件', en: 'Erasing. Messages so far: {n}, files: {files}' },
  person_erasing_hint: { zh: '可以离开这一页，删除会继续', en: 'You may leave this page, it goes on' },
  person_erased: { zh: '已删除：{n} 条消息、{files} 个文件', en: 'Erased. Messages: {n}, files: {files}' },
  person_unknown: { zh: '看不到进度，删除仍在继续：{why}', en: 'How far it is cannot be seen, but it goes on: {why}' },
} as const;
