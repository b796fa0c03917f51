// A Chinese shop for tents and what belongs to them: who works there, what it knows, who writes to it.
// Times are minutes before now. In a conversation `v` is the visitor, `a` the agent, `n` an agent's note.

export const zh = {
  locale: 'zh-CN',
  timezone: 'Asia/Shanghai',
  id: 'lingshang',
  name: '岭上户外',
  guest: '访客',
  settings: { agent_cap: 6, typing_preview: true, idle_seconds: 7_200, offline: '每天 9:00 至 21:00 有人值班。明早 9 点起按先后回复，回复也会出现在这里。' },

  // The first one's desk is shown; its seats are full.
  agents: [
    { login: 'chenmo', nick: '陈默', role: 'owner', group: '售后组' },
    { login: 'linqiao', nick: '林乔', role: 'supervisor', group: '售后组', status: 'B' },
    { login: 'gaoyuan', nick: '高远', role: 'agent', group: '售前组' },
    { login: 'suwan', nick: '苏晚', role: 'agent', group: '售前组' },
    { login: 'hetian', nick: '何田', role: 'agent', group: '售前组', cap: 4 },
    { login: 'elin', nick: 'Elin', role: 'agent', group: 'English', status: 'B' },
    { login: 'fangzhou', nick: '方舟', role: 'agent', group: '售后组', status: 'F' },
    { login: 'songci', nick: '宋词', role: 'admin', group: '售后组', status: 'F' },
  ],
  newcomer: { login: 'luyiming', nick: '陆一鸣', role: 'agent' },

  questions: [
    {
      title: '帐篷使用',
      default: true,
      items: [
        { title: '帐杆断了怎么办', answer: '签收 30 天内断杆，补发整根，不收费。请把断口拍一张照片发过来，再点“转人工”。' },
        { title: '第一次搭帐，顺序是什么', answer: '先铺地布，再穿内帐杆，最后搭外帐。四角地钉留到最后打。' },
        { title: '外帐漏水，缝线处渗水', answer: '用压胶条补一遍缝线，晾干后再收。两年内免费补胶。' },
        { title: '洗涤和收纳', answer: '清水冲洗，不用洗衣机。完全晾干再装袋，袋口留一条缝。' },
      ],
    },
    {
      title: '订单物流',
      default: true,
      items: [
        { title: '几天能到', answer: '16 点前的订单当天出库，江浙沪次日到，其他地区两到四天。' },
        { title: '怎么改收货地址', answer: '没有出库的订单，在“我的订单”里点“修改地址”。' },
      ],
    },
    {
      title: '退换与保修',
      default: true,
      items: [
        { title: '怎么退货', answer: '签收 7 天内，在“我的订单”里申请。用过的睡袋不退。' },
        { title: '保修多久', answer: '帐篷两年，充气垫一年，凭订单号。' },
      ],
    },
    { title: '睡袋与防潮', default: false, items: [{ title: '睡袋温标怎么选', answer: '看舒适温标，比当地夜里最低气温低 5 度。' }] },
  ],
  tried: '帐篷杆子断了怎么办',

  replies: [
    { shortcut: 'nh', title: '问候', text: '{{visitor}}您好，我是{{company}}的{{agent}}，这就帮您看。' },
    { shortcut: 'bf', title: '补发', text: '给您补发一整根，今天出库，旧的不用寄回。' },
    { shortcut: 'dz', title: '核对地址', text: '请核对一下收货地址和电话，出库后就不能改了。' },
    { shortcut: 'ph', title: '要照片', text: '麻烦拍一张断口的照片，我好判断是哪一批。' },
    { shortcut: 'zj', title: '结束', text: '还有别的问题随时来找我，周末玩得开心。' },
  ],

  kinds: [
    ['repair', '维修'],
    ['reissue', '补发'],
    ['complaint', '投诉'],
  ],
  // By the visitor's name.
  orders: [
    { of: '周雨桐', title: '主杆断裂补发', describe: '岭 2 双人帐，第一次搭主杆就断了一节，铝套也裂了。', kind: 'reissue', phone: '138 5712 2046', steps: ['accepted', 'in_progress'], owner: 'chenmo', answer: '补发单已经建好，今天 16 点前出库。', note: '10 月 20 日前出库的那一批。' },
    { of: '木子李', title: '外帐缝线渗水', describe: '下了一夜雨，左侧门上方的缝线一直在渗水。', kind: 'repair', phone: '139 0571 6610', steps: ['accepted'], owner: 'linqiao' },
    { of: '沈亦舟', title: '拉链卡住，拉头脱轨', describe: '内帐门拉到一半就卡住，用力一拉拉头掉下来了。', kind: 'repair', phone: '136 0000 7781', steps: [] },
    { of: '何青禾', title: '收到的睡袋不是订的颜色', describe: '订的是苔绿，收到的是橙色，吊牌没有拆。', kind: 'complaint', phone: '135 8888 0912', steps: ['accepted', 'solved'], owner: 'chenmo', answer: '换货已经寄出，旧的请用同一个箱子寄回，运费到付。' },
    { of: '林间小路', title: '登山杖锁不住', describe: '第三节一受力就往回缩。', kind: 'repair', phone: '137 2233 1188', steps: ['accepted', 'solved', 'closed'], owner: 'linqiao', answer: '已经换了新的锁扣。' },
    { of: '林间小路', title: '杖尖磨平了', describe: '走了一季水泥路，两根杖尖都磨平了，想换新的。', kind: 'reissue', phone: '137 2233 1188', steps: ['accepted', 'in_progress'], owner: 'chenmo', answer: '杖尖在路上了，旋下旧的换上就行。' },
  ],

  words: ['加微信', '刷单', '代购'],
  bans: [
    { aid: 'u-7781', reason: '反复发广告' },
    { ip: '203.0.113.24', reason: '一分钟内开了 40 个会话' },
  ],
  market: [
    { id: 'baihe', name: '白禾茶铺', origins: ['https://baihe.example'], private_files: false, agents: ['沈禾', '周一苇', '陆青'] },
    { id: 'muyu', name: '木语家具', origins: ['https://muyu.example', 'https://m.muyu.example'], private_files: true, agents: ['方木'] },
    { id: 'nanfeng', name: '南风乐器', origins: [], private_files: false, agents: ['程音'] },
    { id: 'xiaoman', name: '小满花店', origins: ['https://xiaoman.example'], private_files: false, agents: ['许小满'] },
  ],
  hook: 'https://erp.lingshang.example/hooks/chat',

  // The one whose room is open.
  main: '周雨桐',
  chats: [
    {
      nick: '周雨桐',
      agent: 'chenmo',
      from: 14,
      to: 1,
      attributes: { 手机: '138 **** 2046', 所在地: '浙江杭州', 会员等级: '金卡，累计 ¥6,240', vip: true },
      tags: ['质量问题', '补发'],
      asks: '帐杆断了怎么办',
      lines: [
        ['v', '上周买的岭 2，第一次搭，主杆就断了一节，铝套也裂了'],
        ['v', { picture: 'pole' }],
        ['n', '10 月 20 日前出库的主杆都有裂套问题，直接补发整根，旧的不用寄回。', 'linqiao'],
        ['a', '抱歉。这是铝套裂开带断的，给您补发一整根主杆，旧的不用寄回。'],
        ['v', { voice: 7, words: '几天能到？我这周六要用' }],
        ['a', '今天 16 点前出库，顺丰到杭州一般次日到，周六前来得及。'],
        ['a', { file: '补发单_0387.pdf', bytes: 84_213 }],
        ['v', '好的，旧的那根我留着当备件？', { quotes: '给您补发一整根' }],
      ],
    },
    { nick: '木子李', agent: 'chenmo', from: 12, to: 3, lines: [['v', '外帐左侧门上方漏水'], ['a', '是新下的雨，还是一直这样？'], ['v', '缝线这里一直在渗水'], ['v', { picture: 'tent' }]] },
    { nick: 'Hannah Lindqvist', agent: 'chenmo', from: 9, to: 6, lines: [['v', 'Does the 岭 2 footprint ship to Sweden?']] },
    { nick: '访客 7F2A', agent: 'chenmo', from: 26, to: 18, gone: true, lines: [['v', '身高 186，睡袋要买哪个尺码'], ['a', '可以的，尺码表在这里，186 选 L']] },
    { nick: '江上清风明月与我共赏的第七个账号', agent: 'chenmo', from: 34, to: 24, lines: [['v', '保修条款有新的吗'], ['a', { file: '保修条款 2026 版（含海外地区）最终.pdf', bytes: 1_260_000 }]] },
    { nick: 'محمد العلي', agent: 'chenmo', from: 45, to: 33, gone: true, lines: [['v', 'هل تشحنون إلى دبي؟'], ['a', 'شكرا، سنرسل الرابط بعد قليل']] },
    { nick: '顾清', agent: 'hetian', from: 7, to: 2, lines: [['v', '岭 1 和岭 2 差在哪里'], ['a', '岭 2 多一个门厅，重 380 克。']] },
    { nick: '宋小北', agent: 'gaoyuan', from: 16, to: 5, lines: [['v', '团购 12 顶有没有折扣'], ['a', '十顶起九折，我把报价发给您。']] },
  ],
  queue: [
    { nick: '沈亦舟', group: '售后组', from: 5.2, says: '帐杆断了怎么办' },
    { nick: '访客 A31C', group: '售后组', from: 3.1, says: '外帐漏水' },
    { nick: '何青禾', group: '售后组', from: 0.7, says: '想问一下换货到哪里了' },
  ],
  closed: [
    { nick: '林间小路', agent: 'chenmo', from: 70, to: 58, rate: 'BEST', lines: [['v', '登山杖锁不住了'], ['a', '把下节旋到底再锁一次试试'], ['v', '好了，谢谢']] },
    { nick: '小满', agent: 'suwan', from: 84, to: 80, rate: 'GOOD', lines: [['v', '改一下收货地址'], ['a', '已经改好，明天出库']] },
    { nick: '老周', agent: 'gaoyuan', from: 96, to: 90, rate: 'JUSTSOSO', lines: [['v', '睡袋温标怎么选'], ['a', '看舒适温标，比最低气温低 5 度']] },
  ],
  past: [['睡袋温标怎么选', '看舒适温标，比当地夜里最低气温低 5 度'], ['改收货地址', '已经改好了'], ['登山杖锁不住', '把下节旋到底再锁一次'], ['地布要不要另买', '套装里有，单帐没有'], ['发票抬头写错了', '重开一张，发到您邮箱'], ['几天能到新疆', '四到六天']],
  names: ['周一诺', '山野闲人', '阿宁', '李慕白', '小鹿', '大漠孤烟', '半山', '苏打', '云起', '石头', '南风', '松果'],

  // What a visitor of the pictures says.
  words_of: {
    first: '主杆断了一节，想在周六前拿到新的',
    hello: '您好，我是苏晚，您说的是哪一顶帐？',
    model: '岭 2，双人的',
    thanks: '补发单已经建好，单号出来会自动发到这里。周末玩得开心。',
    bye: '好的，谢谢',
    tunnel: '这周六要用，能不能快一点',
    contact: '138 5712 2046',
    draft: '可以留着，不用寄回。补发单号一出来，会自动发到这个对话里',
    note: '先别承诺周五，等仓库回话',
    handover: '补发已建单，她想再问一顶儿童睡袋',
    typed: '地址还是上次那个，拱墅区',
    search: '缝线',
  },
};
