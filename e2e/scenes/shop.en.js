// An English pottery with a small shop: who works there, what it knows, who writes to it. The fields are those of shop.zh.js.

export const en = {
  locale: 'en-GB',
  timezone: 'Europe/London',
  id: 'harrow',
  name: 'Harrow Stoneware',
  guest: 'Visitor',
  settings: { agent_cap: 6, typing_preview: true, idle_seconds: 7_200, offline: 'We are at the wheel from 9 am to 6 pm on weekdays. Leave a message and we answer tomorrow morning; the answer appears here, too.' },

  agents: [
    { login: 'priya', nick: 'Priya', role: 'owner', group: 'Orders' },
    { login: 'tom', nick: 'Tom Ashworth', role: 'supervisor', group: 'Orders', status: 'B' },
    { login: 'maeve', nick: 'Maeve', role: 'agent', group: 'Advice' },
    { login: 'sam', nick: 'Sam', role: 'agent', group: 'Advice' },
    { login: 'oluwaseun', nick: 'Oluwaseun', role: 'agent', group: 'Advice', cap: 4 },
    { login: 'ines', nick: 'Inês', role: 'agent', group: 'Trade', status: 'B' },
    { login: 'walter', nick: 'Walter', role: 'agent', group: 'Orders', status: 'F' },
    { login: 'ruth', nick: 'Ruth', role: 'admin', group: 'Orders', status: 'F' },
  ],
  newcomer: { login: 'noor', nick: 'Noor', role: 'agent' },

  questions: [
    {
      title: 'Using it',
      default: true,
      items: [
        { title: 'Can it go in the dishwasher?', answer: 'Plates and bowls can. Vases and anything with a metal glaze are better washed by hand.' },
        { title: 'Is it safe in the oven?', answer: 'Up to 180 °C, put in cold and left to cool in the oven.' },
        { title: 'Does the vase hold water?', answer: 'Yes. Each one stands full for a day before it leaves the studio.' },
      ],
    },
    {
      title: 'Delivery',
      default: true,
      items: [
        { title: 'When does it arrive?', answer: 'Ordered before noon it leaves the same day, and takes two days in the UK.' },
        { title: 'What if it arrives broken?', answer: 'Send us a photo within 14 days and we send another one. Keep the pieces if you like.' },
      ],
    },
    { title: 'Glazes', default: true, items: [{ title: 'Can you match it to one I own?', answer: 'Batches differ a little. Send us a photo in daylight and we choose the closest.' }] },
    { title: 'Trade', default: false, items: [{ title: 'Do you sell to restaurants?', answer: 'From 24 pieces, with a lead time of six weeks.' }] },
  ],
  tried: 'my vase came broken',

  replies: [
    { shortcut: 'hi', title: 'Greeting', text: 'Hello {{visitor}}, {{agent}} from {{company}} here. Let me have a look.' },
    { shortcut: 'broken', title: 'Broken in the post', text: 'I am sorry. Another one leaves today, and you may keep the pieces.' },
    { shortcut: 'photo', title: 'Ask for a photo', text: 'Could you send a photo in daylight? Then I can tell which batch it is.' },
    { shortcut: 'bye', title: 'Goodbye', text: 'Come back whenever there is anything else. Enjoy the vase.' },
  ],

  kinds: [
    ['replacement', 'Replacement'],
    ['refund', 'Refund'],
    ['complaint', 'Complaint'],
  ],
  orders: [
    { of: 'Eleanor Whitfield', title: 'Ridge vase arrived cracked', describe: 'A crack runs from the rim to the second ridge. The box was dented at that corner.', kind: 'replacement', phone: '07700 900 114', steps: ['accepted', 'in_progress'], owner: 'priya', answer: 'Another one left the studio this morning.', note: 'Same courier as the last three.' },
    { of: 'Jonas Eriksen', title: 'Two bowls of another colour', describe: 'Ordered six in moss, two of them are nearly grey.', kind: 'complaint', phone: '07700 900 287', steps: ['accepted'], owner: 'tom' },
    { of: 'Amelia Okafor', title: 'Refund for the large platter', describe: 'It does not fit into the oven after all. Unused, in its box.', kind: 'refund', phone: '07700 900 345', steps: [] },
    { of: 'Hugo Bianchi', title: 'Lid of the teapot is missing', describe: 'The teapot is fine, there was no lid in the box.', kind: 'replacement', phone: '07700 900 462', steps: ['accepted', 'solved'], owner: 'priya', answer: 'The lid is in the post.' },
    { of: 'Clara', title: 'Glaze chipped at the foot', describe: 'A chip of the size of a lentil at the foot of the large bowl.', kind: 'replacement', phone: '07700 900 518', steps: ['accepted', 'in_progress'], owner: 'priya', answer: 'We glaze it again if you send it back, postage is ours.' },
  ],

  words: ['darn', 'refund me now'],
  bans: [
    { aid: 'u-3307', reason: 'Sends the same advertisement every hour' },
    { ip: '203.0.113.24', reason: '40 conversations within a minute' },
  ],
  market: [
    { id: 'alder-books', name: 'Alder & Sons, Booksellers', origins: ['https://alder.example'], private_files: false, agents: ['Mary Alder', 'Tom Alder', 'Ife Okoro'] },
    { id: 'brightwater', name: 'Brightwater Cycles', origins: ['https://brightwater.example', 'https://m.brightwater.example'], private_files: true, agents: ['Ola Berg'] },
    { id: 'linden-lamps', name: 'Linden Lamps', origins: [], private_files: false, agents: ['Rosa Linden'] },
    { id: 'quay-coffee', name: 'Quay Coffee', origins: ['https://quay.example'], private_files: false, agents: ['Sam Quay'] },
  ],
  hook: 'https://erp.harrow.example/hooks/chat',

  main: 'Eleanor Whitfield',
  chats: [
    {
      nick: 'Eleanor Whitfield',
      agent: 'priya',
      from: 14,
      to: 1,
      attributes: { Phone: '07700 *** 114', Town: 'Leeds', Orders: '7, £412', vip: true },
      tags: ['broken', 'replacement'],
      asks: 'What if it arrives broken?',
      lines: [
        ['v', 'The tall ridge vase came this morning with a crack from the rim down'],
        ['v', { picture: 'vase' }],
        ['n', 'Fourth one from this courier since Monday, send another without asking for it back.', 'tom'],
        ['a', 'I am sorry. Another one leaves today, and there is no need to send this one back.'],
        ['v', { voice: 7, words: 'Would a second from this batch be the same colour?' }],
        ['a', 'Close, this batch came out a shade warmer. I set one aside and send you a photo beside the March glaze.'],
        ['a', { file: 'Replacement note 0387.pdf', bytes: 84_213 }],
        ['v', 'Yes please, that would help.', { quotes: 'Close, this batch' }],
      ],
    },
    { nick: 'Jonas Eriksen', agent: 'priya', from: 12, to: 3, lines: [['v', 'Two of the six bowls look grey'], ['a', 'Could you send a photo in daylight?'], ['v', 'Here they are side by side'], ['v', 'The left two are the odd ones']] },
    { nick: '周雨桐', agent: 'priya', from: 9, to: 6, lines: [['v', '可以寄到杭州吗？']] },
    { nick: 'Visitor 7F2A', agent: 'priya', from: 26, to: 18, gone: true, lines: [['v', 'Is the large bowl in stock?'], ['a', 'Three left, I can hold one until tomorrow']] },
    { nick: 'Bartholomew Featherstonehaugh-Smythe', agent: 'priya', from: 34, to: 24, lines: [['v', 'Could you send the care sheet?'], ['a', { file: 'Care of stoneware, edition of 2026 (with oven table).pdf', bytes: 1_260_000 }]] },
    { nick: 'محمد العلي', agent: 'priya', from: 45, to: 33, gone: true, lines: [['v', 'هل تشحنون إلى دبي؟'], ['a', 'شكرا، سنرسل الرابط بعد قليل']] },
    { nick: 'Isla', agent: 'oluwaseun', from: 7, to: 2, lines: [['v', 'Which glaze is the least shiny?'], ['a', 'Ash. It stays matt after washing.']] },
    { nick: 'Ren', agent: 'maeve', from: 16, to: 5, lines: [['v', 'Do you make the jug left-handed?'], ['a', 'Both ways, say so in the order.']] },
  ],
  queue: [
    { nick: 'Amelia Okafor', group: 'Orders', from: 5.2, says: 'How do I get a refund for the platter?' },
    { nick: 'Visitor A31C', group: 'Orders', from: 3.1, says: 'My parcel says delivered, but it is not here' },
    { nick: 'Hugo Bianchi', group: 'Orders', from: 0.7, says: 'About the lid of my teapot' },
  ],
  closed: [
    { nick: 'Clara', agent: 'priya', from: 70, to: 58, rate: 'BEST', lines: [['v', 'Can the vase stand outside?'], ['a', 'Not in frost'], ['v', 'Thank you']] },
    { nick: 'Dev', agent: 'sam', from: 84, to: 80, rate: 'GOOD', lines: [['v', 'Please change my address'], ['a', 'Done, it leaves tomorrow']] },
  ],
  past: [['Is it safe in the oven?', 'Up to 180 °C, put in cold'], ['Please change my address', 'Done, it leaves tomorrow'], ['Can you match my old glaze?', 'Send a photo in daylight and we choose the closest'], ['When does it arrive?', 'On Thursday'], ['The invoice has the wrong name', 'A new one is in your mail']],
  names: ['Ada', 'Bryn', 'Cleo', 'Dafydd', 'Esme', 'Finlay', 'Greta', 'Hamish', 'Ivy', 'Joan', 'Kit', 'Lorna'],

  words_of: {
    first: 'The tall vase came with a crack',
    hello: 'Hello, Sam here. Is it the tall ridge vase?',
    model: 'Yes, in the ember glaze',
    thanks: 'Another one is on its way, you will see the number here.',
    bye: 'Lovely, thank you',
    tunnel: 'It is a present for Saturday, can it be quick?',
    contact: '07700 900 114',
    draft: 'I have set one aside. The photo will be in this conversation within the hour',
    note: 'Promise nothing for Friday before the kiln is open',
    handover: 'Replacement is made, she asks about a second one',
    typed: 'and could you gift-wrap',
    search: 'batch',
  },
};
