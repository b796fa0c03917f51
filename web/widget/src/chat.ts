// The conversation with a company, as the page shows it: what nodechat.js tells becomes signals, what is done becomes calls.
import Nodechat, { type ChatEvent, type Message, type NodechatError, type NodechatOptions, type Room, type Session } from 'nodechat';
import { batch, createSignal } from 'solid-js';
import { canRetry } from '../../sdk/src/catch-up';
import { uuid } from '../../sdk/src/uuid';
import { backOff, page as world } from '../../sdk/src/world';
import { behindAll, HELD, isStored, lastOfOthers, lastPosition, positionAt, put, recalled, take, trimmed, without, type Group, type Item } from './items';
import type { Kept } from './kept';
import type { Profile } from './profile';
import { reason } from './reason';
import { t } from './text/say';
import { unsentOf, type UnsentList } from './unsent';

/** How the consultation stands that runs, or the last one. */
export interface Service {
  status: 'waiting' | 'serving' | 'left' | 'offline' | 'ended';
  chatid?: string;
  position?: number;
  wait_ms?: number;
  cs?: { aid: string; nick: string; status?: string };
  /** What the company says when nobody is there. */
  msg?: string;
  /** It has waited for long: a message can be left instead. */
  unserved?: boolean;
  /** To be asked how it was. */
  rate?: boolean;
}

export interface ChatOptions {
  company: string;
  ticket: string;
  /** Whose ticket it is, where that is known before the service says it. */
  aid: string | undefined;
  kept: Kept;
  profile: Promise<Profile | undefined>;
  /** The ticket is not accepted (any more), or the room is closed to this person. */
  refused(err: NodechatError): void;
  /** The room was entered. */
  entered(): void;
}

export type Chat = ReturnType<typeof openChat>;

const PAGE = 10;
/** As much as the service gives at once. */
const LARGE_PAGE = 100;
/** What comes in meanwhile is drawn at once: a crowd of messages costs no more than one. */
const GATHER_MS = 16;

