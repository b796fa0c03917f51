// The cable of this page, which one can pull to see what happens: every connection breaks, and new ones fail, until it
// is plugged in again. It has to be loaded before nodechat.js, which then talks through it without knowing.

export interface Cable {
  pull(): void;
  plug(): void;
}

let pulled = false;
const sockets = new Set<WebSocket>();
const requests = new Set<XMLHttpRequest>();

class CableSocket extends WebSocket {
  constructor(url: string | URL, protocols?: string | string[]) {
    super(url, protocols);
    sockets.add(this);
    this.addEventListener('close', () => sockets.delete(this));
    if (pulled) this.close();
  }
}

class CableRequest extends XMLHttpRequest {
  override send(body?: Document | XMLHttpRequestBodyInit | null): void {
    super.send(body);
    requests.add(this);
    this.addEventListener('loadend', () => requests.delete(this));
    if (pulled) this.abort();
  }
}

const cable: Cable = {
  pull() {
    pulled = true;
    for (const socket of sockets) socket.close();
    for (const request of requests) request.abort();
  },
  plug() {
    pulled = false;
    window.dispatchEvent(new Event('online')); // what the browser says when the network is back
  },
};

window.WebSocket = CableSocket;
window.XMLHttpRequest = CableRequest;
Object.assign(window, { cable });
