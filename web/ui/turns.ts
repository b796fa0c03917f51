// Whose turn it is with a file: several pages of one person may know of it, one sends it, and the next takes over when that is closed.

export class Turns {
  private closing = new AbortController();
  private held = new Map<string, () => void>();

  /** Resolves when it is ours. */
  take(id: string): Promise<void> {
    // Not lent to pages over plain http; two of them at once make one message all the same, because they say one id.
    if (!navigator.locks || this.held.has(id)) return Promise.resolve();
    return new Promise((ours) => {
      const hold = (): Promise<void> => {
        ours();
        return new Promise((release) => this.held.set(id, release));
      };
      // Refused only when this one is closed while another page has its turn.
      navigator.locks.request(`nodechat.file/${id}`, { signal: this.closing.signal }, hold).catch(() => {});
    });
  }

  end(id: string): void {
    this.held.get(id)?.();
    this.held.delete(id);
  }

  close(): void {
    this.closing.abort();
    for (const id of [...this.held.keys()]) this.end(id);
  }
}
