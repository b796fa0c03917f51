// Requests and their answers: what is asked while there is no connection waits for one.
import { Codes } from './codes.js';
import type { Connection, Outcome } from './connection.js';
import { errorFrom, NodechatError } from './errors.js';
import type { Callback } from './types.js';

export interface Call {
  event: string;
  /** A function when the payload depends on what is known at the moment of sending. */
  payload: unknown | (() => unknown);
  /** Asking twice does what asking once does, so that it may be asked again after a broken connection. */
  repeatable: boolean;
  answer: Callback;
}

const REPEATABLE = ['join', 'leave', 'mkread', 'list'];

/** True for the requests of the contract that only read, or that say the same when said twice. */
export function isRepeatable(event: string, payload: unknown): boolean {
  const { type } = Object(payload) as { type?: unknown };
  return REPEATABLE.includes(event) || (event === 'user' && type === 'viewchat');
}

export class Calls {
  private waiting: Call[] = [];

  constructor(private connection: Connection) {}

  /** `answer` is called exactly once, unless the call is withdrawn while it waits. */
  make(call: Call): void {
    if (this.connection.open) this.send(call);
    // Nobody cares later that somebody was typing now.
    else if (call.event === 'typing') call.answer(notConnected());
    else this.waiting.push(call);
  }

  /** Takes back a call that has not been sent. */
  withdraw(call: Call): void {
    this.waiting = this.waiting.filter((other) => other !== call);
  }

  /** Sends what has waited, in the order in which it was asked. */
  flush(): void {
    for (const call of this.waiting.splice(0)) this.make(call);
  }

  failAll(err: NodechatError): void {
    for (const call of this.waiting.splice(0)) call.answer(err);
  }

  private send(call: Call): void {
    const { event, payload } = call;
    this.connection.ask(event, typeof payload === 'function' ? payload() : payload, (outcome) => {
      if (outcome === 'cut' && call.repeatable) this.make(call);
      else settle(outcome, call.answer);
    });
  }
}

/** Turns an outcome into the `(err, datas)` of a callback. */
export function settle(outcome: Outcome, answer: Callback): void {
  if (outcome === 'cut') return answer(notConnected());
  if (outcome === 'late') return answer(new NodechatError(Codes.ASYNC_CALL_FAILED, 'no answer came in time'));
  const [err, datas] = outcome.answer;
  if (err) answer(errorFrom(err, Codes.SOCKET_CALL_FAILED));
  else answer(null, datas);
}

export function notConnected(): NodechatError {
  return new NodechatError(Codes.SOCKET_CALL_FAILED, 'the connection broke before the answer came');
}
