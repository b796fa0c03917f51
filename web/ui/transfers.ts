// Uploads under way, on whatever page: how far each has come, stopped when asked, begun again when the network that broke it is back.

/** The code under which nodechat.js says that the service could not be reached. */
const UNREACHABLE = 3101;
const PATIENCE_MS = 3_000;

/** What the service says against a file. */
export interface TransferRefusal {
  errcode: number;
  errmsg: string;
  retry_after?: number;
}

export interface TransferEvents<Job> {
  /** Sends the file of this job; `upload` of nodechat.js is made for it. */
  upload(job: Job, options: { signal: AbortSignal; onProgress(loaded: number, total: number): void }): Promise<{ msg: any }>;
  /** From 0 to 1. */
  progress(job: Job, part: number): void;
  /** It is there: `msg` is what a message has to carry. */
  done(job: Job, msg: any): void;
  refused(job: Job, err: TransferRefusal): void;
  /** The channel stands, so that nothing else will tell when to try again. */
  online(): boolean;
}

export class Transfers<Job extends { id: string }> {
  private running = new Map<string, AbortController>();
  private broken = new Map<string, Job>();

  constructor(private events: TransferEvents<Job>) {}

  has(id: string): boolean {
    return this.running.has(id) || this.broken.has(id);
  }

  start(job: Job): void {
    const stop = new AbortController();
    this.running.set(job.id, stop);
    this.events
      .upload(job, {
        signal: stop.signal,
        onProgress: (loaded, total) => this.events.progress(job, loaded / Math.max(1, total)),
      })
      .then(
        ({ msg }) => this.ended(job, stop) && this.events.done(job, msg),
        (err) => this.ended(job, stop) && this.failed(job, err),
      );
  }

  /** Nothing is told of it any more. */
  cancel(id: string): void {
    this.running.get(id)?.abort();
    this.running.delete(id);
    this.broken.delete(id);
  }

  /** The page goes on without them. */
  close(): void {
    for (const id of [...this.running.keys(), ...this.broken.keys()]) this.cancel(id);
  }

  /** The network is back. */
  resume(): void {
    for (const job of [...this.broken.values()]) {
      this.broken.delete(job.id);
      this.start(job);
    }
  }

  /** False when it was cancelled meanwhile. */
  private ended({ id }: Job, stop: AbortController): boolean {
    return this.running.get(id) === stop && this.running.delete(id);
  }

  private failed(job: Job, err: TransferRefusal): void {
    if (err.errcode !== UNREACHABLE) return this.events.refused(job, err);
    this.broken.set(job.id, job);
    // The network may be away for uploads alone; the channel's own return is not waited for then.
    if (this.events.online()) setTimeout(() => this.resume(), PATIENCE_MS);
  }
}
