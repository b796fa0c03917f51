// Files in a bucket: every node gives out what any has taken, and neither a client, a node nor the bucket that breaks leaves anything behind.
import assert from 'node:assert/strict';
import { after } from 'node:test';
import { jpegWithPosition, png, POSITION_MARK } from '../../harness/pictures.js';
import { Proxy } from '../../harness/proxy.js';
import { breakOff } from '../../harness/raw-upload.js';
import { S3 } from '../../harness/s3.js';
import { openStage } from '../../harness/stage.js';
import { until, within } from '../../harness/until.js';

const PREFIX = 'shop/chat';
/** An answer that is put off has to come within twice the time limit of the bucket; so much is given to a slow machine. */
const PUT_OFF_MS = 15_000;
/** A node looks every ten seconds for what is left to remove. */
const LOOK_MS = 30_000;

const s3 = await new S3().start();
const bucket = await new Proxy(s3.url).open();
after(async () => {
  await bucket.close();
  await s3.kill();
});
const stage = await openStage({ env: s3.environment(PREFIX, bucket.url) });

stage.story('what one node has taken, every node gives out, whole and in part', async () => {
  const visitor = await stage.visitor();
  const bytes = text(11_000_003);
  const { body } = await stage.api.uploadFile(visitor.ticket, bytes, '季度 报告.txt', 'text/plain');
  assert.deepEqual([body.errcode, body.filesize], [0, bytes.length]);
  const { body: image } = await stage.api.uploadImage(visitor.ticket, png(), 'a.png');
  for (const { url } of stage.server.nodes) {
    const address = `${url}/onlinechat/api/file/downLoadFile?id=${body.fileid}`;
    const whole = await fetch(address);
    assert.equal(whole.headers.get('content-length'), `${bytes.length}`);
    assert.ok(Buffer.from(await whole.arrayBuffer()).equals(bytes));
    const part = await fetch(address, { headers: { range: 'bytes=5242870-5242889' } });
    assert.deepEqual([part.status, part.headers.get('content-range')], [206, `bytes 5242870-5242889/${bytes.length}`]);
    assert.deepEqual(Buffer.from(await part.arrayBuffer()), bytes.subarray(5_242_870, 5_242_890));
    const last = await fetch(address, { headers: { range: 'bytes=-3' } });
    assert.deepEqual(Buffer.from(await last.arrayBuffer()), bytes.subarray(-3));
    assert.equal((await fetch(`${url}/onlinechat/api/file/picture/${image.data}`)).status, 200);
  }
});

stage.story('under the key that the path makes stands the picture without its position', async () => {
  const visitor = await stage.visitor();
  const { body } = await stage.api.uploadImage(visitor.ticket, jpegWithPosition(), 'me.jpg', 'image/jpeg');
  const key = `${PREFIX}/images/${body.data}`;
  assert.deepEqual(await s3.objects(key), [key]);
  const kept = await s3.content(key);
  assert.ok(kept.length > 100 && !kept.includes(POSITION_MARK));
});

stage.story('what is refused or cut off never reaches the bucket', async () => {
  const visitor = await stage.visitor();
  const before = await kept();
  await breakOff(`${stage.server.url}/onlinechat/api/file/uploadFile?ticket=${visitor.ticket}`, 'half.txt', 8_000_000);
  const { body } = await stage.api.uploadFile(visitor.ticket, Buffer.from('<!doctype html><script>1</script>'), 'a.txt', 'text/plain');
  assert.equal(body.errcode, 5401);
  assert.deepEqual(await kept(), before);
});

stage.story('a node killed while it writes leaves nothing in the bucket once it is back', async () => {
  const visitor = await stage.visitor();
  const [node] = stage.server.nodes;
  const before = await kept();
  await until('a node was killed in the middle of an upload', async () => {
    const uploading = uploadTo(node, visitor.ticket, text(50_000_000));
    await until('the bucket has heard of the upload', async () => (await s3.openUploads(PREFIX)).length === 1);
    bucket.stall();
    await node.kill();
    const outcome = await uploading;
    bucket.restore();
    await node.start();
    assert.deepEqual(await s3.openUploads(PREFIX), []);
    if (outcome.cut) return true;
    // It was quicker than the kill.
    before.push(...(await kept()).filter((key) => !before.includes(key)));
    return false;
  }, 60_000);
  assert.deepEqual((await kept()).sort(), before.sort());
});

