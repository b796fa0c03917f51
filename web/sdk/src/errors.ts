// The one kind of error that nodechat.js gives to a page.

/** What the service, or the library itself, has to say against a call. */
export class NodechatError extends Error {
  /** One of `Nodechat.Codes`. */
  readonly errcode: number;
  /** The same text as `message`, under the name that it has on the wire. */
  readonly errmsg: string;
  /** Milliseconds after which the call may be made again. */
  readonly retry_after?: number;
  /** The room concerned, where the error belongs to no call of the page. */
  readonly roomid?: string;

  constructor(
    errcode: number,
    errmsg: string,
    more: { retry_after?: number | undefined; roomid?: string } = {},
  ) {
    super(errmsg);
    this.name = 'NodechatError';
    this.errcode = errcode;
    this.errmsg = errmsg;
    if (more.retry_after !== undefined) this.retry_after = more.retry_after;
    if (more.roomid !== undefined) this.roomid = more.roomid;
  }
}

/** Reads the `{errcode, errmsg, retry_after?}` of an answer; anything else gets `fallback` as its code. */
export function errorFrom(answer: unknown, fallback: number): NodechatError {
  const { errcode, errmsg, retry_after } = Object(answer) as Record<string, unknown>;
  return new NodechatError(
    typeof errcode === 'number' ? errcode : fallback,
    typeof errmsg === 'string' ? errmsg : 'the answer cannot be understood',
    { retry_after: typeof retry_after === 'number' ? retry_after : undefined },
  );
}
