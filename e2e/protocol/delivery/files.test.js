// Files and images: stored by content, served harmlessly, found only by those who were given the link.
import assert from 'node:assert/strict';
import { after } from 'node:test';
import { form } from '../../harness/ground.js';
import { jpegWithPosition, png, POSITION_MARK } from '../../harness/pictures.js';
import { Person } from '../../harness/person.js';
import { S3 } from '../../harness/s3.js';
import { openStage } from '../../harness/stage.js';

const stage = await openStage({ env: form === 'cluster' ? await aBucket() : {} });

stage.story('an image is shown at the address that loadPicture and the path make', async () => {
  const visitor = await stage.visitor();
  const { body } = await stage.api.uploadImage(visitor.ticket, png(), 'my holiday.png');
  assert.equal(body.errcode, 0);
  assert.match(body.data, /^\d{4}-\d\d-\d\d\/[^/]+\.png$/);
  const { body: base } = await stage.api.get('file/loadPicture');
  assert.equal(base.success, true);
  const shown = await fetch(await stage.api.pictureUrl(body.data));
  assert.deepEqual([shown.status, shown.headers.get('content-type'), shown.headers.get('x-content-type-options')], [200, 'image/png', 'nosniff']);
  assert.equal(shown.headers.get('access-control-allow-origin'), '*');
  assert.deepEqual(Buffer.from(await shown.arrayBuffer()).subarray(0, 8), png().subarray(0, 8));
});

stage.story('names of uploads cannot be guessed: at least 128 random bits', async () => {
  const visitor = await stage.visitor();
  const paths = await Promise.all(Array.from({ length: 8 }, async () => (await stage.api.uploadImage(visitor.ticket, png(), 'a.png')).body.data));
  const names = paths.map((path) => /([0-9A-Za-z_-]+)\.png$/.exec(path)[1].replace(/^onlinechat_/, ''));
  assert.equal(new Set(names).size, 8);
  for (const name of names) assert.ok(name.replaceAll('-', '').length >= 22, `${name} has too few characters for 128 bits`);
});

stage.story('where a picture was taken is nobody’s business', async () => {
  const visitor = await stage.visitor();
  assert.ok(jpegWithPosition().includes(POSITION_MARK));
  const { body } = await stage.api.uploadImage(visitor.ticket, jpegWithPosition(), 'me.jpg', 'image/jpeg');
  assert.equal(body.errcode, 0);
  const shown = Buffer.from(await (await fetch(await stage.api.pictureUrl(body.data))).arrayBuffer());
  assert.deepEqual([shown[0], shown[1]], [0xff, 0xd8], 'still a JPEG');
  assert.ok(!shown.includes(POSITION_MARK));
});

stage.story('a file comes back with its bytes, its name and its ranges, as a download', async () => {
  const visitor = await stage.visitor();
  const bytes = Buffer.from(Array.from({ length: 10_000 }, (_, n) => `第 ${n} 行\n`).join(''));
  const { body } = await stage.api.uploadFile(visitor.ticket, bytes, '季度 报告.txt', 'text/plain');
  assert.deepEqual([body.errcode, body.filename, body.filesize], [0, '季度 报告.txt', bytes.length]);
  const whole = await fetch(stage.api.fileUrl(body.fileid));
  assert.equal(whole.status, 200);
  assert.equal(whole.headers.get('x-content-type-options'), 'nosniff');
  const disposition = whole.headers.get('content-disposition');
  assert.match(disposition, /^attachment/);
  assert.ok(disposition.includes(encodeURIComponent('季度 报告.txt')), disposition);
  assert.deepEqual(Buffer.from(await whole.arrayBuffer()), bytes);

  const part = await fetch(stage.api.fileUrl(body.fileid), { headers: { range: 'bytes=10-19' } });
  assert.equal(part.status, 206);
  assert.equal(part.headers.get('content-range'), `bytes 10-19/${bytes.length}`);
  assert.deepEqual(Buffer.from(await part.arrayBuffer()), bytes.subarray(10, 20));
});

stage.story('what a browser could run is never served as such', async () => {
  const visitor = await stage.visitor();
  const traps = [['page.html', 'text/html', '<!doctype html><script>alert(1)</script>'], ['picture.svg', 'image/svg+xml', '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'], ['page.xhtml', 'application/xhtml+xml', '<html xmlns="http://www.w3.org/1999/xhtml"><script>alert(1)</script></html>']];
  for (const [name, type, content] of traps) {
    assert.equal((await stage.api.uploadImage(visitor.ticket, Buffer.from(content), name, type)).body.errcode, 5401, `${name} as image`);
    const { body } = await stage.api.uploadFile(visitor.ticket, Buffer.from(content), name, type);
    if (body.errcode === 5401) continue;
    assert.equal(body.errcode, 0);
    const { headers } = await fetch(stage.api.fileUrl(body.fileid));
    assert.doesNotMatch(headers.get('content-type') ?? '', /html|svg|xml|script/, name);
    assert.match(headers.get('content-disposition') ?? '', /^attachment/, name);
    assert.equal(headers.get('x-content-type-options'), 'nosniff', name);
  }
});

