// A server with a prefix in front of its addresses, as behind a proxy that has other things to serve.
import assert from 'node:assert/strict';
import { Api } from '../../harness/api.js';
import { png } from '../../harness/pictures.js';
import { openStage } from '../../harness/stage.js';

const PREFIX = '/chat';
const stage = await openStage({ args: ['--demo', '--path', 'chat/'] });

for (const prefix of [PREFIX, '']) {
  const what = prefix ? 'with the prefix' : 'without it, when the proxy has taken it off';

  stage.story(`sockets are let in ${what}`, async () => {
    const visitor = await stage.visitor();
    await visitor.connects({ path: `${prefix}/socket.io` });
    await visitor.joins();
    assert.equal((await visitor.says('hello')).success, true);
  });

  stage.story(`calls, pages and pictures are there ${what}`, async () => {
    const visitor = await stage.visitor();
    const { url } = stage.server;
    const api = new Api(url + prefix);
    const { body } = await api.uploadImage(visitor.ticket, png(), 'a.png');
    assert.equal(body.errcode, 0);
    const picture = await api.pictureUrl(body.data);
    assert.ok(picture.startsWith(`${url}${PREFIX}/`), `${picture} is an address that browsers reach`);
    assert.equal((await fetch(picture)).status, 200);
    for (const page of ['/', '/healthz', '/sdk/v1/nodechat.js']) {
      const response = await fetch(url + prefix + page);
      await response.arrayBuffer();
      assert.equal(response.status, 200, page);
    }
  });
}

stage.story('what only begins like the prefix is not below it', async () => {
  assert.equal((await fetch(`${stage.server.url}${PREFIX}ter/healthz`)).status, 404);
});
