// The entry of nodechat.js, for pages without a bundler. `require` gives the class, with the named exports on it.
import { NodechatError } from './errors.js';
import { offer } from './global.js';
import { Nodechat } from './nodechat.js';

offer('Nodechat', Object.assign(Nodechat, { default: Nodechat, Nodechat, NodechatError }));
