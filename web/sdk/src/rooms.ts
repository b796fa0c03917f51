// The rooms that the page is in: entered again after each broken connection, messages handed over once and in order.
import type { Call } from './calls.js';
import { canRetry, catchUp, MOST_MESSAGES, type CatchUp } from './catch-up.js';
import { NodechatError } from './errors.js';
import { Ledger } from './ledger.js';
import type { Callback, ChatEvent, GapEvent, Message, RecallEvent, Room } from './types.js';
import { backOff, type World } from './world.js';

/** How long our own message may lag behind its ack before it counts as lost on the way. */
const ECHO_MS = 2_000;

export interface RoomsEvents {
  call(call: Call): void;
  isOpen(): boolean;
  chat(event: ChatEvent): void;
  recall(event: RecallEvent): void;
  /** False when nobody listens. */
  gap(event: GapEvent): boolean;
  /** What waits to be said in the room can be sent now. */
  ready(roomid: string): void;
  /** True while something waits to be said in the room. */
  hasPending(roomid: string): boolean;
  /** A room that the page is in may not be entered again. */
  error(err: NodechatError): void;
}

/** The `data` of an answer to `join`, with what only the library reads. */
interface JoinData extends Room {
  missed?: Message[];
  recalled?: RecallEvent[];
  gap?: boolean;
}

interface Known {
  roomid: string;
  ledger: Ledger;
  epoch?: string;
  /** How many recalls it has heard of. */
  recalls?: number | undefined;
  /** The page is in it. */
  wanted: boolean;
  /** The server has let us in during this session. */
  entered: boolean;
  /** Joins of the page under way. */
  pageJoins: number;
  /** A join of our own is under way. */
  entering: boolean;
  /** A hole in the live messages is being fetched. */
  filling: boolean;
  /** The hole cannot be filled: the next join asks for no past. */
  afresh: boolean;
  /** The page's leave, waiting until its last word is stored. */
  leave?: Callback | undefined;
}

export class Rooms {
  private known = new Map<string, Known>();
  /** Ids of the rooms that were entered by naming the company. */
  private byCompany = new Map<unknown, string>();
  /** Joins of the page whose room only the server can name. Messages of unknown rooms wait for them. */
  private unnamedJoins = 0;
  /** Counts broken sessions, so that whatever outlives its session notices. */
  private session = 0;

  constructor(
    private world: World,
    private events: RoomsEvents,
  ) {}

  /** Enters a room for the page. */
  join(payload: Record<string, unknown>, answer: Callback): void {
    const company = payload.companyid ?? payload.shopid;
    const roomid = payload.roomid || this.byCompany.get(company);
    const named = typeof roomid === 'string' ? this.room(roomid) : undefined;
    if (named) {
      named.pageJoins++;
      this.endLeave(named);
    } else this.unnamedJoins++;
    const pageAsksForPast = 'since' in payload;

    this.events.call({
      event: 'join',
      repeatable: true,
      payload: () => (named && !pageAsksForPast ? { ...payload, ...since(named) } : payload),
      answer: (err, datas) => {
        if (!named) this.unnamedJoins--;
        const id = named ? named.roomid : datas?.data?.roomid;
        if (err || !datas?.data) {
          answer(err, datas);
          if (named) this.joinFailed(named, err);
        } else if (named && this.known.get(id) !== named) {
          // Left while it was being entered.
          answer(null, datas);
        } else {
          const room = named ?? this.room(id);
          if (!named) room.pageJoins++;
          if (company) this.byCompany.set(company, id);
          this.answerPage(room, datas, pageAsksForPast, answer, () => this.join(payload, answer));
        }
        this.releaseStrays();
      },
    });
  }

  /** Leaves a room for the page, after what it said there is stored. */
  leave(payload: Record<string, unknown>, answer: Callback): void {
    const room = this.known.get(payload.roomid as string);
    if (room) this.endLeave(room);
    if (!room || !this.events.hasPending(room.roomid)) return this.forgetAndLeave(payload, answer);
    room.wanted = false;
    room.leave = answer;
  }

  /** Nothing waits to be said in the room any more. */
  drained(roomid: string): void {
    const leave = this.known.get(roomid)?.leave;
    if (leave) this.forgetAndLeave({ roomid }, leave);
  }

  /** A live message. */
  heard(event: ChatEvent): void {
    const room = this.known.get(event.roomid) ?? (this.unnamedJoins ? this.room(event.roomid) : undefined);
    // Without a position it is not part of the history: nothing to put in order.
    if (!room || typeof event.data?.pos !== 'number') return this.events.chat(event);
    room.ledger.keep([event.data]);
    if (!isBusy(room)) this.handOn(room);
  }

