// Words of what whoever has just set the company up does next.

export const begin = {
  begin_title: { zh: '接下来三步', en: 'Three things to do next' },
  begin_page: { zh: '放到您的网页上', en: 'Put it on your page' },
  begin_page_hint: { zh: '复制一段代码，访客就能找到您', en: 'Copy a few lines, and visitors find you' },
  begin_agent: { zh: '请同事来', en: 'Invite an agent' },
  begin_agent_hint: { zh: '给他一个登录名和密码', en: 'Give them a login and a password' },
  begin_questions: { zh: '写好常见问题', en: 'Add questions' },
  begin_questions_hint: { zh: '机器人会先回答；也可以从表格导入', en: 'The bot answers them first. A spreadsheet can be imported, too' },
  begin_done: { zh: '已完成', en: 'done' },
  begin_sign_in: { zh: '下次登录时，公司填 {companyid}', en: 'When you sign in again, the company is {companyid}' },
  begin_away: { zh: '不再显示', en: 'Do not show this again' },
  begin_ready: { zh: '都好了，开始接待', en: 'All done, begin' },
} as const;
