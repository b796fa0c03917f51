// What the server says and hears: the shapes of the chat channel that this demo uses.

export type Side = 'user' | 'cs';

export interface Refusal {
  errcode: number;
  errmsg: string;
  retry_after?: number;
}

export interface Account {
  aid: string;
  mid: string;
  nick: string;
  type: Side;
  companyid?: string;
}

export interface Member {
  type: Side;
  aid: string;
  nick: string;
}

export interface Message {
  id: string;
  pos?: number;
  type: string;
  mtype: string;
  aid: string;
  nick: string;
  time: number;
  msg: unknown;
}

export interface Reads {
  user: number;
  cs: number;
}

export interface Room {
  roomid: string;
  chat_msgs: Message[];
  msg_pos: number;
  topic: string;
  lsttime: number;
  members: Member[];
  reads?: Reads;
}

export interface ReadNotice {
  roomid: string;
  type: Side;
  time: number;
  pos?: number;
}

export interface Receipt {
  success: true;
  id: string;
  pos: number;
  time: number;
}
