// The words that the visitor's page says before anything else is needed, in both languages.

/** A text; `one` and `other` where the number decides the form. `{name}` is filled in when it is said. */
export type Text = string | { one: string; other: string };

export const texts = {
  page: { zh: '在线客服', en: 'Chat with us' },
  greeting: { zh: '你好，这里是{company}。先看看这些问题，也可以直接打字。', en: 'Hello, this is {company}. Pick a question or just write.' },
  greeting_plain: { zh: '你好，这里是{company}。直接打字就可以。', en: 'Hello, this is {company}. Just write.' },
  log: { zh: '聊天记录', en: 'Conversation' },
  loading: { zh: '正在载入', en: 'Loading' },
  try_again: { zh: '再试一次', en: 'Try again' },

  // not let in
  refused_link: { zh: '这个入口已经失效', en: 'This link is no longer valid' },
  refused_link_do: { zh: '入口只能用一次，也会过期。请回到商家的页面，重新打开客服。说过的话都还在。', en: 'It works once and for a short time. Go back to the shop’s page and open the chat again. What was said is kept.' },
  refused_company: { zh: '这里没有可以打开的会话', en: 'There is no chat to open here' },
  refused_company_do: { zh: '链接里的商家不存在，或者只接待已登录的访客。请检查链接，或者从商家的页面进入。', en: 'The link names no company, or one that only talks to people who are logged in. Check the link, or come in from the shop’s page.' },
  refused_fast: { zh: '打开得太频繁', en: 'Opened too often' },
  refused_fast_do: { zh: '{n} 秒后再试', en: 'Try again in {n} s' },
  unreachable: { zh: '会话没有载入', en: 'The chat did not load' },
  unreachable_do: { zh: '服务没有回应，说过的话都还在', en: 'The service does not answer. What was said is kept' },

  // header
  with_bot: { zh: '自动回答，随时可以转人工', en: 'Automatic answers, a person on request' },
  with_nobody: { zh: '在线客服', en: 'Customer service' },
  in_queue: { zh: '正在排队', en: 'In the queue' },
  closed: { zh: '现在是下班时间', en: 'Closed now' },
  nobody_there: { zh: '现在没有客服在线', en: 'Nobody is online now' },
  message_left: { zh: '留言已收到', en: 'Your message was received' },
  was_ended: { zh: '服务已结束', en: 'Ended' },
  online: { zh: '在线', en: 'Online' },
  away: { zh: '暂时离开', en: 'Away' },

  // log
  today: { zh: '今天', en: 'Today' },
  yesterday: { zh: '昨天', en: 'Yesterday' },
  new_messages: { zh: '新消息', en: 'New' },
  jump_new: { zh: '{n} 条新消息', en: { one: '{n} new message', other: '{n} new messages' } },
  jump_end: { zh: '回到最新', en: 'To the latest' },
  earlier: { zh: '更早的消息', en: 'Earlier messages' },
  earlier_failed: { zh: '更早的消息没有载入，再试一次', en: 'Earlier messages did not load. Try again' },
  you: { zh: '您', en: 'You' },
  unfold: { zh: '展开', en: 'Show all' },

  // what becomes of a message
  sending: { zh: '发送中', en: 'Sending' },
  sent: { zh: '已发送', en: 'Sent' },
  read: { zh: '已读', en: 'Read' },
  waiting: { zh: '等网络恢复后发送', en: 'Will send when back online' },
  not_sent: { zh: '没有发出去，{reason}', en: 'Not sent, {reason}' },
  silent: { zh: '服务没有回应', en: 'no answer from the service' },
  invalid: { zh: '服务读不懂这条内容', en: 'the service cannot read it' },
  forbidden: { zh: '这里不允许', en: 'it is not allowed here' },
  conflict: { zh: '和现在的情况冲突', en: 'it conflicts with the present state' },
  too_fast: { zh: '发得太快，{n} 秒后再发', en: 'too fast, try again in {n} s' },
  busy: { zh: '服务暂时忙', en: 'the service is busy for the moment' },
  internal: { zh: '服务出错了', en: 'the service made an error' },

  // writing
  write: { zh: '输入消息', en: 'Write a message' },
  send: { zh: '发送', en: 'Send' },
  too_long: { zh: '{n} 字，最多 {limit} 字', en: '{n} characters, the limit is {limit}' },

  // a person
  human: { zh: '转人工', en: 'Talk to a person' },
  queued: { zh: '已转人工，正在排队', en: 'In the queue for a person' },
  served: { zh: '{agent} 为您服务', en: '{agent} joined' },
  transferred: { zh: '已转给 {agent}', en: 'Passed on to {agent}' },
  ended: { zh: '本次服务已结束', en: 'This conversation has ended' },
  ends_soon: { zh: '很久没有消息了，{time} 会自动结束', en: 'Nothing was said for a while. It ends at {time}' },
  reopened: { zh: '服务继续', en: 'The conversation goes on' },
  gave_up: { zh: '您离开了排队', en: 'You left the queue' },
  call_failed: { zh: '没有成功，{reason}', en: 'Not done, {reason}' },
} satisfies Record<string, Record<'zh' | 'en', Text>>;

export type Key = keyof typeof texts;
