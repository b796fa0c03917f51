// Who listens to which event.
import { callPage } from './world.js';

type Listener = (...args: any[]) => void;

export class Emitter {
  private listeners = new Map<string, Listener[]>();

  on(event: string, listener: Listener): void {
    this.listeners.set(event, [...this.of(event), listener]);
  }

  /** Without a listener: all of them. */
  off(event: string, listener?: Listener): void {
    this.listeners.set(event, listener ? this.of(event).filter((known) => known !== listener) : []);
  }

  has(event: string): boolean {
    return this.of(event).length > 0;
  }

  emit(event: string, ...args: unknown[]): void {
    for (const listener of this.of(event)) callPage(listener, ...args);
  }

  private of(event: string): Listener[] {
    return this.listeners.get(event) ?? [];
  }
}
