// Uploads that no browser makes: endless, cut off, badly named, not multipart at all.
import { request } from 'node:http';

const BOUNDARY = 'e2e-boundary';

export function part(filename, { field = 'cmFile', type = 'application/octet-stream' } = {}) {
  return `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${field}"; filename="${filename}"\r\nContent-Type: ${type}\r\n\r\n`;
}

export const END = `\r\n--${BOUNDARY}--\r\n`;

/** Posts these pieces, then waits for the answer; `{status, body}`, or `{cut: true}` when there was none. */
export function post(url, pieces, headers = {}) {
  return new Promise((done) => {
    const upload = open(url, headers, done);
    for (const piece of pieces) upload.write(piece);
    upload.end();
  });
}

/** Posts `megabytes` of one file without saying how many, until the server has had enough. */
export function pour(url, filename, megabytes) {
  return pourBehind(url, part(filename), megabytes);
}

/** The same behind any beginning. */
export function pourBehind(url, beginning, megabytes) {
  return new Promise((done) => {
    const upload = open(url, {}, done);
    upload.write(beginning);
    const piece = Buffer.alloc(1_000_000, 'x');
    let left = megabytes;
    const more = () => {
      while (left > 0 && !upload.destroyed) {
        left -= 1;
        if (!upload.write(piece)) return void upload.once('drain', more);
      }
      if (!upload.destroyed) upload.end(END);
    };
    more();
  });
}

/** Begins an upload, sends so many bytes of the file and resets the connection. */
export function breakOff(url, filename, bytes) {
  return new Promise((done) => {
    const upload = open(url, { 'content-length': bytes + 1_000_000 }, () => {});
    upload.on('close', done);
    upload.write(part(filename));
    upload.write(Buffer.alloc(bytes, 'x'), () => upload.destroy());
  });
}

function open(url, headers, done) {
  const upload = request(url, { method: 'POST', headers: { 'content-type': `multipart/form-data; boundary=${BOUNDARY}`, ...headers } }, (response) => {
    let text = '';
    response.on('data', (bytes) => (text += bytes));
    response.on('error', () => done({ cut: true }));
    response.on('end', () => done({ status: response.statusCode, body: parsed(text) }));
  });
  // A server that has had enough resets; it may have answered before.
  upload.on('error', () => setImmediate(done, { cut: true }));
  return upload;
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return { text };
  }
}