stage.story('a file that does not exist is not found, whatever its id', async () => {
  for (const id of ['nothing', '../nodechat.db', '..%2f..%2fetc%2fpasswd', '/etc/passwd', '00000000-0000-0000-0000-000000000000', 'a\0b']) {
    const response = await fetch(stage.api.fileUrl(id));
    assert.ok(response.status >= 400, `${id}: ${response.status}`);
    assert.ok([4002, 4004].includes((await response.json()).errcode), id);
  }
  assert.equal((await stage.api.get('file/downLoadFile')).body.errcode, 4001);
});

stage.story('files survive a restart', async () => {
  const visitor = await stage.visitor();
  const { body } = await stage.api.uploadFile(visitor.ticket, Buffer.from('kept'), 'kept.txt', 'text/plain');
  await stage.server.kill();
  await stage.server.start();
  assert.equal(await (await fetch(stage.api.fileUrl(body.fileid))).text(), 'kept');
});

stage.story('where a company keeps its files to its people, a ticket of theirs is asked for', async () => {
  const { server } = stage;
  await server.command('company', 'create', '--id', 'private', '--name', 'Private', '--private-files');
  const { visitor, agent } = await stage.conversation({ companyid: 'private' });
  const stranger = await stage.visitor();
  const { body: image } = await stage.api.uploadImage(visitor.ticket, png(), 'a.png');
  const { body: file } = await stage.api.uploadFile(agent.ticket, Buffer.from('plain text'), 'a.txt', 'text/plain');
  for (const url of [await stage.api.pictureUrl(image.data), stage.api.fileUrl(file.fileid)]) {
    const status = async (ticket) => (await fetch(`${url}${url.includes('?') ? '&' : '?'}ticket=${ticket}`)).status;
    assert.deepEqual([await status(''), await status('guess'), await status(stranger.ticket)], [403, 403, 403], url);
    assert.deepEqual([await status(visitor.ticket), await status(agent.ticket)], [200, 200], url);
  }
});

stage.story('the same for a company whose visitors are the platform’s', async () => {
  const { server } = stage;
  await server.command('company', 'create', '--id', 'market', '--name', 'Market', '--users', 'platform', '--private-files');
  const platform = (await server.command('apikey', 'create', '--platform')).trim();
  const named = await stage.api.token(platform, { type: 'user', aid: 'buyer', nick: '买家' });
  const { body: { ticket } } = await stage.api.ticket(named.body.token);
  const buyer = stage.tabOf(new Person({ url: server.url, type: 'user', aid: 'buyer', nick: '买家', companyid: 'market', ticket }));
  await buyer.connects();
  const { roomid } = await buyer.joins();
  const agent = await stage.agent('客服一', { companyid: 'market' });
  await agent.connects();
  await agent.joins(roomid);

  const { body: ofAgent } = await stage.api.uploadImage(agent.ticket, png(), 'a.png');
  await agent.gets('chat', { roomid, type: 'image', msg: ofAgent.data });
  const url = await stage.api.pictureUrl(ofAgent.data);
  assert.equal((await fetch(url)).status, 403);
  assert.equal((await fetch(`${url}?ticket=${ticket}`)).status, 200, 'the visitor sees what the agent sent');

  const { body: ofNobody } = await stage.api.uploadImage(ticket, png(), 'a.png');
  assert.equal((await buyer.isRefused('chat', { roomid, type: 'image', msg: ofNobody.data })).errcode, 4002, 'it could be seen without a ticket');
  const form = new FormData();
  form.append('cmFile', new Blob([png()], { type: 'image/png' }), 'a.png');
  const upload = await fetch(`${server.url}/onlinechat/api/file/uploadImage?${new URLSearchParams({ ticket, companyid: 'market' })}`, { method: 'POST', body: form });
  await buyer.gets('chat', { roomid, type: 'image', msg: (await upload.json()).data });
});

/** What several nodes share their files by. */
async function aBucket() {
  const s3 = await new S3().start();
  after(() => s3.kill());
  return s3.environment('delivery');
}
