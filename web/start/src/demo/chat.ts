// The chat channel as a page uses it: connect, join, chat, look back, mark read, leave.
// This is all that a page needs to know of nodechat.js; everything else in this folder is looks.
import type { Account, Message, ReadNotice, Receipt, Refusal, Room } from './wire';

export interface ChatOptions {
  atype: 'uweb' | 'cweb';
  ticket: string;
  /** A visitor asks a company, an agent opens a room. */
  where: { shopid: string; shopname: string } | { roomid: string };
  connected(me: Account): void;
  /** The ticket is not accepted (any more). */
  refused(err: Refusal): void;
  entered(room: Room): void;
  notEntered(err: Refusal): void;
  lost(): void;
  message(message: Message): void;
  read(notice: ReadNotice): void;
  /** So much was missed that the room has to be drawn again. */
  gap(room: Room): void;
}

export class Chat {
  private readonly nodechat: Nodechat;
  private room: Room | null = null;
  private inside = true;

  constructor(private readonly options: ChatOptions) {
    this.nodechat = new Nodechat({
      server: `${location.origin}/`,
      path: '',
      atype: options.atype,
      ticket: options.ticket,
      connect: (err, datas) => {
        // also called after each reconnection, so this is the place to go in (again)
        if (err) return options.refused(err);
        if (datas) options.connected(datas);
        if (this.inside) this.join();
      },
      error: (error) => console.warn('nodechat:', error),
    });

    this.nodechat.on('chat', (datas: { roomid: string; data: Message }) => {
      if (datas.roomid === this.room?.roomid) options.message(datas.data);
    });

    this.nodechat.on('mkread', (datas: ReadNotice) => {
      if (datas.roomid === this.room?.roomid) options.read(datas);
    });

    this.nodechat.on('gap', (datas: { roomid: string; data: Room }) => {
      this.room = datas.data;
      options.gap(datas.data);
    });

    this.nodechat.on('disconnect', () => options.lost());
  }

  join(): void {
    this.inside = true;
    this.nodechat.emit('join', this.options.where, (err, datas) => {
      if (err) return this.options.notEntered(err);
      const room: Room = datas.data;
      // coming back: what was paged back to stays on the page, so its position stays too
      if (this.room) room.msg_pos = Math.min(this.room.msg_pos, room.msg_pos);
      this.room = room;
      this.options.entered(room);
    });
  }

  /** Text, a picture (its path), a file (its id and name). The id makes a second try the same message. */
  say(id: string, type: string, msg: string, answer: (err: Refusal | null, receipt: Receipt) => void): void {
    this.nodechat.emit('chat', { roomid: this.room?.roomid, id, type, msg }, answer);
  }

  /** A picture or a file; what comes back is what a message has to carry. */
  upload(...args: Parameters<Nodechat['upload']>): ReturnType<Nodechat['upload']> {
    return this.nodechat.upload(...args);
  }

  /** The ten messages before the earliest one so far. */
  earlier(answer: (err: Refusal | null, messages: Message[]) => void): void {
    const room = this.room;
    if (!room) return;
    const here = room.msg_pos;
    this.nodechat.emit(
      'user',
      {
        type: 'viewchat',
        roomid: room.roomid,
        start: (room.msg_pos = room.msg_pos - 10),
      },
      (err, datas) => {
        if (err) room.msg_pos = here;
        answer(err, err ? [] : datas.chat_msgs);
      },
    );
  }

  hasEarlier(): boolean {
    return (this.room?.msg_pos ?? 0) > 0;
  }

  /** Everything so far has been seen. */
  markRead(): void {
    this.nodechat.emit('mkread', { roomid: this.room?.roomid });
  }

  leave(done: () => void): void {
    this.inside = false;
    this.nodechat.emit('leave', { roomid: this.room?.roomid }, done);
  }

  /** Goes on with another ticket; what waits to be sent is kept. */
  renew(ticket: string): void {
    this.nodechat.renew(ticket);
  }

  close(): void {
    this.nodechat.close();
  }
}
