// The chime on a page that the browser does not let sound before it was clicked.
import { afterEach, beforeEach, expect, it, vi } from 'vitest';

/** An audio context that is silent until `let`. */
class Silent {
  static notes = 0;
  static let: () => void;
  state = 'suspended';
  currentTime = 0;
  private resumed = new Promise<void>((done) => (Silent.let = () => ((this.state = 'running'), done())));
  resume = (): Promise<void> => this.resumed;
  private node = { connect: () => this.node, gain: new Proxy({}, { get: () => () => undefined }), frequency: {}, start: () => void (Silent.notes += 1), stop: () => undefined };
  createOscillator = (): unknown => this.node;
  createGain = (): unknown => this.node;
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.resetModules();
  Silent.notes = 0;
  vi.stubGlobal('AudioContext', Silent);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it('what was missed before the first click is not played late, all at once', async () => {
  const { chime } = await import('../src/bell/sound');
  for (let n = 0; n < 5; n += 1) chime();
  vi.advanceTimersByTime(60_000);
  Silent.let();
  await vi.advanceTimersByTimeAsync(0);
  expect(Silent.notes).toBe(0);
  chime();
  expect(Silent.notes).toBe(2);
});

it('what the browser lets sound at once is heard', async () => {
  const { chime } = await import('../src/bell/sound');
  chime();
  Silent.let();
  await vi.advanceTimersByTimeAsync(0);
  expect(Silent.notes).toBe(2);
});
