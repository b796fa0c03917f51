// The global that /sdk/v1/nodechat.js makes for a page with a script tag.

declare const Nodechat: typeof import('../../../sdk/src/nodechat.js').Nodechat;
type Nodechat = import('../../../sdk/src/nodechat.js').Nodechat;
