// The entry of nodechat.mjs: the class as the default export, with its codes and types.
export { Codes } from './codes.js';
export { NodechatError } from './errors.js';
export { Nodechat, Nodechat as default } from './nodechat.js';
export type * from './types.js';