export function openChat({ company, ticket, aid, kept, profile: asked, refused, entered }: ChatOptions) {
  const [items, setItems] = createSignal<Item[]>([]);
  const [room, setRoom] = createSignal<Room>();
  const [online, setOnline] = createSignal(false);
  const [lost, setLost] = createSignal(false);
  const [caughtUp, setCaughtUp] = createSignal<number>();
  const [service, setService] = createSignal<Service>();
  const [read, setRead] = createSignal(-1);
  const [newFrom, setNewFrom] = createSignal<number>();
  const [first, setFirst] = createSignal(0);
  const [paging, setPaging] = createSignal<'loading' | 'failed'>();
  const [typing, setTyping] = createSignal(false);
  const [card, setCard] = createSignal<{ groups: Group[]; human: string }>();
  const [present, setPresent] = createSignal(true);
  const [profile, setProfile] = createSignal<Profile>();
  /** The last position of the room, and the last one that is held: less, when somebody reads far up while much is said. */
  const [end, setEnd] = createSignal(-1);
  const [upTo, setUpTo] = createSignal(-1);
  const [nextTry, setNextTry] = createSignal(0);
  /** Whether the end is in view, and new messages are followed. */
  const [following, follow] = createSignal(true);

  /** Before the first connection as well: what is said then outlives a reload, too. */
  let unsent: UnsentList | undefined = aid ? unsentOf(kept, aid) : undefined;
  let seen = -1;
  let had = 0;
  let wait = 0;
  let gathering = 0;
  const arrived: Message[] = [];
  const inFlight = new Set<string>();
  void asked.then(setProfile);

  const nodechat = new Nodechat({
    atype: matchMedia('(pointer: coarse)').matches ? 'uwap' : 'uweb',
    ticket,
    // The library does not tell when it dials again: it is the last that it waits for before it says that it has lost.
    world: { ...world, after: (ms, then) => world.after((wait = ms), then) },
    connect(err, session) {
      if (err) return canRetry(err.errcode) ? setNextTry(Date.now() + wait) : refused(err);
      setOnline(true);
      gathered();
      had = lastPosition(items());
      enter(session!);
    },
    // That the network is away is said by the banner; only a closed room is final.
    error: (err) => ('roomid' in err ? refused(err as NodechatError) : setNextTry(Date.now() + wait)),
  } as NodechatOptions & { world: typeof world })
    .on('disconnect', () => batch(() => (setOnline(false), setLost(true), setNextTry(Date.now() + wait))))
    .on('chat', ({ data }: ChatEvent) => {
      if (data.type !== 'usermsg') setTyping(false);
      unsent?.remove(data.id);
      if (data.pos === undefined) return;
      arrived.push(data);
      gathering ||= window.setTimeout(gathered, GATHER_MS);
    })
    .on('recall', ({ id }) => (gathered(), setItems((known) => recalled(known, id))))
    .on('mkread', (told) => told.type === 'cs' && setRead((before) => Math.max(before, told.pos ?? positionAt(items(), told.time))))
    .on('gap', ({ data }) => {
      arrived.length = 0;
      setUpTo(end());
      setItems((known) => known.filter(({ order }) => order === Infinity));
      draw(data);
    })
    .on('service', told)
    .on('presence', ({ aid, online }) => aid === service()?.cs?.aid && setPresent(online));

  /** Takes what has arrived. Who reads further up keeps what is there; what is too much by then is fetched on the way down. */
  function gathered(): void {
    clearTimeout(gathering);
    gathering = 0;
    const messages = arrived.splice(0);
    if (!messages.length) return;
    const cut = beyond() > 0 || (!following() && items().length >= HELD);
    batch(() => {
      setEnd((before) => Math.max(before, messages.at(-1)!.pos!));
      if (cut) return;
      setUpTo(end());
      hold(messages, following());
    });
    if (cut && following()) void later();
  }

  /** How many of the newest messages are not held. */
  const beyond = (): number => end() - upTo();

  /** `newest`: what has to go when it is too much is the oldest. */
  function hold(messages: Message[], newest: boolean): void {
    const all = take(items(), messages, company);
    const rest = trimmed(all, newest);
    setItems(rest);
    if (rest === all) return;
    if (newest) setFirst(rest.find(isStored)!.order);
    else setUpTo(lastPosition(rest));
  }

  /** One page at a time. */
  async function page(start: number, limit: number, then: (messages: Message[]) => void): Promise<void> {
    if (paging() === 'loading') return;
    setPaging('loading');
    let messages: Message[];
    try {
      messages = await nodechat.history(room()!.roomid, start, limit);
    } catch {
      return void setPaging('failed'); // the button says so and asks again
    }
    batch(() => (then(messages), setPaging(undefined)));
    // What was said meanwhile.
    if (following() && beyond() > 0) void later();
  }

  /** The page behind the last message that is held. */
  const later = (): Promise<void> =>
    page(upTo() + 1, LARGE_PAGE, (messages) => {
      setUpTo(messages.at(-1)?.pos ?? end());
      hold(messages, true);
    });

  /** After each connection: into the room, and everything that was not sent on its way again. */
  function enter(session: Session, attempt = 1): void {
    unsent = unsentOf(kept, (aid = session.aid));
    // Without a session the next one enters anew.
    const lasts = (): boolean => nodechat.connected && nodechat.session === session;
    nodechat.join({ companyid: company }).then(
      (joined) => {
        gathered();
        draw(joined);
        if (lost()) setCaughtUp(items().filter((item) => isStored(item) && item.order > had && item.side !== 'user').length);
        setLost(false);
        setOnline(true);
        entered();
        // The mark stands where reading stopped, from the first look until the page is left.
        if (newFrom() === undefined && joined.reads.user >= 0) setNewFrom(joined.reads.user + 1);
        setNewFrom((from) => from ?? Infinity);
        takeUp();
        for (const item of items()) if (item.state === 'sending') dispatch(item);
      },
      (err) => {
        if (!lasts()) return;
        if (!canRetry(err.errcode)) return refused(err);
        batch(() => (setOnline(false), setLost(true)));
        world.after(backOff(world, attempt, err.retry_after), () => lasts() && enter(session, attempt + 1));
      },
    );
  }

  /** What an earlier page of this person had not sent. */
  function takeUp(): void {
    for (const one of unsent?.all() ?? []) {
      if (!items().some(({ id }) => id === one.id)) setItems((known) => put(known, { ...blank(one.mtype), ...one, state: one.reason ? 'failed' : 'sending' }));
    }
  }

  function draw(joined: Room & { service?: Service }): void {
    batch(() => {
      // What was paged back to stays on the page; what lies between is handed on by the library.
      const again = items().some(isStored);
      const cut = beyond() > 0;
      setRoom(joined);
      setEnd(joined.next_pos - 1);
      setFirst((before) => (again ? Math.min(before, joined.msg_pos) : joined.msg_pos));
      const greeting = joined.chat_msgs.find(({ type, msg }) => type === 'csrmsg' && msg?.subType === 'defFQA');
      if (greeting) setCard({ groups: greeting.msg.items, human: greeting.msg.human ?? '' });
      if (!cut) {
        setUpTo(end());
        setItems((known) => take(known, joined.chat_msgs, company));
      }
      setRead(joined.reads.cs);
      const now = joined.service;
      if (now) setService((before) => (before?.chatid === now.chatid ? { ...before, ...now } : now));
      else setService((before) => (before?.status === 'waiting' || before?.status === 'serving' ? undefined : before));
    });
  }

  function told(event: any): void {
    const { type, chatid, cs } = event;
    const before = service();
    const of = { ...(before?.chatid === chatid ? before : {}), chatid };
    batch(() => {
      if (type === 'waiting') {
        if (before?.status !== 'waiting') line(t('queued'));
        setService({ ...of, status: 'waiting', position: event.position, wait_ms: event.wait_ms });
      } else if (type === 'unserved') setService({ ...of, status: 'waiting', unserved: true });
      else if (type === 'serving' || type === 'transferred') {
        setPresent(true);
        if (before?.status !== 'serving' || before.cs?.aid !== cs.aid) {
          line(t(before?.status === 'serving' ? 'transferred' : 'served', { agent: cs.nick }));
        }
        setService({ chatid, status: 'serving', cs });
      } else if (type === 'idle') line(t('ends_soon', { time: new Date(event.at).toLocaleTimeString(undefined, { hour: 'numeric', minute: '2-digit' }) }));
      else if (type === 'ended') {
        line(t(before?.status === 'waiting' ? 'gave_up' : 'ended'));
        setService({ ...of, status: 'ended', rate: event.rate });
      } else if (type === 'reopened') line(t('reopened'));
    });
  }

  /** The answer of `applycs` and its kin; what it says is told as an event, too, but for nobody being there. */
  function stands(now: Service): void {
    if (now.status === 'serving' || now.status === 'waiting') told({ ...now, type: now.status });
    else setService(now);
  }

  function blank(mtype: string): Item {
    return { id: uuid(), order: Infinity, side: 'user', aid: aid ?? '', nick: '', time: Date.now(), mtype, msg: '', state: 'sending' };
  }

  /** Something that only this page says, behind all that was said. */
  function aside(side: 'line' | 'company', mtype: string, msg: unknown, id = uuid()): void {
    setItems((known) => put(known, { ...blank(mtype), id, order: behindAll(known), side, aid: company, nick: room()?.topic ?? '', msg, state: 'sent' }));
  }

  const line = (words: string): void => aside('line', 'line', words);

  function dispatch(item: Item): void {
    const { id, mtype, msg, quote } = item;
    const roomid = room()?.roomid;
    unsent?.add(item);
    if (!roomid || inFlight.has(id)) return;
    inFlight.add(id);
    nodechat.emit('chat', { roomid, id, type: mtype, msg, ...(quote && { quote }) }, (err, datas) => {
      inFlight.delete(id);
      const now = items().find((one) => one.id === id);
      // Another tab of the same person has said it.
      if (!now || now.state === 'sent') return unsent?.remove(id);
      if (err) {
        const failed: Item = { ...now, state: 'failed', reason: t('not_sent', { reason: reason(err) }) };
        // Outlives a reload until it is deleted; what was only cut off by the end of this conversation is said by the next one.
        if (nodechat.connected) unsent?.add(failed);
        return setItems((known) => put(known, failed));
      }
      unsent?.remove(id);
      batch(() => {
        setItems((known) => put(known, { ...now, order: datas.pos, time: datas.time, state: 'sent' }));
        found(datas);
      });
    });
  }

  /** What the bot has to say to a text. */
  function found({ result, items: groups, msg, answer, service: now }: any): void {
    if (result === 'FOUND' && !answer) aside('company', 'questions', groups);
    else if ((result === 'EMPTY' || result === 'ERROR') && msg) aside('company', 'text', msg);
    else if (result === 'HUMAN') stands(now);
  }

  function send(item: Item): void {
    setItems((known) => put(known, item));
    dispatch(item);
  }

  /** Asks something about the room; a refusal is said in the log, because that is where one looks. */
  async function ask(event: string, payload: object): Promise<any> {
    try {
      return await nodechat.request(event, { ...payload, roomid: room()!.roomid });
    } catch (err) {
      line(t('call_failed', { reason: reason(err as NodechatError) }));
      return undefined;
    }
  }

  takeUp();
  return {
    company,
    nodechat,
    /** The one that counts now: it is renewed on a page that stays open. */
    get ticket() {
      return ticket;
    },
    /** Whose conversation it is, as soon as that is known. */
    get aid() {
      return aid;
    },
    items,
    room,
    online,
    lost,
    caughtUp,
    service,
    read,
    newFrom,
    paging,
    typing,
    card,
    present,
    profile,
    beyond,
    nextTry,
    hasEarlier: () => first() > 0,
    following,
    follow,
    setCaughtUp,
    setService,
    setTyping,
    aside,
    line,
    blank,
    send,
    ask,
    stands,

    /** Connects anew, at once. */
    renew(next: string): void {
      nodechat.renew((ticket = next));
      setNextTry(0);
    },

    say(text: string, quote?: string): void {
      send({ ...blank('text'), msg: text, quote });
    },

    /** Again, after it had failed. */
    resend: (item: Item): void => send({ ...item, state: 'sending' }),

    change: (item: Item) => setItems((known) => put(known, item)),

    remove({ id }: Pick<Item, 'id'>): void {
      unsent?.remove(id);
      setItems((known) => without(known, id));
    },

    /** The page before the first message that is held. */
    earlier: (): Promise<void> =>
      page(first() - PAGE, PAGE, (messages) => {
        setFirst((from) => Math.max(0, from - PAGE));
        hold(messages, false);
      }),

    later,

    /** The page from there on alone, without what lies before and behind it; without a start the end itself. */
    show: (start?: number): Promise<void> =>
      page(start ?? end() + 1 - LARGE_PAGE, LARGE_PAGE, (messages) => {
        follow(start === undefined);
        const from = messages[0]!.pos!;
        const to = messages.at(-1)!.pos!;
        setItems((known) => known.filter(({ order }) => order >= from && (order < to + 1 || order === Infinity)));
        setFirst(from);
        setUpTo(to);
        hold(messages, true);
      }),

    /** The reader has seen the end. */
    markRead(): void {
      const last = lastOfOthers(items());
      if (last <= seen || !online() || !room()) return;
      seen = last;
      nodechat.markRead(room()!.roomid, last).catch(() => (seen = -1)); // asked again with the next look
    },

    /** Picks a question of the card. */
    pick: (id: string, title: string): Promise<unknown> => ask('query', { queryId: id, queryTitle: title, id: uuid() }),

    async human(): Promise<void> {
      const now = await ask('user', { type: 'applycs' });
      if (now) stands(now);
    },

    end: (): Promise<unknown> => ask('user', { type: 'endcs', chatid: service()?.chatid }),
  };
}
