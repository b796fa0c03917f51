// nginx or haproxy in front of nodes, with the configuration that docs/guide prints: only addresses, ports, paths of logs and the size of the machine are replaced.
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { freePort } from './daemon.js';
import { killAtExit, temporaryFolder } from './tidy.js';
import { until, within } from './until.js';

const GUIDE = new URL('../../docs/guide/', import.meta.url);
const LOG_LINES_KEPT = 200;

/** The nodes of the guide, in the order in which those of a house take their places. */
const PLACES = ['10.0.0.11:3100', '10.0.0.12:3100', '10.0.0.13:3100'];

export const balancers = ['nginx', 'haproxy'];

/** The names that the nodes have in the guide's configurations. */
export function placeName(n) {
  return `n${n + 1}`;
}

export class Balancer {
  log = [];
  #child;
  #folder = temporaryFolder();

  /** `kind`: one of `balancers`; `nodes`: two or three servers, called as `placeName` says. */
  constructor(kind, nodes) {
    this.kind = kind;
    this.nodes = nodes;
  }

  async open() {
    this.port = await freePort();
    this.url = `http://127.0.0.1:${this.port}`;
    const { program, args } = this.kind === 'nginx' ? this.#nginx() : this.#haproxy();
    const child = spawn(program, args, { cwd: this.#folder, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = killAtExit(child);
    this.exited = new Promise((done) => child.once('exit', done));
    child.once('error', (cause) => this.#keep(`${program} does not start (run script/setup): ${cause.message}`));
    for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on('line', (line) => this.#keep(line));
    await until(`${this.kind} serves`, () => this.#serves()).catch((cause) => {
      throw new Error(`${cause.message}\n${this.log.join('\n')}`);
    });
    return this;
  }

  async close() {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill('SIGTERM');
    await within(`${this.kind} ends`, this.exited);
  }

  #nginx() {
    const config = this.#adapted('nginx.conf').replace(/listen 80;/, `listen 127.0.0.1:${this.port};`).replaceAll('/var/log/nginx/', '');
    const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${name};`).join(' ');
    const user = process.getuid() === 0 ? 'user root;' : '';
    const frame = `${user} daemon off; pid nginx.pid; worker_processes 2; error_log stderr; events {} http { ${paths} include nodechat.conf; }\n`;
    writeFileSync(join(this.#folder, 'nodechat.conf'), config);
    writeFileSync(join(this.#folder, 'nginx.conf'), frame);
    return { program: 'nginx', args: ['-p', this.#folder, '-c', join(this.#folder, 'nginx.conf')] };
  }

  #haproxy() {
    const config = this.#adapted('haproxy.cfg').replace(/bind :80\b/, `bind 127.0.0.1:${this.port}`).replace('log /dev/log local0', 'log stdout format raw local0').replace('maxconn 200000', 'maxconn 1000');
    writeFileSync(join(this.#folder, 'haproxy.cfg'), config);
    return { program: 'haproxy', args: ['-db', '-f', join(this.#folder, 'haproxy.cfg')] };
  }

  /** As in the guide, for as many nodes as there are: without the lines of those there are not. */
  #adapted(file) {
    let text = readFileSync(new URL(file, GUIDE), 'utf8');
    PLACES.forEach((place, n) => {
      if (!text.includes(place)) throw new Error(`${file} says nothing of ${place}`);
      const node = this.nodes[n];
      if (node) text = text.replaceAll(place, new URL(node.url).host);
      else text = text.split('\n').filter((line) => !line.includes(place) && !line.includes(`^${placeName(n)}-`) && !line.includes(`use-server ${placeName(n)} `)).join('\n');
    });
    return text;
  }

  /** A balancer that refuses connections is not up; one that finds a node behind it is. */
  #serves() {
    return new Promise((answer) => {
      const asking = get(`${this.url}/healthz`, (response) => {
        response.resume();
        answer(response.statusCode === 200);
      });
      asking.on('error', () => answer(false));
    });
  }

  #keep(line) {
    this.log.push(line);
    if (this.log.length > LOG_LINES_KEPT) this.log.shift();
  }
}
