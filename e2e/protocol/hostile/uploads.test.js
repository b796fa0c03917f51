// Uploads that should not be: each gets its stated error, costs no memory, and leaves nothing behind.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { jpegWithPosition, png, pngClaiming } from '../../harness/pictures.js';
import { breakOff, END, part, post, pour, pourBehind } from '../../harness/raw-upload.js';
import { openStage } from '../../harness/stage.js';
import { until } from '../../harness/until.js';
import { attack, storedFiles } from './attack.js';

const stage = await openStage();
const KINDS = ['uploadImage', 'uploadFile'];
const urlOf = (kind, visitor) => `${stage.server.url}/onlinechat/api/file/${kind}?ticket=${visitor.ticket}`;

attack(stage, 'an empty file is 5400', async ({ visitor }) => {
  for (const upload of ['uploadImage', 'uploadFile']) assert.equal((await stage.api[upload](visitor.ticket, Buffer.alloc(0), 'empty.png')).body.errcode, 5400, upload);
});

attack(stage, 'a kind that is not allowed is 5401, whatever it is called', async ({ visitor }) => {
  const images = [['text.png', 'just text'], ['page.png', '<html><script>alert(1)</script>'], ['vector.png', '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'], ['program.jpg', Buffer.from('7f454c460201010000000000000000000200', 'hex')], ['windows.gif', `MZ${'\0'.repeat(200)}`], ['half.png', png().subarray(0, 12)]];
  for (const [name, content] of images) assert.equal((await stage.api.uploadImage(visitor.ticket, Buffer.from(content), name)).body.errcode, 5401, name);
  const files = [['setup.exe', Buffer.from(`MZ${'\0'.repeat(200)}`)], ['run', Buffer.from('7f454c460201010000000000000000000200', 'hex')]];
  for (const [name, content] of files) assert.equal((await stage.api.uploadFile(visitor.ticket, content, name)).body.errcode, 5401, name);
});

attack(stage, 'the name is believed in nothing: a wrong extension gets the right one or is 5401', async ({ visitor }) => {
  const wrong = ['cat.html', 'cat.svg', 'cat.exe', 'cat.jpg', 'cat', '.png', 'cat.png.html'];
  const kept = [];
  for (const name of wrong) {
    const { body } = await stage.api.uploadImage(visitor.ticket, png(), name, 'text/html');
    if (body.errcode === 5401) continue;
    assert.equal(body.errcode, 0, name);
    assert.match(body.data, /\.png$/, name);
    const shown = await fetch(await stage.api.pictureUrl(body.data));
    assert.equal(shown.headers.get('content-type'), 'image/png', name);
    kept.push(body.data);
  }
  return { keptFiles: kept.length };
});

attack(stage, 'a file that is too large is 5402, however much more is to come', async ({ visitor }) => {
  for (const kind of KINDS) {
    const answer = await pour(urlOf(kind, visitor), 'large.png', 300);
    assert.ok(answer.cut || [5401, 5402].includes(answer.body.errcode), `${kind}: ${JSON.stringify(answer)}`);
  }
  const large = await pour(urlOf('uploadFile', visitor), 'large.txt', 300);
  assert.ok(large.cut || large.body.errcode === 5402, JSON.stringify(large));
});

attack(stage, 'a large picture that says its size is 5402', async ({ visitor }) => {
  const bytes = Buffer.concat([png(), Buffer.alloc(40_000_000)]);
  const { body } = await stage.api.uploadImage(visitor.ticket, bytes, 'large.png').catch((cause) => ({ body: { cut: String(cause) } }));
  assert.ok(body.cut || body.errcode === 5402, JSON.stringify(body));
});

attack(stage, 'a picture that claims 30,000 × 30,000 pixels is refused without being unpacked', async ({ visitor }) => {
  for (const [width, height] of [[30_000, 30_000], [0xffffffff, 0xffffffff], [1, 0x7fffffff], [0, 0]]) {
    const { body } = await stage.api.uploadImage(visitor.ticket, pngClaiming(width, height), 'huge.png');
    assert.ok([5401, 5402].includes(body.errcode), `${width}×${height}: ${JSON.stringify(body)}`);
  }
});

