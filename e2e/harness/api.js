// The HTTP calls of the contract, as a host site or a chat page makes them.

const PREFIX = '/onlinechat/api/';

export class Api {
  constructor(url) {
    this.url = url;
  }

  /** A token for the person, as the host site asks for it with its API key. */
  token(key, person) {
    return this.post('token', person, { authorization: `Bearer ${key}` });
  }

  ticket(token) {
    return this.get('ticket', { token });
  }

  visitor(body) {
    return this.post('visitor', body);
  }

  get(path, query = {}, headers = {}) {
    return answer(fetch(`${this.url}${PREFIX}${path}?${new URLSearchParams(query)}`, { headers }));
  }

  /** POST of JSON. */
  post(path, body, headers = {}) {
    return answer(fetch(`${this.url}${PREFIX}${path}`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) }));
  }

  /** POST of a form, the third way of giving parameters. */
  form(path, fields) {
    return answer(fetch(`${this.url}${PREFIX}${path}`, { method: 'POST', body: new URLSearchParams(fields) }));
  }

  uploadImage(ticket, bytes, filename, type = 'image/png') {
    return this.#upload('file/uploadImage', ticket, bytes, filename, type);
  }

  uploadFile(ticket, bytes, filename, type = 'application/octet-stream') {
    return this.#upload('file/uploadFile', ticket, bytes, filename, type);
  }

  /** The address that shows an uploaded image: `picUrl` and the path behind it. */
  async pictureUrl(path) {
    const { body } = await this.get('file/loadPicture');
    return new URL(body.picUrl + path, this.url).href;
  }

  fileUrl(id) {
    return `${this.url}${PREFIX}file/downLoadFile?${new URLSearchParams({ id })}`;
  }

  #upload(path, ticket, bytes, filename, type) {
    const form = new FormData();
    form.append('cmFile', new Blob([bytes], { type }), filename);
    return answer(fetch(`${this.url}${PREFIX}${path}?${new URLSearchParams({ ticket })}`, { method: 'POST', body: form }));
  }
}

async function answer(response) {
  const { status, headers } = await response;
  const text = await (await response).text();
  try {
    return { status, headers, body: JSON.parse(text) };
  } catch {
    throw new Error(`not a JSON answer (${status}): ${text.slice(0, 200)}`);
  }
}
