// An S3 server of the tests' own: moto, in memory, with uploads in parts, ranges and aborts as Amazon's; gone with the test.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { request } from 'node:https';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Daemon, freePort } from './daemon.js';

const E2E = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const PYTHON = join(E2E, '.venv-moto-5.2.5/bin/python');
const READY = /Running on http/;
const VERSION = 'Version=2010-05-08';
const MAY_ALL = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }] });

/** The bucket that is there from the start. */
export const BUCKET = 'nodechat-test';

/** `start` may be called again after `kill`: same port, nothing in it. Any keys are good until `demandsKeys`. */
export class S3 {
  #daemon = new Daemon({ name: 'moto', quit: 'SIGKILL' });
  #tls;

  /** `tls`: it is served over TLS, under a certificate of the test's own authority. */
  constructor({ tls = false } = {}) {
    this.#tls = tls;
  }

  async start() {
    if (!existsSync(PYTHON)) throw new Error('the S3 server of the tests is not there: run script/setup');
    this.port ??= await freePort();
    if (this.#tls) execFileSync(PYTHON, [join(E2E, 'python/certificate.py'), this.#daemon.folder]);
    const tls = this.#tls ? ['--ssl-cert', this.#file('server.pem'), '--ssl-key', this.#file('server.key')] : [];
    await this.#daemon.launch(PYTHON, ['-m', 'moto.server', '-H', '127.0.0.1', '-p', `${this.port}`, ...tls], READY);
    if (this.#tls) await this.#makeBucketOverTls();
    else await this.#ask(`/${BUCKET}`, { method: 'PUT' });
    return this;
  }

  get url() {
    return `http${this.#tls ? 's' : ''}://127.0.0.1:${this.port}`;
  }

  /** The certificate that whoever trusts it has to know. */
  get authority() {
    return this.#file('authority.pem');
  }

  /** The environment of a server that keeps its files here, below the prefix; `by`: the address of a proxy. */
  environment(prefix, by = this.url) {
    return {
      NODECHAT_FILES: `s3://${BUCKET}/${prefix}`,
      NODECHAT_FILES_ENDPOINT: by,
      NODECHAT_FILES_ALLOW_HTTP: 'true',
      NODECHAT_FILES_TIMEOUT_MS: '2000',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
    };
  }

  /** From now on only requests signed with the keys that this answers are good. */
  async demandsKeys() {
    await this.#iam(`Action=CreateUser&UserName=nodechat&${VERSION}`);
    await this.#iam(`Action=PutUserPolicy&UserName=nodechat&PolicyName=all&PolicyDocument=${encodeURIComponent(MAY_ALL)}&${VERSION}`);
    const made = await this.#iam(`Action=CreateAccessKey&UserName=nodechat&${VERSION}`);
    const of = (name) => new RegExp(`<${name}>(.*?)</${name}>`).exec(made)[1];
    await this.#ask('/moto-api/reset-auth', { method: 'POST', body: '0' });
    return { AWS_ACCESS_KEY_ID: of('AccessKeyId'), AWS_SECRET_ACCESS_KEY: of('SecretAccessKey') };
  }

  /** Keys of the objects below a prefix. */
  objects(prefix = '') {
    return this.#keys('list-type=2', prefix);
  }

  /** Keys of uploads in parts that are neither complete nor aborted. */
  openUploads(prefix = '') {
    return this.#keys('uploads', prefix);
  }

  async content(key) {
    return (await this.#ask(`/${BUCKET}/${key}`, { headers: { authorization: signed('s3') } })).text();
  }

  kill() {
    return this.#daemon.kill();
  }

  get log() {
    return this.#daemon.log;
  }

  #file(name) {
    return join(this.#daemon.folder, name);
  }

  #makeBucketOverTls() {
    return new Promise((resolve, reject) => {
      request(`${this.url}/${BUCKET}`, { method: 'PUT', ca: readFileSync(this.authority) }, resolve).on('error', reject).end();
    });
  }

  async #keys(what, prefix) {
    const text = await (await this.#ask(`/${BUCKET}?${what}&prefix=${prefix}`)).text();
    return [...text.matchAll(/<Key>(.*?)<\/Key>/g)].map(([, key]) => key);
  }

  async #iam(body) {
    return (await this.#ask('/', { method: 'POST', body, headers: { authorization: signed('iam'), 'content-type': 'application/x-www-form-urlencoded' } })).text();
  }

  async #ask(path, options) {
    const answer = await fetch(`${this.url}${path}`, options);
    if (!answer.ok) throw new Error(`S3: ${options?.method ?? 'GET'} ${path}: ${answer.status} ${await answer.text()}`);
    return answer;
  }
}

// Which service is meant, the server reads from here; the rest is not looked at before keys are demanded.
function signed(service) {
  return `AWS4-HMAC-SHA256 Credential=test/20180101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=test`;
}
