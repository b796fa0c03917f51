// Short sentences about what has just happened: at most three at once, each for a few seconds, some with something that can be done about it.
import { createSignal } from 'solid-js';
import type { Key } from '../text/texts';

export interface Toast {
  id: number;
  text: string;
  /** What can be done about it: undone, or looked at. */
  deed?: Deed | undefined;
}

export interface Deed {
  label: Key;
  run: () => void;
}

const MOST = 3;

export class Toasts {
  readonly all = createSignal<Toast[]>([]);
  private ids = 0;
  private left = new Map<number, number>();
  private held = false;
  private timer: number | undefined;

  say(text: string, { deed, ms = 5_000 }: { deed?: Deed; ms?: number } = {}): void {
    const id = (this.ids += 1);
    this.left.set(id, ms);
    this.all[1]((all) => [...all.slice(-(MOST - 1)), { id, text, deed }]);
    this.tick();
  }

  run(toast: Toast): void {
    toast.deed?.run();
    this.drop(toast.id);
  }

  drop(id: number): void {
    this.left.delete(id);
    this.all[1]((all) => all.filter((toast) => toast.id !== id));
  }

  /** While the pointer is on them, their time stands still. */
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
        if (left <= passed) this.drop(id);
        else this.left.set(id, left - passed);
      }
      if (this.left.size > 0) return;
      window.clearInterval(this.timer);
      this.timer = undefined;
    }, 250);
  }
}
