// Judges a logged history: was anything acknowledged lost, doubled, put in another order, or is a position missing?
//
// Events, in the order in which they were logged:
//   {event: 'sent', by, room, id}                    a client gave a message to its connection, once for each id
//   {event: 'acked', by, room, id, pos}              it got a receipt
//   {event: 'heard', by, connection, room, id, pos}  a live message came in on that connection
//   {event: 'history', room, messages: [{id, pos}]}  what the server shows at the end, as it shows it

/** Every fault found, as `{fault, room, ...}`; an empty list is a clean history. Faults: lost, doubled, swapped, position, stranger, unanswered. */
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
  const faults = [...dense(history), ...once(history), ...known(history, events), ...acked(history, events), ...answered(events), ...sendersOrder(history, events), ...heard(history, events)];
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
