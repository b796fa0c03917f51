// The scenes: everything that a person can see, by name. `script/screenshots` draws them, the tests look at them.
import * as chat from './chat.js';
import * as desk from './console.js';
import * as pages from './pages.js';
import * as platform from './platform.js';

/** `main`: drawn in English as well, and with `--all` at 320 and 2,560 px. */
const scene = (name, title, open, { main = false } = {}) => ({ name, title, open, main });
const main = { main: true };

export const scenes = [
  scene('chat-first', 'The visitor’s page: first the questions', chat.first, main),
  scene('chat-bot', 'The bot has answered', chat.asksBot),
  scene('chat-queue', 'In the queue', chat.queue),
  scene('chat-served', 'Served: text, picture, voice, file, quote', chat.served, main),
  scene('chat-media', 'Further up', chat.media),
  scene('chat-picture', 'A picture, large', chat.bigPicture),
  scene('chat-typing', 'The other side is writing', chat.typing),
  scene('chat-lost', 'The network is away', chat.lost),
  scene('chat-rating', 'How was it?', chat.rating),
  scene('chat-ended', 'Ended and rated', chat.ended),
  scene('chat-leave', 'Nobody is there: a message', chat.leave),
  scene('chat-leave-missing', 'Something is missing in it', chat.leaveMissing),
  scene('chat-orders', 'Work orders of one’s own', chat.orders),
  scene('chat-order-form', 'Writing one', chat.orderForm),
  scene('chat-refused', 'Not let in', chat.refused),

  scene('embed', 'On somebody’s own page', pages.embed, main),

  scene('console-setup', 'The first set-up', desk.setUp),
  scene('console-sign-in', 'The console: signing in', desk.signIn),
  scene('console-sign-in-wrong', 'Signing in with a wrong password', desk.signInWrong),
  scene('console-empty', 'Nobody needs you now', desk.nothing),
  scene('console-list', 'One’s own visitors', desk.list),
  scene('console-waiting', 'The queue', desk.waiting),
  scene('console-open', 'A conversation with its visitor’s card', desk.open, main),
  scene('console-note', 'A note for colleagues', desk.note),
  scene('console-canned', 'Canned replies', desk.canned),
  scene('console-transfer', 'Handing over', desk.transfer),
  scene('console-offer', 'A colleague hands somebody over', desk.offer),
  scene('console-undo', 'Ended, and not yet', desk.undo),
  scene('console-picture', 'A picture, large', desk.picture),
  scene('console-status', 'Online, busy, offline', desk.status),
  scene('console-account', 'Account, theme, language', desk.account),
  scene('console-keys', 'All keys', desk.keys),
  scene('console-card', 'The visitor’s card', desk.card),
  scene('console-lost', 'The network is away', desk.lost),
  scene('console-board', 'The wallboard', desk.board, main),
  scene('console-numbers', 'Numbers', desk.numbers, main),
  scene('console-history', 'History', desk.history),
  scene('console-found', 'Found in it', desk.found),
  scene('console-orders', 'Work orders', desk.orders),
  scene('console-orders-board', 'Work orders as a board', desk.lanes),
  scene('console-order', 'A work order', desk.order),
  scene('console-questions', 'Questions, with the try-out', desk.questions, main),
  scene('console-question', 'A topic with its questions', desk.question),
  scene('console-import', 'Questions from a file', desk.importing),
  scene('console-settings', 'Settings', desk.settings),
  scene('console-webhook', 'A webhook with what it was sent', desk.webhook),
  scene('console-delete', 'Really?', desk.deleting),
  scene('console-new-agent', 'A new agent', desk.newAgent),
  scene('platform-door', 'A platform’s key is asked for', platform.door),
  scene('platform-companies', 'The companies of a platform', platform.companies),
  scene('platform-company', 'One of them', platform.company),
  scene('platform-set-up', 'Its agents', platform.setUp),
  ...Object.entries(desk.settingsPages).map(([name, open]) => scene(`console-settings-${name}`, `Settings: ${name}`, open)),

  scene('start', 'The start page with its demo', pages.start),
  scene('manual', 'The manual', pages.manual),
  scene('reference', 'The reference of the REST calls', pages.reference),
];

/** Opens the scene, does something with its page, and leaves everything as it was. */
export async function play({ open }, shop, device, look) {
  const page = await open(shop, device);
  try {
    return await look(page);
  } finally {
    await page.leaves?.();
    await page.context().close();
  }
}
