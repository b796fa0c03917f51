// A language model answers from what was found, word by word; whatever it does instead, the search result stands.
import assert from 'node:assert/strict';
import { END, Model, piece, says } from '../../harness/model.js';
import { openStage } from '../../harness/stage.js';
import { until } from '../../harness/until.js';

const stage = await openStage({ args: ['--demo', '--model-private-addresses'] });
let number = 0;

/** A visitor who asks a company whose answers a model with this behaviour gives. */
async function asks(behave, { timeout_ms = 5_000 } = {}) {
  const companyid = `model${number++}`;
  await stage.company(companyid, '岭上户外');
  const model = await new Model(behave).open();
  stage.closesWith(() => model.close());
  const headers = { authorization: `Bearer ${await stage.key(companyid)}`, 'content-type': 'application/json' };
  const put = async (path, body) => {
    const response = await fetch(`${stage.server.url}/api/v1/${path}`, { method: 'PUT', headers, body: JSON.stringify(body) });
    const answer = await response.json();
    assert.ok(response.ok, JSON.stringify(answer));
    return answer.data;
  };
  const rules = await put('bot', { model: { enabled: true, url: model.url, name: 'small', key: 'sk-secret', prompt: '我们是户外用品店。', timeout_ms } });
  await put('questions', { questions: [{ title: '退换货', items: [{ title: '如何申请退款', answer: '在订单页面点“申请退款”。' }] }] });
  const visitor = await stage.visitor('小明', { companyid });
  await visitor.connects();
  await visitor.joins();
  const asked = await until('every node knows the rules', async () => {
    const asked = await visitor.says('我想申请退款');
    return asked.answer && asked;
  });
  return { visitor, model, asked, rules };
}

const end = (visitor, id) => visitor.notices('stream', (event) => event.id === id && event.done);

stage.story('an answer grows before the visitor and is one message at the end', async () => {
  const { visitor, model, asked, rules } = await asks(says('您好，', '请在订单页面', '申请退款。'));
  assert.equal(asked.result, 'FOUND');
  const { failed } = await end(visitor, asked.answer);
  assert.equal(failed, undefined);
  const grown = visitor.noticed('stream').filter(({ id }) => id === asked.answer).map(({ text }) => text).join('');
  assert.equal(grown, '您好，请在订单页面申请退款。');
  const said = await visitor.hears(grown);
  assert.deepEqual([said.id, said.type], [asked.answer, 'csmsg']);
  const [{ path, key, stream, messages }] = model.asked;
  assert.deepEqual([path, key, stream], ['/v1/chat/completions', 'Bearer sk-secret', true]);
  assert.match(messages[0].content, /户外用品店/);
  assert.match(messages[0].content, /在订单页面点/);
  assert.equal(messages[1].content, '我想申请退款');
  assert.deepEqual([rules.model.key, rules.model.has_key], [undefined, true], 'the key is never shown');
});

const FAILURES = {
  'refuses': (response) => response.writeHead(500).end(),
  'breaks off': (response) => (response.writeHead(200, { 'content-type': 'text/event-stream' }), response.write(piece('半')), setTimeout(() => response.destroy(), 50)),
  'talks nonsense': (response) => response.writeHead(200, { 'content-type': 'text/event-stream' }).end('data: {{{\n\n'),
  'says nothing': (response) => response.writeHead(200, { 'content-type': 'text/event-stream' }).end(END),
  'sends the caller elsewhere': (response) => response.writeHead(307, { location: 'http://127.0.0.1:1/' }).end(),
  'never begins': () => {},
  'sends a line without end': (response) => (response.writeHead(200, { 'content-type': 'text/event-stream' }), response.write(`data: ${'x'.repeat(200_000)}`)),
};

for (const [what, behave] of Object.entries(FAILURES)) {
  stage.story(`one that ${what} leaves what was found, and no message`, async () => {
    const { visitor, asked } = await asks(behave, { timeout_ms: 1_000 });
    assert.equal(asked.result, 'FOUND');
    assert.equal((await end(visitor, asked.answer)).failed, true);
    assert.deepEqual((await visitor.history()).filter(({ type }) => type === 'csmsg'), []);
  });
}

stage.story('one that never ends is cut off where an answer ends', async () => {
  const flood = (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const more = () => {
      while (!response.destroyed && response.write(piece('长'.repeat(100))));
      if (!response.destroyed) response.once('drain', more);
    };
    more();
  };
  const { visitor, asked } = await asks(flood);
  await end(visitor, asked.answer);
  assert.equal((await visitor.hears(({ id }) => id === asked.answer)).msg.length, 4_000);
});
