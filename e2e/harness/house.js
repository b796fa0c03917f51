// The service under test as its clients see it: one node or several over one ground. Whoever asks for the address gets the next node's.
import { symlinkSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { newGround, nodeName } from './ground.js';
import { Server } from './server.js';

/** The ground is laid, the nodes are not started yet. */
export async function newHouse({ args = ['--demo'], env = {}, ground } = {}) {
  return new House(ground ?? (await newGround()), { args, env });
}

export class House {
  /** What all nodes wrote, the newest last. */
  log = [];
  #ground;
  #turn = 0;

  constructor(ground, { args, env }) {
    this.#ground = ground;
    this.nodes = Array.from({ length: ground.nodes }, (_, n) => new Server({ args, env: { ...variables(ground.settings(n)), ...env }, name: nodeName(n), log: this.log }));
    if (!env.NODECHAT_FILES) for (const node of this.nodes.slice(1)) shareFiles(this.nodes[0], node);
  }

  /** Starts the nodes that do not run, all at once. */
  async start() {
    await Promise.all(this.nodes.filter(({ isAlive }) => !isAlive).map((node) => node.start()));
    return this;
  }

  /** SIGTERM for every node; answers how the first one ended that did not end well, else how all did. */
  async stop() {
    const endings = await Promise.all(this.nodes.map((node) => node.stop()));
    return endings.find(({ code }) => code !== 0) ?? endings[0];
  }

  /** SIGKILL for every node. */
  kill() {
    return Promise.all(this.nodes.map((node) => node.kill()));
  }

  /** Stops what still runs, and takes the ground away. */
  async close() {
    const running = this.nodes.filter(({ isAlive }) => isAlive);
    // One that a story has left frozen would not hear of it.
    for (const node of running) node.thaw();
    await Promise.all(running.map((node) => node.stop()));
    await this.#ground.close();
  }

  /** Every node runs. */
  get isAlive() {
    return this.nodes.every(({ isAlive }) => isAlive);
  }

  /** The next node in turn: whoever comes goes somewhere else than who came before. */
  next() {
    this.#turn += 1;
    return this.nodes[this.#turn % this.nodes.length];
  }

  /** The address of the next node in turn. */
  get url() {
    return this.next().url;
  }

  /** Which processes these are: another text after each start. */
  get run() {
    return this.nodes.map(({ pid }) => pid).join(' ');
  }

  get dataDirs() {
    return this.nodes.map(({ dataDir }) => dataDir);
  }

  /** Memory in bytes of all nodes together: what they hold now and the most each ever held. */
  memory() {
    const each = this.nodes.map((node) => node.memory());
    const sum = (field) => each.reduce((total, memory) => total + memory[field], 0);
    return { now: sum('now'), peak: sum('peak') };
  }

  forgetPeak() {
    for (const node of this.nodes) node.forgetPeak();
  }

  /** Runs a command of the binary on what the nodes share; answers its standard output. */
  command(...args) {
    return this.next().command(...args);
  }
}

// As where a folder of the network is mounted on every machine; with a bucket there is nothing to share.
function shareFiles(first, other) {
  const folder = join(first.dataDir, 'files');
  mkdirSync(folder, { recursive: true });
  mkdirSync(other.dataDir, { recursive: true });
  symlinkSync(folder, join(other.dataDir, 'files'));
}

function variables(settings) {
  return Object.fromEntries(Object.entries(settings).map(([key, value]) => [`NODECHAT_${key.toUpperCase()}`, value]));
}
