// Pictures made by hand: real ones, one that tells where it was taken, and one whose header lies about its size.
import { crc32, deflateSync } from 'node:zlib';

/** A real PNG of one colour. */
export function png(width = 4, height = 4) {
  const row = Buffer.concat([Buffer.from([0]), Buffer.alloc(width * 3, 0x7f)]);
  return pngOf(width, height, deflateSync(Buffer.concat(Array.from({ length: height }, () => row))));
}

/** A PNG of a few bytes that claims to be enormous. */
export function pngClaiming(width, height) {
  return pngOf(width, height, deflateSync(Buffer.alloc(64)));
}

/** The words that `jpegWithPosition` hides in its EXIF block. */
export const POSITION_MARK = 'LATITUDE-39-54-20-N';

/** A real 8×8 JPEG with an EXIF block that has a GPS directory. */
export function jpegWithPosition() {
  const plain = Buffer.from(
    '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABsSFBcUERsXFhceHBsgKEIrKCUlKFE6PTBCYFVlZF9VXVtqeJmBanGQc1tdhbWGkJ6jq62rZ4C8ybqmx5moq6T/2wBDARweHigjKE4rK06kbl1upKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKT/' +
      'wAARCAAIAAgDASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAT/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/8QAFQEBAQAAAAAAAAAAAAAAAAAABAX/xAAUEQEAAAAAAAAAAAAAAAAAAAAA/9oADAMBAAIRAxEAPwCYARVf/9k=',
    'base64',
  );
  const exif = Buffer.concat([Buffer.from('Exif\0\0'), tiffWithGps()]);
  const marker = Buffer.from([0xff, 0xe1, 0, 0]);
  marker.writeUInt16BE(exif.length + 2, 2);
  return Buffer.concat([plain.subarray(0, 2), marker, exif, plain.subarray(2)]);
}

// One directory with one entry (tag 0x8825, where the GPS directory is), and that directory with one text of the position.
function tiffWithGps() {
  const text = Buffer.from(`${POSITION_MARK}\0`);
  const head = Buffer.from([0x49, 0x49, 0x2a, 0, 8, 0, 0, 0]);
  const main = directory({ tag: 0x8825, type: 4, count: 1, value: 26 });
  const gps = directory({ tag: 0x001d, type: 2, count: text.length, value: 44 });
  return Buffer.concat([head, main, gps, text]);
}

function directory({ tag, type, count, value }) {
  const bytes = Buffer.alloc(18);
  bytes.writeUInt16LE(1, 0);
  bytes.writeUInt16LE(tag, 2);
  bytes.writeUInt16LE(type, 4);
  bytes.writeUInt32LE(count, 6);
  bytes.writeUInt32LE(value, 10);
  return bytes;
}

function pngOf(width, height, pixels) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), chunk('IHDR', header), chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))]);
}

function chunk(name, data) {
  const bytes = Buffer.concat([Buffer.alloc(4), Buffer.from(name), data, Buffer.alloc(4)]);
  bytes.writeUInt32BE(data.length, 0);
  bytes.writeUInt32BE(crc32(bytes.subarray(4, 8 + data.length)), 8 + data.length);
  return bytes;
}
