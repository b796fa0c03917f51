// Short sentences about what has just happened: at most three at once, each for a few seconds, some with something that can be done about it.
import { createSignal } from 'solid-js';
import type { Key } from '../text/texts';

export interface Toast {
  id: number;
  text: string;
  /** What can be done about it: undone, or looked at. */
  deed?: Deed | undefined;
}

interface Told {
  deed?: Deed;
  ms?: number;
  /** Its time is up, and nothing was done about it. */
  over?: () => void;
}

export interface Deed {
  label: Key;
  run: () => void;
}

const MOST = 3;

export class Toasts {
  readonly all = createSignal<Toast[]>([]);
  private ids = 0;
  private left = new Map<number, { ms: number; over?: (() => void) | undefined }>();
  private held = false;
  private timer: number | undefined;

  say(text: string, { deed, ms = 5_000, over }: Told = {}): void {
    const id = (this.ids += 1);
    this.left.set(id, { ms, over });
    this.all[1]((all) => [...all.slice(-(MOST - 1)), { id, text, deed }]);
    this.tick();
  }

  run(toast: Toast): void {
    toast.deed?.run();
    this.drop(toast.id);
  }

  /** Takes back what was done last; false when there is nothing. */
  undo(): boolean {
    const last = this.all[0]().findLast(({ deed }) => deed?.label === 'undo');
    if (last) this.run(last);
    return !!last;
  }

  drop(id: number): void {
    this.left.delete(id);
    this.all[1]((all) => all.filter((toast) => toast.id !== id));
  }

  /** While pointer or focus are on them, their time stands still. */
  hold(held: boolean): void {
    this.held = held;
  }

  private tick(): void {
    if (this.timer !== undefined) return;
    let last = performance.now();
    this.timer = window.setInterval(() => {
      const now = performance.now();
      const passed = now - last;
      last = now;
      if (this.held) return;
      for (const [id, left] of this.left) {
        left.ms -= passed;
        if (left.ms > 0) continue;
        this.drop(id);
        left.over?.();
      }
      if (this.left.size > 0) return;
      window.clearInterval(this.timer);
      this.timer = undefined;
    }, 250);
  }
}
