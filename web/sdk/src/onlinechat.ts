// onlinechat.js: what old chat pages use beside nodechat.js, the parameters of the page's own address.
import { offer } from './global.js';

offer('onlinechat', {
  /** The decoded value of a parameter in the page's query string, null when there is none. */
  getParameter: (name: string): string | null => new URLSearchParams(location.search).get(name),
});
