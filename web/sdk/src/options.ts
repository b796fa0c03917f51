// Turns what a page writes into `new Nodechat({…})` into addresses and settings.
import { page, type World } from './world.js';
import type { NodechatOptions } from './types.js';

export interface Settings extends NodechatOptions {
  address: Address;
  timeout: number;
  world: World;
}

export interface Address {
  /** `http://host:port` */
  origin: string;
  /** Path of the Socket.IO endpoint. */
  socketPath: string;
  /** Where the HTTP calls begin, slash at the end. */
  api: string;
}

export function readOptions(options: NodechatOptions & { world?: World }): Settings {
  return {
    ...options,
    address: readAddress(options.server, options.path),
    timeout: options.timeout ?? 20_000,
    world: options.world ?? page,
  };
}

export function readAddress(server = '', path = ''): Address {
  const url = parse(server.trim());
  const prefix = [url.pathname, path]
    .join('/')
    .split('/')
    .filter((part) => part)
    .map((part) => '/' + part)
    .join('');
  return {
    origin: url.origin,
    socketPath: prefix + '/socket.io',
    api: url.origin + prefix + '/onlinechat/api/',
  };
}

function parse(server: string): URL {
  if (!server) return new URL(location.origin);
  if (/^(http|ws)s?:\/\//i.test(server)) return new URL(server.replace(/^ws/i, 'http'));
  // `//host`, `host:3100` and `host` take the page's own scheme.
  return new URL(location.protocol + '//' + server.replace(/^\/+/, ''));
}