  /** A message was taken back. */
  recalled(event: RecallEvent): void {
    const room = this.known.get(event.roomid);
    if (room) room.recalls = event.recalls;
    this.events.recall(event);
  }

  /** The server has stored a message of ours, so that its event must come too. */
  stored(roomid: string, pos: number): void {
    const room = this.known.get(roomid);
    if (!room || room.ledger.next < 0 || room.ledger.next > pos) return;
    const alive = this.aliveFor(room);
    this.world.after(ECHO_MS, () => {
      if (alive() && room.ledger.next <= pos && !isBusy(room)) this.fill(room, pos + 1);
    });
  }

  /** False while the server would refuse a message because the room is not entered yet. */
  mayTalk(roomid: string): boolean {
    const room = this.known.get(roomid);
    return !room || (!isBusy(room) && (room.entered || !(room.wanted || room.leave)));
  }

  /** A new session: enters again every room that the page has not asked for itself already. */
  up(): void {
    this.known.forEach((room) => {
      if (room.wanted || room.leave) this.enterAgain(room);
    });
  }

  down(): void {
    this.session++;
    this.known.forEach((room) => {
      room.entered = room.entering = room.filling = false;
      room.ledger.forgetEarly();
    });
  }

  private room(roomid: string): Known {
    let room = this.known.get(roomid);
    if (!room) {
      room = {
        roomid,
        ledger: new Ledger(),
        wanted: false,
        entered: false,
        pageJoins: 0,
        entering: false,
        filling: false,
        afresh: false,
      };
      this.known.set(roomid, room);
    }
    return room;
  }

  private answerPage(room: Known, datas: any, pageAsksForPast: boolean, answer: Callback, again: () => void): void {
    const data: JoinData = datas.data;
    const finish = (): void => {
      const shown = { ...data };
      if (!pageAsksForPast) {
        // Asked for by us, and handed over as `chat` events.
        delete shown.missed;
        delete shown.gap;
      }
      room.pageJoins--;
      room.wanted = true;
      room.ledger.saw(data.chat_msgs);
      room.ledger.startAt(Math.max(room.ledger.next, endOf(data)));
      answer(null, { ...datas, data: shown });
      this.takeBack(room, data);
      this.entered(room);
    };
    room.entered = true;
    if (pageAsksForPast) {
      room.epoch = data.epoch;
      room.ledger.startAt(endOf(data));
      return finish();
    }
    this.takeOver(room, data, data.msg_pos, (complete) => {
      if (complete) return finish();
      if (this.known.get(room.roomid) !== room) return answer(null, datas);
      // The connection broke on the way. The page gets the answer of the next session.
      room.pageJoins--;
      again();
    }, true);
  }

  /** Enters a room without being asked by the page, once the page does not do so itself. */
  private enterAgain(room: Known, attempt = 1): void {
    room.entering = room.pageJoins === 0;
    if (!room.entering) return;
    const alive = this.aliveFor(room);
    this.events.call({
      event: 'join',
      repeatable: false,
      payload: () => ({ roomid: room.roomid, ...since(room) }),
      answer: (err, datas) => {
        if (!alive()) return;
        if (!err && datas?.data) {
          const data: JoinData = datas.data;
          room.entered = true;
          const finish = (complete: boolean): void => {
            if (!complete) return;
            room.entering = false;
            this.takeBack(room, data);
            this.entered(room);
          };
          // A join of the page that came later brings the newest messages to the page itself.
          return room.pageJoins ? finish(true) : this.takeOver(room, data, endOf(data), finish);
        }
        if (err && canRetry(err.errcode)) {
          const wait = backOff(this.world, attempt, err.retry_after);
          this.world.after(wait, () => alive() && this.enterAgain(room, attempt + 1));
          return;
        }
        room.entering = false;
        this.shutOut(room, err);
      },
    });
  }

  private joinFailed(room: Known, err: NodechatError | null): void {
    room.pageJoins--;
    // Without a session nobody has shut us out: the next one enters what the page was in.
    if (isBusy(room) || (room.wanted && !this.events.isOpen())) return;
    if (room.wanted && room.entered) this.entered(room);
    else if (room.wanted && err && canRetry(err.errcode)) this.enterAgain(room);
    else this.shutOut(room);
  }

  /** The server does not let us in. What waits to be said is sent all the same, so that its callbacks are told why not. */
  private shutOut(room: Known, err?: NodechatError | null): void {
    const { roomid, leave } = room;
    this.known.delete(roomid);
    leave?.(null, { success: true });
    if (err) this.events.error(new NodechatError(err.errcode, err.errmsg, { roomid }));
    this.events.ready(roomid);
  }

