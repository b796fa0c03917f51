// One lasting connection out of many short ones: dials, waits for `session`, dials again when it breaks.
import { Manager, type Socket } from 'socket.io-client';
import { Codes, isTemporary } from './codes.js';
import { errorFrom, NodechatError } from './errors.js';
import type { Settings } from './options.js';
import type { Session } from './types.js';
import { backOff } from './world.js';

export interface ConnectionEvents {
  /** The server has let us in; `attempts` is how many dials it took since the last session. */
  up(session: Session, attempts: number): void;
  /** The session is over. */
  down(reason: string): void;
  /** The server said no. When `final`, nothing more is tried. */
  refused(err: NodechatError, final: boolean): void;
  /** The server could not be reached; the next dial is on its way. */
  unreachable(err: Error): void;
  event(name: string, args: unknown[]): void;
}

/** How a call ended: with the server's answer, or without one. */
export type Outcome = { answer: [err: unknown, datas?: unknown] } | 'late' | 'cut';

interface Flight {
  end(outcome: Outcome): void;
}

export class Connection {
  /** True from `session` until the connection breaks. */
  open = false;
  private socket: Socket | undefined;
  private attempts = 0;
  private cancelTimer = () => {};
  /** Set while waiting to dial because the network failed, not because the server said when. */
  private eager = false;
  private flights = new Set<Flight>();

  constructor(
    private settings: Settings,
    private events: ConnectionEvents,
  ) {
    if (typeof addEventListener === 'function') addEventListener('online', this.networkIsBack);
  }

  /** Drops what there is and dials with the present ticket. */
  dial(): void {
    if (this.drop()) this.tellDown('dialled again');
    this.attempts++;
    const { address, transports, ticket, atype, timeout, world } = this.settings;
    // A manager for each dial: nothing that waited inside an old one can slip into the new session before the rooms
    // are entered again. It must not dial by itself, because only we know what the server's refusal asks for.
    const manager = new Manager(address.origin, {
      path: address.socketPath,
      transports: transports ?? ['polling', 'websocket'],
      reconnection: false,
      autoConnect: false,
      timeout: false as unknown as number,
    });
    const socket = manager.socket('/', { auth: { ticket, atype, ...arrival(atype) } });
    this.socket = socket;
    this.cancelTimer = world.after(timeout, () => this.lost(new Error('the server did not answer in time')));
    socket.onAny((name: string, ...args: unknown[]) => {
      if (name === 'session') this.enter(args[0] as Session);
      else if (this.open) this.events.event(name, args);
    });
    socket.on('connect_error', (err) => {
      // The client leaves a socket active when the way to the server failed, not when the server refused.
      if (socket.active) this.lost(err);
      else this.refuse((err as { data?: unknown }).data ?? { errmsg: err.message });
    });
    socket.on('disconnect', (reason) => this.lost(new Error(reason)));
    socket.connect();
  }

  close(): void {
    if (typeof removeEventListener === 'function') removeEventListener('online', this.networkIsBack);
    if (this.drop()) this.tellDown('closed');
  }

  /** Sends an event; `end` is called exactly once, never before `ask` returns. Only while open. */
  ask(event: string, payload: unknown, end: (outcome: Outcome) => void): void {
    const flight: Flight = {
      end: (outcome) => {
        if (!this.flights.delete(flight)) return;
        cancel();
        end(outcome);
      },
    };
    this.flights.add(flight);
    const cancel = this.settings.world.after(this.settings.timeout, () => flight.end('late'));
    const args = payload === undefined ? [] : [payload];
    this.socket!.emit(event, ...args, (err: unknown, datas?: unknown) => flight.end({ answer: [err, datas] }));
  }

  private enter(session: Session): void {
    if (this.open) return;
    this.cancelTimer();
    this.open = true;
    const attempts = this.attempts;
    this.attempts = 0;
    this.events.up(session, attempts);
  }

  private lost(err: Error): void {
    const wasOpen = this.drop();
    this.dialLater(0);
    if (wasOpen) this.tellDown(err.message);
    else this.events.unreachable(err);
  }

  private refuse(data: unknown): void {
    this.drop();
    const err = errorFrom(data, Codes.SOCKET_CALL_FAILED);
    const again = isTemporary(err.errcode);
    if (again) this.dialLater(err.retry_after ?? 0);
    else this.attempts = 0;
    this.events.refused(err, !again);
  }

  private dialLater(retryAfter: number): void {
    this.eager = retryAfter === 0;
    const wait = backOff(this.settings.world, Math.max(this.attempts, 1), retryAfter);
    this.cancelTimer = this.settings.world.after(wait, () => this.dial());
  }

  private networkIsBack = (): void => {
    if (this.eager) this.dial();
  };

  /** Forgets the socket and every plan; true when a session ended by it. */
  private drop(): boolean {
    this.cancelTimer();
    this.eager = false;
    const socket = this.socket;
    this.socket = undefined;
    // Listeners first: what the old socket still has to say is of no interest.
    socket?.offAny().off();
    socket?.disconnect();
    const wasOpen = this.open;
    this.open = false;
    return wasOpen;
  }

  private tellDown(reason: string): void {
    this.events.down(reason);
    for (const flight of [...this.flights]) flight.end('cut');
  }
}

/** What a visitor's page tells of itself; agents see it. What stands behind `#` is nobody else's. */
function arrival(atype: string): { page?: string; referrer?: string } {
  if (typeof document === 'undefined' || !atype.startsWith('u')) return {};
  return { page: document.URL.replace(/#.*/, ''), referrer: document.referrer };
}
