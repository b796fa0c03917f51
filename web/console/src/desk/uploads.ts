// Pictures and files of this agent on their way: uploaded, then said in their rooms, also over a lost network and a reload.
import type { Nodechat } from 'nodechat';
import { canRetry } from '../../../sdk/src/catch-up';
import { KeptFiles } from '../../../ui/kept-files';
import { Transfers } from '../../../ui/transfers';
import { Turns } from '../../../ui/turns';
import type { Room } from './room';

export interface Upload {
  /** Of the message that it becomes. */
  id: string;
  roomid: string;
  type: 'image' | 'file';
  time: number;
  file: File;
}

/** Nobody expects a file of last week to go out by itself. */
const KEPT_MS = 86_400_000;

export class Uploads {
  private readonly files = new KeptFiles<Upload & { owner: string }>('nodechat.console');
  private readonly turns = new Turns();
  private readonly transfers: Transfers<Upload>;
  private tookUp = false;

  /** `owner`: whose files they are; another agent in this browser does not send them. */
  constructor(
    nodechat: Nodechat,
    private owner: string,
    private room: (roomid: string) => Room,
    online: () => boolean,
  ) {
    this.transfers = new Transfers({
      upload: ({ file, type }, options) => nodechat.upload(file, { kind: type, ...options }),
      progress: ({ id, roomid }, part) => room(roomid).uploadedPart(id, part),
      done: (upload, msg) => {
        room(upload.roomid).uploaded(upload, msg);
        this.over(upload.id);
      },
      refused: ({ id, roomid }, refusal) => {
        room(roomid).fail(id, refusal);
        // What heals by itself is not yet over: it is kept for the next page.
        if (!canRetry(refusal.errcode)) this.over(id);
      },
      online,
    });
  }

  begin(upload: Upload): void {
    const { id, roomid, type, time, file } = upload;
    void this.turns.take(id);
    void this.files.keep({ id, roomid, type, time, file, owner: this.owner });
    this.start(upload);
  }

  cancel(id: string): void {
    this.transfers.cancel(id);
    this.over(id);
  }

  /** The line stands: what it broke goes on, and at first what an earlier page left. */
  resume(): void {
    this.transfers.resume();
    if (this.tookUp) return;
    this.tookUp = true;
    void this.takeUp();
  }

  /** What is not there yet is kept for when the agent is back. */
  close(): void {
    this.transfers.close();
    this.turns.close();
  }

  private start(upload: Upload): void {
    this.room(upload.roomid).uploading(upload);
    this.transfers.start(upload);
  }

  /** Sent, refused for good or not wanted any more: nothing of it is left to be taken up. */
  private over(id: string): void {
    void this.files.forget(id);
    this.turns.end(id);
  }

  private async takeUp(): Promise<void> {
    for (const { id } of await this.files.of((owner) => owner === this.owner)) void this.turns.take(id).then(() => this.goOn(id));
  }

  private async goOn(id: string): Promise<void> {
    if (this.transfers.has(id)) return;
    // Another tab may have sent it while we waited for our turn.
    const upload = await this.files.one(id);
    if (!upload || Date.now() - upload.time > KEPT_MS) return this.over(id);
    const room = this.room(upload.roomid);
    await room.enter('join');
    if (room.knows(id)) return this.over(id);
    this.start(upload);
  }
}
