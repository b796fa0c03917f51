// What the manual takes as given: a visitor's ticket with a room, tickets of agents, an API key, a picture, a letter.
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Api } from '../harness/api.js';
import { Person } from '../harness/person.js';
import { png } from '../harness/pictures.js';
import { Rest } from '../harness/rest.js';
import { until } from '../harness/until.js';

export class Cast {
  constructor(server) {
    this.server = server;
    /** Where the commands of the manual are typed: the server's data is in ./data. */
    this.folder = dirname(server.dataDir);
    this.picture = join(this.folder, 'photo.png');
  }

  async gather() {
    this.ticket = await this.visitorTicket();
    const response = await fetch(`${this.server.url}/demo/agent`, { method: 'POST' });
    this.agentTicket = (await response.json()).ticket;
    writeFileSync(this.picture, png(8, 8));
    writeFileSync(join(this.folder, 'letter.txt'), 'Dear shop,\n');
    return this;
  }

  async visitorTicket() {
    const { body } = await new Api(this.server.url).visitor({ companyid: 'demo' });
    if (body.errcode !== 0) throw new Error(`no ticket for a visitor: ${JSON.stringify(body)}`);
    this.aid = body.data.aid;
    return body.ticket;
  }

  /** An API key of the demo company that opens everything. */
  async apiKey() {
    this.key ??= (await this.server.command('apikey', 'create', '--company', 'demo')).trim();
    return this.key;
  }

  /** A token for somebody who is logged in on the host site. */
  async token() {
    const { body } = await new Api(this.server.url).token(await this.apiKey(), { type: 'user', aid: 'u-1001', nick: 'Ann', companyid: 'demo' });
    return body.token;
  }

  /** The ticket of an agent of the demo company with an account of its own. */
  async accountTicket(login, role) {
    const rest = new Rest(this.server.url, await this.apiKey());
    const password = 'correct horse';
    const made = await rest.post('/agents', { login, password, role });
    if (made.status !== 201) throw new Error(`no account for ${login}: ${made.text}`);
    const { body } = await rest.as().post('/sessions', { companyid: 'demo', login, password });
    return body.data.ticket;
  }

  /** What was said in the room can be found. */
  async isIndexed(roomid) {
    const rest = new Rest(this.server.url, await this.apiKey());
    await until('the history is indexed', async () => (await rest.get('/messages/search', { roomid })).body.data.length > 0);
  }

  /** The visitor's room, in which something was said already. */
  async room(words) {
    const visitor = new Person({ url: this.server.url, type: 'user', nick: 'visitor', companyid: 'demo', ticket: this.ticket });
    await visitor.connects();
    const { roomid } = await visitor.joins();
    await visitor.says(words);
    await visitor.hangsUp();
    return roomid;
  }

  /** The example with the address of the server under test in place of the manual's. */
  placed(example) {
    const placed = (text) => text.replaceAll('http://localhost:3100', this.server.url);
    return { ...example, code: placed(example.code), outputs: example.outputs.map((output) => ({ ...output, text: placed(output.text) })) };
  }
}