  /** Brings the ledger up to `end` with the help of a join's answer. `then(false)`: the session ended on the way. */
  private takeOver(
    room: Known,
    data: JoinData,
    end: number,
    then: (complete: boolean) => void,
    pageRedraws = false,
  ): void {
    const { ledger } = room;
    const firstTime = ledger.next < 0;
    const startAfresh = (reason: GapEvent['reason']): void => {
      const { missed, gap, ...rest } = data;
      room.afresh = false;
      ledger.startAt(endOf(data));
      const newer = data.chat_msgs.filter(({ time }) => time > ledger.lastTime);
      ledger.saw(data.chat_msgs);
      const heard = this.events.gap({ roomid: room.roomid, reason, data: rest });
      // A page that knows nothing of gaps gets at least the newest words.
      if (!heard && !pageRedraws) this.hand(room, newer);
      then(true);
    };
    const otherEpoch = room.epoch !== undefined && room.epoch !== data.epoch;
    room.epoch = data.epoch;
    if (firstTime) return then(true);
    if (otherEpoch) return startAfresh('epoch');
    if (room.afresh) return startAfresh('far');
    if (ledger.next > endOf(data)) return startAfresh('beyond');
    if (end - ledger.next > MOST_MESSAGES) return startAfresh('far');
    ledger.keep(data.missed ?? []);
    this.hand(room, ledger.run(end));
    this.fetch(room, end, (result) => {
      if (result === 'hopeless') startAfresh('far');
      else then(result === 'complete');
    });
  }

  /** The room is entered and the past is dealt with; now what came meanwhile. */
  private entered(room: Known): void {
    if (isBusy(room) || this.known.get(room.roomid) !== room) return;
    this.handOn(room);
    this.events.ready(room.roomid);
  }

  /** Hands over what is in order, and fetches what is missing before the rest. */
  private handOn(room: Known): void {
    if (room.ledger.next < 0) return;
    this.hand(room, room.ledger.run());
    const hole = room.ledger.hole();
    if (hole >= 0) this.fill(room, hole);
  }

  private fill(room: Known, end: number): void {
    if (room.filling) return;
    room.filling = true;
    this.fetch(room, end, (result) => {
      if (result === 'cut') return;
      room.filling = false;
      if (result === 'complete') return this.handOn(room);
      room.afresh = true;
      this.enterAgain(room);
    });
  }

  private fetch(room: Known, end: number, done: CatchUp['done']): void {
    catchUp({
      world: this.world,
      ledger: room.ledger,
      roomid: room.roomid,
      end,
      call: (call) => this.events.call(call),
      alive: this.aliveFor(room),
      hand: (messages) => this.hand(room, messages),
      done,
    });
  }

  /** What was taken back while we were away. */
  private takeBack(room: Known, { recalled = [], recalls }: JoinData): void {
    room.recalls = recalls;
    for (const recall of recalled) this.events.recall({ ...recall, roomid: room.roomid });
  }

  private hand(room: Known, messages: Message[]): void {
    for (const data of messages) {
      // The page may have left in the middle.
      if (this.known.get(room.roomid) === room) this.events.chat({ roomid: room.roomid, data });
    }
  }

  private aliveFor(room: Known): () => boolean {
    const { session } = this;
    return () => session === this.session && this.known.get(room.roomid) === room;
  }

  private endLeave(room: Known): void {
    const { leave } = room;
    if (!leave) return;
    // Never sent: what came after it undoes it.
    room.leave = undefined;
    room.wanted = true;
    leave(null, { success: true });
  }

  private forgetAndLeave(payload: Record<string, unknown>, answer: Callback): void {
    this.known.delete(payload.roomid as string);
    this.events.call({ event: 'leave', payload, repeatable: true, answer });
  }

  /** Rooms that turned out to have no join: what came for them is handed over as it came. */
  private releaseStrays(): void {
    if (this.unnamedJoins) return;
    this.known.forEach((room) => {
      if (room.wanted || room.leave || isBusy(room)) return;
      for (let pos = room.ledger.hole(); pos >= 0; pos = room.ledger.hole()) {
        room.ledger.startAt(pos);
        this.hand(room, room.ledger.run());
      }
      this.known.delete(room.roomid);
    });
  }
}

function isBusy(room: Known): boolean {
  return room.pageJoins > 0 || room.entering;
}

function since(room: Known): object {
  const { ledger, epoch, recalls } = room;
  return ledger.next < 0 || room.afresh ? {} : { since: ledger.next, epoch, recalls };
}

/** Position behind the last stored message. A greeting at the end of `chat_msgs` has no position and does not count. */
function endOf(data: JoinData): number {
  return data.next_pos ?? data.msg_pos + data.chat_msgs.filter(({ type }) => type !== 'csrmsg').length;
}
