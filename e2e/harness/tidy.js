// Everything that must not outlive a test process: children are killed and temporary folders removed at its exit.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const children = new Map();
const folders = new Set();

/** A new temporary folder, gone when the process ends. */
export function temporaryFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'nodechat-e2e-'));
  folders.add(folder);
  return folder;
}

/** Takes the child into care: it is killed, or ended by the signal, if it still runs when the process ends. */
export function killAtExit(child, signal = 'SIGKILL') {
  children.set(child, signal);
  child.once('exit', () => children.delete(child));
  return child;
}

process.on('exit', () => {
  for (const [child, signal] of children) child.kill(signal);
  // Whoever was only asked to end may still write for a moment.
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1));