for (const [name, breaks] of [['refuses', () => bucket.cut()], ['stalls', () => bucket.stall()]]) {
  stage.story(`while the way to the bucket ${name}, files are put off and all else goes on`, async () => {
    const { visitor, agent } = await stage.conversation();
    const { body: earlier } = await stage.api.uploadFile(visitor.ticket, text(6_000_000), 'earlier.txt', 'text/plain');
    const before = await s3.objects(PREFIX);
    const [node] = stage.server.nodes;
    breaks();
    for (const bytes of [text(1_000), text(6_000_000)]) {
      const { body } = await within('the upload is put off', uploadTo(node, visitor.ticket, bytes), PUT_OFF_MS);
      assert.deepEqual([body.errcode, body.retry_after > 0], [5003, true]);
    }
    const download = await within('the download is put off', fetch(`${node.url}/onlinechat/api/file/downLoadFile?id=${earlier.fileid}`), PUT_OFF_MS);
    assert.deepEqual([download.status, (await download.json()).errcode], [503, 5003]);
    const crowd = Array.from({ length: 30 }, () => uploadTo(node, visitor.ticket, text(1_000)));
    for (const { body } of await within('a crowd is put off', Promise.all(crowd), PUT_OFF_MS)) assert.equal(body.errcode, 5003);

    await visitor.says('文件先等等');
    await agent.hears('文件先等等');
    assert.equal((await fetch(`${node.url}/readyz`)).status, 200);
    assert.match(await metrics(node), /^nodechat_files_available 0$/m);
    assert.ok(stage.server.log.some((line) => line.includes('the bucket fails')));

    bucket.restore();
    await until('the node has noticed', async () => /^nodechat_files_available 1$/m.test(await metrics(node)), LOOK_MS);
    // Requests that were stalled arrive now. One that begins an upload in parts opens it for nobody; it has no part, and is for the bucket's rule.
    await until('nothing is left of what was put off', async () => (await s3.objects(PREFIX)).join() === before.join(), LOOK_MS);
    const { body } = await uploadTo(node, visitor.ticket, text(6_000_000));
    assert.equal(body.errcode, 0);
  });
}

stage.story('a download whose bucket falls silent ends, and can be taken up where it ended', async () => {
  const visitor = await stage.visitor();
  const bytes = text(40_000_000);
  const { body } = await stage.api.uploadFile(visitor.ticket, bytes, 'long.txt', 'text/plain');
  const download = await fetch(stage.api.fileUrl(body.fileid));
  const reader = download.body.getReader();
  const got = [(await reader.read()).value];
  bucket.stall();
  const rest = async () => {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      got.push(value);
    }
  };
  await within('the download ends', assert.rejects(rest()), PUT_OFF_MS);
  bucket.restore();
  const begun = Buffer.concat(got);
  assert.ok(begun.length < bytes.length);
  const remaining = await fetch(stage.api.fileUrl(body.fileid), { headers: { range: `bytes=${begun.length}-` } });
  assert.ok(Buffer.concat([begun, Buffer.from(await remaining.arrayBuffer())]).equals(bytes));
});

/** Everything that takes space in the bucket. */
async function kept() {
  return [...(await s3.objects(PREFIX)), ...(await s3.openUploads(PREFIX)).map((key) => `${key} (parts)`)];
}

function text(bytes) {
  return Buffer.from('落在桶里的一行字\n'.repeat(Math.ceil(bytes / 25))).subarray(0, bytes - (bytes % 25));
}

/** `{cut: true}` where there was no answer. */
async function uploadTo(node, ticket, bytes) {
  const form = new FormData();
  form.append('cmFile', new Blob([bytes], { type: 'text/plain' }), 'a.txt');
  try {
    const answer = await fetch(`${node.url}/onlinechat/api/file/uploadFile?ticket=${ticket}`, { method: 'POST', body: form });
    return { body: await answer.json() };
  } catch {
    return { cut: true };
  }
}

async function metrics(node) {
  return (await fetch(`${node.url}/metrics`)).text();
}
