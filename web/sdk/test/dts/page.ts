// A page's code as tsc sees it with nothing but the built nodechat.d.ts: it must compile, and the mistakes must not.
import Nodechat2, { Codes, NodechatError, type ChatEvent, type Message } from '../../../dist/sdk/nodechat.js';

const chat = new Nodechat2({
  server: 'http://localhost:3100/',
  path: '',
  atype: 'uweb',
  ticket: 'ticket',
  connect(err, datas) {
    if (err) console.error(err.errcode === Codes.NOT_ALLOWED, err.retry_after);
    else console.log(datas!.aid);
  },
  reconnect: (attempt) => attempt + 1,
  error: (err) => err.message,
});

chat
  .on('chat', (event: ChatEvent) => event.data.pos)
  .on('mkread', ({ type, time }) => [type, time])
  .on('gap', ({ reason, data }) => [reason, data.chat_msgs])
  .on('presence', (anything) => anything.aid);
chat.emit('join', { shopid: 'c1', shopname: 'Shop One' }, (err, datas) => err ?? datas.data.msg_pos);
chat.emit('list', (err) => err?.errmsg);

export async function use(file: File): Promise<Message[]> {
  const room = await chat.join({ companyid: 'c1' });
  const { pos } = await chat.send(room.roomid, 'hi', { quote: 'id' });
  const uploaded = await chat.upload(file, { kind: 'image', onProgress: (loaded, total) => loaded / total });
  await chat.send(room.roomid, uploaded.msg, { type: uploaded.type });
  await chat.markRead(room.roomid, pos);
  const { visitor, ticket } = await Nodechat2.visitor({ companyid: 'c1' });
  console.log(visitor, ticket, chat.pending(room.roomid)[0]?.id, new NodechatError(1, 'x').errcode, Nodechat.Codes.OK);
  return chat.history(room.roomid, room.msg_pos - 10);
}

// @ts-expect-error an atype of nobody
new Nodechat({ atype: 'tv', ticket: '' });
// @ts-expect-error the kind of a message is one of a few
void chat.send('room', 'hi', { type: 'smell' });
// @ts-expect-error a room or a company is needed
void chat.join({});
// @ts-expect-error what is inside stays inside
chat.outbox;
