// A stand-in for a language model: answers `/chat/completions` as a story tells it to, and remembers what it was asked.
import { createServer } from 'node:http';

export class Model {
  /** Bodies of the requests, the newest last. */
  asked = [];
  #server;

  /** `behave(response, body)`: what it does with a request. */
  constructor(behave) {
    this.behave = behave;
  }

  async open() {
    this.#server = createServer(async (request, response) => {
      const chunks = [];
      for await (const chunk of request) chunks.push(chunk);
      const body = JSON.parse(Buffer.concat(chunks).toString());
      this.asked.push({ path: request.url, key: request.headers.authorization, ...body });
      await this.behave(response, body);
    });
    await new Promise((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  get url() {
    return `http://127.0.0.1:${this.#server.address().port}/v1`;
  }

  close() {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(resolve));
  }
}

/** One piece of an answer as a server-sent event. */
export const piece = (content) => `data: ${JSON.stringify({ choices: [{ delta: { content } }] })}\n\n`;
export const END = 'data: [DONE]\n\n';

/** Answers in these pieces and ends well. */
export const says = (...pieces) => (response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const text of pieces) response.write(piece(text));
  response.end(END);
};
