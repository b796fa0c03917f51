// What the browser keeps for a company: over a reload, and for next time.

/** Where to keep; `localStorage` is one, and a `Map` stands in where the browser refuses. */
export interface Shelf {
  getItem(name: string): string | null;
  setItem(name: string, value: string): void;
  removeItem(name: string): void;
}

export interface Kept {
  get(name: string): string | null;
  /** `null` and the empty text remove it. */
  set(name: string, value: string | null): void;
}

/** `shelf` is a function because browsers throw at the mere mention of a storage that is switched off. */
export function keptFor(company: string, shelf: () => Shelf): Kept {
  const session = new Map<string, string>();
  const full = (name: string): string => `nodechat.chat/${company}/${name}`;
  return {
    get(name) {
      try {
        return shelf().getItem(full(name)) ?? session.get(name) ?? null;
      } catch {
        return session.get(name) ?? null; // storage is switched off: remembered until the page is closed
      }
    },
    set(name, value) {
      if (value) session.set(name, value);
      else session.delete(name);
      try {
        if (value) shelf().setItem(full(name), value);
        else shelf().removeItem(full(name));
      } catch {
        // storage is full or switched off: remembered until the page is closed
      }
    },
  };
}
