// Judges a logged history: was anything acknowledged lost, doubled, put in another order, or is a position missing?
//
// Events, in the order in which they were logged:
//   {event: 'sent', by, room, id}                    a client gave a message to its connection, once for each id
//   {event: 'acked', by, room, id, pos}              it got a receipt
//   {event: 'joined', by, connection, room, next}    that connection was let into the room, shown all before `next`
//   {event: 'heard', by, connection, room, id, pos}  a live message came in on that connection
//   {event: 'left', by, connection, room}            that connection ended
//   {event: 'history', room, messages: [{id, pos}]}  what the server shows at the end, as it shows it
// Where each event says in `at` when it was, `delays` can tell how long readers waited.

/**
 * Every fault found, as `{fault, room, ...}`; an empty list is a clean history.
 * Faults: lost, doubled, swapped, position, stranger, unanswered, hole (a reader was not told what stands between two things that it was told, or the end).
 */
export function judge(events) {
  const rooms = new Map();
  for (const { room, messages } of events.filter(({ event }) => event === 'history')) rooms.set(room, indexed(messages));
  const unjudged = [...new Set(events.map(({ room }) => room))].filter((room) => !rooms.has(room));
  return [
    ...unjudged.map((room) => ({ fault: 'lost', room, why: 'the room has no history at all' })),
    ...[...rooms].flatMap(([room, history]) => judgeRoom(room, history, events.filter((event) => event.room === room))),
  ];
}

function judgeRoom(room, history, events) {
  const faults = [...dense(history), ...once(history), ...known(history, events), ...acked(history, events), ...answered(events), ...sendersOrder(history, events), ...heard(history, events), ...holes(history, events)];
  return faults.map((fault) => ({ room, ...fault }));
}

function indexed(messages) {
  return { messages, byId: new Map(messages.map((message) => [message.id, message])) };
}

/** Positions are 0, 1, 2 … in the order in which the history shows them. */
function dense({ messages }) {
  return messages.flatMap(({ id, pos }, place) => (pos === place ? [] : [{ fault: 'position', id, pos, why: `it stands in place ${place}` }]));
}

function once({ messages }) {
  const seen = new Set();
  return messages.flatMap(({ id, pos }) => (seen.has(id) ? [{ fault: 'doubled', id, pos, why: 'the history shows it twice' }] : (seen.add(id), [])));
}

function known({ messages }, events) {
  const sent = new Set(events.filter(({ event }) => event === 'sent').map(({ id }) => id));
  return messages.flatMap(({ id, pos }) => (sent.has(id) ? [] : [{ fault: 'stranger', id, pos, why: 'nobody sent it' }]));
}

function acked({ byId }, events) {
  return events
    .filter(({ event }) => event === 'acked')
    .flatMap(({ id, pos, by }) => {
      const kept = byId.get(id);
      if (!kept) return [{ fault: 'lost', id, pos, by, why: 'it was acknowledged' }];
      return kept.pos === pos ? [] : [{ fault: 'swapped', id, pos, by, why: `acknowledged at ${pos}, kept at ${kept.pos}` }];
    });
}

/** At the end of a run, when every outbox is empty, every message has had an answer. */
function answered(events) {
  const receipts = new Set(events.filter(({ event }) => event === 'acked').map(({ id }) => id));
  return events.filter(({ event, id }) => event === 'sent' && !receipts.has(id)).map(({ id, by }) => ({ fault: 'unanswered', id, by, why: 'it was never acknowledged' }));
}

/** What one client sent into the room stands in the order in which the client sent it. */
function sendersOrder({ byId }, events) {
  const last = new Map();
  return events
    .filter(({ event, id }) => event === 'sent' && byId.has(id))
    .flatMap(({ by, id }) => {
      const { pos } = byId.get(id);
      const before = last.get(by) ?? -1;
      last.set(by, Math.max(before, pos));
      return pos > before ? [] : [{ fault: 'swapped', id, pos, by, why: `sent after what stands at ${before}` }];
    });
}

/** What was heard is in the history at that position, and each connection heard it once and in order. */
function heard({ byId }, events) {
  const last = new Map();
  return events
    .filter(({ event }) => event === 'heard')
    .flatMap(({ by, connection, id, pos }) => {
      const ear = `${by} ${connection}`;
      const before = last.get(ear) ?? -1;
      last.set(ear, Math.max(before, pos));
      const kept = byId.get(id);
      if (!kept) return [{ fault: 'lost', id, pos, by, why: 'the room had heard it' }];
      if (kept.pos !== pos) return [{ fault: 'swapped', id, pos, by, why: `heard at ${pos}, kept at ${kept.pos}` }];
      if (pos === before) return [{ fault: 'doubled', id, pos, by, why: 'one connection heard it twice' }];
      return pos > before ? [] : [{ fault: 'swapped', id, pos, by, why: `heard after what stands at ${before}` }];
    });
}

/** From its joining on, a connection hears every position; one that is still there at the end has heard the last. */
function holes({ messages }, events) {
  const ears = new Map();
  const faults = [];
  for (const { event, by, connection, next, pos } of events) {
    const ear = `${by} ${connection}`;
    // Something may come in between the listening and the answer: it is in the answer as well, or stands behind it.
    const { due = 0, joined = false } = ears.get(ear) ?? {};
    if (event === 'joined') ears.set(ear, { by, joined: true, due: Math.max(due, next) });
    else if (event === 'left') ears.delete(ear);
    else if (event === 'heard') {
      if (joined && pos > due) faults.push({ fault: 'hole', by, pos: due, why: `the next it heard was ${pos}` });
      ears.set(ear, { by, joined, due: Math.max(due, pos + 1) });
    }
  }
  for (const { by, joined, due } of ears.values()) if (joined && due < messages.length) faults.push({ fault: 'hole', by, pos: due, why: `it heard nothing more, and the room ends with ${messages.length - 1}` });
  return faults;
}

/**
 * How many milliseconds after the receipt each reader heard, for everyone who was in the room when the message was sent and stayed until
 * it was heard: `{room, id, by, ms}`, the longest first.
 */
export function delays(events) {
  const messages = new Map();
  const ears = new Map();
  const found = [];
  for (const { event, room, id, by, connection, at } of events) {
    const ear = `${room} ${by} ${connection}`;
    if (event === 'sent') messages.set(id, { sent: at, heard: [] });
    else if (event === 'joined') ears.set(ear, at);
    else if (event === 'heard' && messages.has(id)) {
      const message = messages.get(id);
      if (ears.get(ear) <= message.sent) message.heard.push({ room, id, by, at });
    } else if (event === 'acked') messages.get(id).acked ??= at;
  }
  for (const { acked, heard } of messages.values()) for (const { room, id, by, at } of heard) found.push({ room, id, by, ms: at - acked });
  return found.sort((a, b) => b.ms - a.ms);
}