attack(stage, 'a name with ../ leads nowhere', async ({ visitor }) => {
  const names = ['../../evil.png', '..\\\\..\\\\evil.png', '/etc/cron.d/evil.png', '%2e%2e%2fevil.png', 'a/../../evil.png', 'evil.png\0.html', '....//evil.png', `${'x'.repeat(5_000)}.png`];
  const before = storedFiles(stage.server).length;
  let kept = 0;
  for (const name of names) {
    for (const kind of KINDS) {
      const { status, body } = await post(urlOf(kind, visitor), [part(name, { type: 'image/png' }), png(), END]);
      if (status !== 200 || body.errcode !== 0) {
        assert.ok([4001, 4002, 5400, 5401].includes(body?.errcode), `${name}: ${status} ${JSON.stringify(body)}`);
        continue;
      }
      kept += 1;
      if (kind === 'uploadImage') assert.match(body.data, /^\d{4}-\d\d-\d\d\/[\w-]+\.png$/, name);
      else assert.doesNotMatch(body.filename, /[/\\\0]|\.\./, name);
    }
  }
  assert.ok(storedFiles(stage.server).length <= before + kept);
  const around = stage.server.dataDirs.flatMap((folder) => [join(folder, '..', 'evil.png'), join(folder, '../..', 'evil.png')]);
  for (const place of [...around, '/etc/cron.d/evil.png']) assert.ok(!existsSync(place), place);
  return { keptFiles: kept };
});

attack(stage, 'an upload cut off half way leaves nothing behind', async ({ visitor }) => {
  const before = storedFiles(stage.server);
  for (const kind of KINDS) {
    for (const bytes of [10, 300_000, 3_000_000]) await breakOff(urlOf(kind, visitor), 'half.txt', bytes);
  }
  await until('the halves are cleaned away', () => storedFiles(stage.server).length === before.length);
});

attack(stage, 'what is no upload is refused', async ({ visitor }) => {
  for (const kind of KINDS) {
    const url = urlOf(kind, visitor);
    const wrong = {
      'no field': [END],
      'another field': [part('a.png', { field: 'other' }), png(), END],
      'nothing at all': [],
      'no boundary in it': [Buffer.alloc(10_000, 'x')],
      'no end': [part('a.png'), png()],
      'a head without end': [`--e2e-boundary\r\n${'X: y\r\n'.repeat(50_000)}`],
      'a thousand empty parts': [...Array.from({ length: 1_000 }, (_, n) => `${part(`${n}.png`, { field: `f${n}` })}\r\n`), END],
    };
    for (const [name, pieces] of Object.entries(wrong)) {
      const answer = await post(url, pieces);
      assert.ok(answer.cut || (answer.status >= 200 && answer.body.errcode >= 4001), `${kind} with ${name}: ${JSON.stringify(answer)}`);
    }
    for (const type of ['application/json', 'multipart/form-data', 'text/plain', 'multipart/form-data; boundary=']) {
      const answer = await post(url, ['{}'], { 'content-type': type });
      assert.ok(answer.body.errcode >= 4001, `${kind} as ${type}: ${JSON.stringify(answer)}`);
    }
  }
});

attack(stage, 'a form in which the file never begins is not kept while it comes', async ({ visitor }) => {
  const beginnings = { 'no boundary': 'x', 'a head without end': '--e2e-boundary\r\nX: y', 'another field without end': part('a.png', { field: 'other' }) };
  for (const kind of KINDS) {
    for (const [name, beginning] of Object.entries(beginnings)) {
      const answer = await pourBehind(urlOf(kind, visitor), beginning, 200);
      assert.ok(answer.cut || answer.body.errcode === 4002, `${kind} with ${name}: ${JSON.stringify(answer)}`);
    }
  }
});

attack(stage, 'without a good ticket there is no upload', async () => {
  for (const ticket of ['', 'false', 'x'.repeat(10_000)]) {
    for (const upload of ['uploadImage', 'uploadFile']) {
      const { body } = await stage.api[upload](ticket, png(), 'a.png').catch((cause) => ({ body: { cut: String(cause) } }));
      assert.ok(body.cut || body.errcode === 4003, `${upload} ${ticket.slice(0, 5)}: ${JSON.stringify(body)}`);
    }
  }
});

attack(stage, 'a picture with rubbish behind it is kept without the rubbish or refused', async ({ visitor }) => {
  const polyglots = [['a.png', Buffer.concat([png(), Buffer.from('<script>alert(1)</script>')])], ['a.jpg', Buffer.concat([jpegWithPosition(), Buffer.from('<script>alert(1)</script>')])]];
  let kept = 0;
  for (const [name, bytes] of polyglots) {
    const { body } = await stage.api.uploadImage(visitor.ticket, bytes, name);
    if (body.errcode !== 0) {
      assert.equal(body.errcode, 5401, name);
      continue;
    }
    kept += 1;
    const shown = await fetch(await stage.api.pictureUrl(body.data));
    assert.match(shown.headers.get('content-type'), /^image\/(png|jpeg)$/);
    assert.equal(shown.headers.get('x-content-type-options'), 'nosniff');
    await shown.arrayBuffer();
  }
  return { keptFiles: kept };
});
