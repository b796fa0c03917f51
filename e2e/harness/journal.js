// What a client has heard, in order, with a way to wait for something to be in it.

export class Journal {
  entries = [];
  #waiting = new Set();

  add(entry) {
    this.entries.push(entry);
    for (const waiter of this.#waiting) waiter(entry);
  }

  /** The first entry, already there or still to come, for which `fits` is true; rejects at the deadline. */
  find(what, fits, deadlineMs = 10_000) {
    const there = this.entries.find(fits);
    if (there !== undefined) return Promise.resolve(there);
    return new Promise((resolve, reject) => {
      const waiter = (entry) => {
        if (fits(entry)) finish(() => resolve(entry));
      };
      const finish = (answer) => {
        clearTimeout(timer);
        this.#waiting.delete(waiter);
        answer();
      };
      const timer = setTimeout(() => {
        const last = this.entries.slice(-5).map((entry) => JSON.stringify(entry)?.slice(0, 200));
        finish(() => reject(new Error(`waited ${deadlineMs} ms in vain: ${what}; ${this.entries.length} heard, the last of them:\n  ${last.join('\n  ')}`)));
      }, deadlineMs);
      this.#waiting.add(waiter);
    });
  }
}
