// Promises about the HTTP calls of a page: uploads with progress, tickets, and what goes wrong with them.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Nodechat } from '../src/nodechat.js';
import { stage } from './support/stage.js';

const at = stage();

/** As much of a browser's XMLHttpRequest as an upload meets, driven by the test. */
class FakeRequest {
  static last: FakeRequest;
  upload: { onprogress?: (event: { loaded: number; total: number }) => void } = {};
  responseText = '';
  url = '';
  form?: FormData;
  onload?: () => void;
  onerror?: () => void;
  onabort?: () => void;
  onloadend?: () => void;

  constructor() {
    FakeRequest.last = this;
  }
  open(method: string, url: string): void {
    this.url = `${method} ${url}`;
  }
  send(form: FormData): void {
    this.form = form;
  }
  abort(): void {
    this.onabort?.();
    this.onloadend?.();
  }
  answers(reply: unknown): void {
    this.responseText = typeof reply === 'string' ? reply : JSON.stringify(reply);
    this.onload?.();
    this.onloadend?.();
  }
}

let api: Server;
let server: string;
let asked: { url: string; body: any }[];
let reply: string;

beforeEach(async () => {
  vi.stubGlobal('XMLHttpRequest', FakeRequest);
  asked = [];
  api = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    asked.push({ url: request.url!, body: body && JSON.parse(body) });
    response.end(reply);
  });
  await new Promise<void>((listening) => api.listen(0, '127.0.0.1', listening));
  server = `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
});

afterEach(() => {
  vi.unstubAllGlobals();
  api.close();
});

test('an_image_is_uploaded_with_progress_and_ready_to_be_sent', async () => {
  const { chat } = at.open({ ticket: 'a/b' });
  const progress: number[][] = [];
  const uploading = chat.upload(new Blob(['png'], { type: 'image/png' }), { onProgress: (...far) => progress.push(far) });
  const request = FakeRequest.last;
  request.upload.onprogress!({ loaded: 1, total: 3 });
  request.answers({ errcode: 0, data: '2018-11-08/onlinechat_1.png' });
  expect(await uploading).toEqual({ type: 'image', msg: '2018-11-08/onlinechat_1.png' });
  expect(progress).toEqual([[1, 3]]);
  expect(request.url).toBe(`POST ${at.server.url}onlinechat/api/file/uploadImage?ticket=a%2Fb`);
  expect((request.form!.get('cmFile') as File).size).toBe(3);
});

test('a_file_is_uploaded_as_a_file', async () => {
  const { chat } = at.open();
  const uploading = chat.upload(new Blob(['x'], { type: 'image/png' }), { kind: 'file' });
  FakeRequest.last.answers({ errcode: 0, fileid: 'f1', filename: '报告.pdf', filesize: 1 });
  expect(await uploading).toEqual({ type: 'file', msg: { fileid: 'f1', filename: '报告.pdf', filesize: 1 } });
  expect(FakeRequest.last.url).toContain('/file/uploadFile?');
});

test('a_refused_upload_says_why', async () => {
  const { chat } = at.open();
  const uploading = chat.upload(new Blob(['x']));
  FakeRequest.last.answers({ errcode: 5402, errmsg: 'the file is too large' });
  await expect(uploading).rejects.toMatchObject({ errcode: Nodechat.Codes.FILE_TOO_LARGE });
});

test.each(['<html>Bad gateway</html>', ''])('a_reply_that_is_not_ours_is_an_error: %j', async (text) => {
  const { chat } = at.open();
  const uploading = chat.upload(new Blob(['x']));
  FakeRequest.last.answers(text);
  await expect(uploading).rejects.toMatchObject({ errcode: 3101 });
});

test('a_broken_network_is_an_error', async () => {
  const { chat } = at.open();
  const uploading = chat.upload(new Blob(['x']));
  FakeRequest.last.onerror!();
  await expect(uploading).rejects.toMatchObject({ errcode: 3101 });
});

test('an_upload_can_be_aborted', async () => {
  const { chat } = at.open();
  const abort = new AbortController();
  const uploading = chat.upload(new Blob(['x']), { signal: abort.signal });
  abort.abort();
  await expect(uploading).rejects.toMatchObject({ name: 'AbortError' });
  await expect(chat.upload(new Blob(['x']), { signal: abort.signal })).rejects.toMatchObject({ name: 'AbortError' });
});

test('a_token_becomes_a_ticket', async () => {
  reply = JSON.stringify({ errcode: 0, ticket: 't1', data: { aid: 'u1' } });
  expect(await Nodechat.ticket({ server, path: 'im', token: 'once' })).toMatchObject({ ticket: 't1', data: { aid: 'u1' } });
  expect(asked).toEqual([{ url: '/im/onlinechat/api/ticket', body: { token: 'once' } }]);
});

test('a_visitor_comes_back_as_the_same_person', async () => {
  reply = JSON.stringify({ errcode: 0, ticket: 't1', visitor: 'secret', data: { aid: 'v1' } });
  const { visitor } = await Nodechat.visitor({ server, companyid: 'c1' });
  await Nodechat.visitor({ server, companyid: 'c1', visitor });
  expect(asked.map(({ body }) => body)).toEqual([{ companyid: 'c1' }, { companyid: 'c1', visitor: 'secret' }]);
});

test('a_used_token_is_refused_with_its_code', async () => {
  reply = JSON.stringify({ errcode: 4003, errmsg: 'the token was used' });
  await expect(Nodechat.ticket({ server, token: 'used' })).rejects.toMatchObject({ errcode: 4003 });
});

test('a_service_that_is_not_there_is_an_error', async () => {
  await new Promise((closed) => api.close(closed));
  await expect(Nodechat.ticket({ server, token: 'x' })).rejects.toMatchObject({ errcode: 3101 });
});

test('images_and_files_have_addresses', async () => {
  reply = JSON.stringify({ success: true, picUrl: '/onlinechat/pictures/' });
  const { chat } = at.open({ server });
  expect(await chat.imageUrl('2018/a.png')).toBe(`${server}/onlinechat/pictures/2018/a.png`);
  expect(await chat.imageUrl('2018/b.png')).toBe(`${server}/onlinechat/pictures/2018/b.png`);
  expect(asked.filter(({ url }) => url.endsWith('loadPicture'))).toHaveLength(1);
  expect(chat.fileUrl('a b')).toBe(`${server}/onlinechat/api/file/downLoadFile?id=a%20b`);
});
