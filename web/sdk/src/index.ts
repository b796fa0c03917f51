// The entry of nodechat.js: what a page gets.
export {};
