// Long polling spoken by hand: a session whose polls and posts may come in any order and shape.

export class RawPolling {
  constructor(url, sid) {
    this.base = `${url}/socket.io/?EIO=4&transport=polling`;
    this.sid = sid;
  }

  /** Opens a session; answers it with its `sid`. */
  static async open(url) {
    const session = new RawPolling(url);
    const text = await (await fetch(session.base)).text();
    session.sid = JSON.parse(text.slice(1)).sid;
    return session;
  }

  /** Opens a session and is let in with the ticket. */
  static async letIn(url, { ticket, atype = 'uweb' }) {
    const session = await RawPolling.open(url);
    await session.post(`40${JSON.stringify({ ticket, atype })}`);
    let heard = '';
    while (!heard.includes('42["session"')) heard += (await session.poll()).text;
    return session;
  }

  get url() {
    return `${this.base}&sid=${encodeURIComponent(this.sid)}`;
  }

  poll(options) {
    return answer(fetch(this.url, options));
  }

  post(body, options = {}) {
    return answer(fetch(this.url, { method: 'POST', body, headers: { 'content-type': 'text/plain;charset=UTF-8' }, ...options }));
  }
}

async function answer(response) {
  const { status } = await response;
  return { status, text: await (await response).text() };
}
