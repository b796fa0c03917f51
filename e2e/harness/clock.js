// A clock for servers that can be set back, so that a day's talk need not take a day: Debian's libfaketime, where it is installed.
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from './tidy.js';

const LIBRARY = ['/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1', '/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1'].find(existsSync);
const MINUTE_S = 60;

export class Clock {
  #file = join(temporaryFolder(), 'clock');
  #minutes = 0;

  constructor() {
    if (LIBRARY) this.goesBack(0);
  }

  /** For the environment of a server that is to live by this clock. Timers go on by the machine's own. */
  get env() {
    return LIBRARY ? { LD_PRELOAD: LIBRARY, FAKETIME_TIMESTAMP_FILE: this.#file, FAKETIME_NO_CACHE: '1', DONT_FAKE_MONOTONIC: '1' } : {};
  }

  /** From now on it is so many minutes ago. */
  goesBack(minutes) {
    this.#minutes = minutes;
    if (LIBRARY) writeFileSync(this.#file, `-${Math.round(minutes * MINUTE_S)}`);
  }

  get now() {
    return Date.now() - (LIBRARY ? this.#minutes * MINUTE_S * 1000 : 0);
  }
}
