// The receiver of a webhook, as a company would run it: checks nothing, keeps what comes, answers as it is told.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { until } from './until.js';

export class Receiver {
  got = [];
  status = 200;
  /** Answers are not given before this. */
  held;
  #server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    this.got.push({ path: request.url, headers: request.headers, body });
    await this.held;
    response.writeHead(this.status).end();
  });

  async open() {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    this.url = `http://127.0.0.1:${this.#server.address().port}/hook`;
    return this;
  }

  async close() {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  /** Waits for a request that tells of this. */
  async hears(type, fits = () => true) {
    const found = await until(`the webhook hears ${type}`, () => this.got.find(({ body }) => JSON.parse(body).type === type && fits(JSON.parse(body))));
    return { ...found, told: JSON.parse(found.body) };
  }
}

/** Whether a request is signed with this secret, as Standard Webhooks 1.0.0 has it. */
export function isSigned({ headers, body }, secret) {
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  const expected = createHmac('sha256', key).update(`${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`).digest();
  return headers['webhook-signature'].split(' ').some((signature) => {
    const [version, value] = signature.split(',');
    const given = Buffer.from(value, 'base64');
    return version === 'v1' && given.length === expected.length && timingSafeEqual(given, expected);
  });
}
