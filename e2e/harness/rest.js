// Calls of /api/v1, as a program with an API key or an agent with a ticket makes them.

export class Rest {
  /** `secret`: an API key or an agent's ticket; without one nobody is shown. */
  constructor(url, secret) {
    this.url = url;
    this.secret = secret;
  }

  /** The same caller at another node. */
  at(url) {
    return new Rest(url, this.secret);
  }

  /** Somebody else at the same node. */
  as(secret) {
    return new Rest(this.url, secret);
  }

  get(path, query) {
    return this.call('GET', path, { query });
  }

  post(path, body, headers) {
    return this.call('POST', path, { body, headers });
  }

  put(path, body) {
    return this.call('PUT', path, { body });
  }

  patch(path, body, headers) {
    return this.call('PATCH', path, { body, headers });
  }

  delete(path) {
    return this.call('DELETE', path);
  }

  /** Everything of a list, page after page. */
  async all(path, query = {}) {
    const found = [];
    for (let cursor; ; ) {
      const { body } = await this.get(path, { ...query, ...(cursor && { cursor }) });
      if (body.errcode !== 0) throw new Error(`${path}: ${JSON.stringify(body)}`);
      found.push(...body.data);
      if (!body.next) return found;
      cursor = body.next;
    }
  }

  async call(method, path, { query = {}, body, headers = {} } = {}) {
    const search = new URLSearchParams(query).toString();
    const response = await fetch(`${this.url}/api/v1${path}${search && `?${search}`}`, {
      method,
      headers: {
        ...(this.secret && { authorization: `Bearer ${this.secret}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    try {
      return { status: response.status, headers: response.headers, body: JSON.parse(text), text };
    } catch {
      throw new Error(`${method} ${path}: no JSON (${response.status}): ${text.slice(0, 200)}`);
    }
  }
}
