// The words of the parts that are fetched once the conversation stands, in both languages.
import type { Text } from './texts';

export const more = {
  resend: { zh: '重发', en: 'Retry' },
  remove: { zh: '删除', en: 'Delete' },
  unknown_card: { zh: '收到一张这里还不能显示的卡片', en: 'A card arrived that cannot be shown here yet' },
  recalled: { zh: '对方撤回了一条消息', en: 'Message recalled' },
  recalled_own: { zh: '您撤回了一条消息', en: 'You took a message back' },
  typing: { zh: '对方正在输入', en: 'Typing' },
  found: { zh: '这些可能有帮助', en: 'These may help' },
  close: { zh: '关闭', en: 'Close' },
  more: { zh: '更多', en: 'More' },

  // a person
  not_among: { zh: '没有想问的？', en: 'Something else?' },
  questions: { zh: '常见问题', en: 'Common questions' },
  ahead: { zh: '位排在您前面', en: { one: 'person ahead of you', other: 'people ahead of you' } },
  you_are_next: { zh: '下一位就是您', en: 'You are next' },
  wait_minutes: { zh: '大约等 {n} 分钟', en: 'about {n} min' },
  wait_short: { zh: '不到 1 分钟', en: 'less than a minute' },
  place_kept: { zh: '离开页面也会保留位置', en: 'You keep your place if you leave this page' },
  give_up: { zh: '不等了', en: 'Stop waiting' },
  end: { zh: '结束会话', en: 'End the conversation' },

  // how it was
  how_was_it: { zh: '这次服务怎么样？', en: 'How was it?' },
  rate_RUBBISH: { zh: '很差', en: 'Very bad' },
  rate_BAD: { zh: '不满意', en: 'Bad' },
  rate_JUSTSOSO: { zh: '一般', en: 'So-so' },
  rate_GOOD: { zh: '满意', en: 'Good' },
  rate_BEST: { zh: '非常满意', en: 'Very good' },
  rate_send: { zh: '提交评价', en: 'Send rating' },
  rated: { zh: '已评价：{words}', en: 'Rated: {words}' },

  // nobody is there
  leave_message: { zh: '留言', en: 'Leave a message' },
  leave_title: { zh: '留言给我们', en: 'Leave us a message' },
  leave_away: { zh: '现在没有客服在线。留下联系方式，我们会尽快回复；回复也会出现在这里。', en: 'Nobody is online now. Leave a way to reach you and we answer as soon as we can; the answer appears here, too.' },
  leave_contact: { zh: '手机号或邮箱', en: 'Phone or mail' },
  leave_contact_missing: { zh: '写下手机号或邮箱，我们才能找到您', en: 'Without a phone number or mail address we cannot reach you' },
  leave_words: { zh: '遇到了什么问题', en: 'What is it about' },
  leave_words_missing: { zh: '写一句话，说说是什么事', en: 'Say in a sentence what it is about' },
  leave_send: { zh: '发送留言', en: 'Send message' },
  leave_kept: { zh: '写好的内容会自动保存在本机', en: 'What you write is kept on this device' },
  leave_done: { zh: '留言已收到，回复会出现在这里', en: 'We have your message. The answer will appear here' },

  // pictures, files, and what can be done with a message
  edit_again: { zh: '重新编辑', en: 'Edit again' },
  cancel: { zh: '取消', en: 'Cancel' },
  picture: { zh: '图片', en: 'Picture' },
  picture_from: { zh: '{who}发的图片，点开看大图', en: 'Picture from {who}, open it large' },
  picture_broken: { zh: '打不开，重试', en: 'Cannot be opened, retry' },
  picture_large: { zh: '看大图', en: 'Picture, large' },
  previous: { zh: '上一张', en: 'Previous' },
  next: { zh: '下一张', en: 'Next' },
  file: { zh: '文件', en: 'File' },
  download: { zh: '下载 {name}', en: 'Download {name}' },
  drop: { zh: '松开即发送', en: 'Let go to send' },
  voice: { zh: '语音', en: 'Voice message' },
  video: { zh: '视频', en: 'Video' },
  file_empty: { zh: '这个文件是空的', en: 'this file is empty' },
  file_kind: { zh: '这种文件不能发', en: 'this kind of file cannot be sent' },
  file_large: { zh: '{size}，最大 {limit}', en: '{size}, the limit is {limit}' },
  file_too_large: { zh: '{size}，超过了上限', en: '{size}, above the limit' },
  quote: { zh: '引用', en: 'Quote' },
  quoting: { zh: '引用 {who}', en: 'Quoting {who}' },
  unquote: { zh: '不引用', en: 'Do not quote' },
  quoted_gone: { zh: '引用的消息已撤回', en: 'The quoted message was taken back' },
  quoted_earlier: { zh: '引用了更早的消息', en: 'Quotes an earlier message' },
  copy: { zh: '复制', en: 'Copy' },
  take_back: { zh: '撤回', en: 'Take back' },
} satisfies Record<string, Record<'zh' | 'en', Text>>;

export type MoreKey = keyof typeof more;
