// The error codes of the service by name, with what may be tried again.

/** Every `errcode` that a callback or a rejected promise may carry. */
export const Codes = {
  /** All is well (HTTP answers only). */
  OK: 0,
  /** The socket call failed: no such call, or the connection broke before its answer came. */
  SOCKET_CALL_FAILED: 3100,
  /** The call got no answer in time, or the HTTP request could not be made. */
  ASYNC_CALL_FAILED: 3101,
  /** A parameter is missing or empty. */
  PARAM_MISSING: 4001,
  /** A parameter is invalid. */
  PARAM_INVALID: 4002,
  /** Not allowed: ticket missing, invalid or expired; not your room; wrong role; blocked. */
  NOT_ALLOWED: 4003,
  /** Not found. */
  NOT_FOUND: 4004,
  /** In conflict with the present state, for example somebody else took the consultation. */
  CONFLICT: 4009,
  /** Too many requests; `retry_after` (milliseconds) says when to come back. */
  TOO_MANY_REQUESTS: 4029,
  /** Internal error of the service. */
  INTERNAL: 5000,
  /** Temporarily unavailable; `retry_after` (milliseconds) says when to come back. */
  UNAVAILABLE: 5003,
  /** The service is misconfigured. */
  MISCONFIGURED: 5004,
  /** A call to another system failed. */
  UPSTREAM_FAILED: 5005,
  /** The JSON cannot be parsed. */
  BAD_JSON: 5009,
  /** The file is empty. */
  FILE_EMPTY: 5400,
  /** This kind of file is not allowed. */
  FILE_KIND: 5401,
  /** The file is too large. */
  FILE_TOO_LARGE: 5402,
  /** Redis failed. */
  REDIS: 6379,
} as const;

/** True for refusals that heal by themselves, so that the same call may be made again later. */
export function isTemporary(errcode: number): boolean {
  return (
    errcode === Codes.UNAVAILABLE ||
    errcode === Codes.TOO_MANY_REQUESTS ||
    errcode === Codes.REDIS
  );
}
