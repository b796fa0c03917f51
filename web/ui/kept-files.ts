// Files that are not on the server yet, kept in the browser's database until they are: a reload in the middle of an upload
// costs nothing.

const STORE = 'files';

/** `Kept`: the file, and whatever its page has to know to go on with it. */
export class KeptFiles<Kept extends { id: string; owner: string }> {
  private opened: Promise<IDBDatabase> | undefined;

  constructor(private name: string) {}

  keep(file: Kept): Promise<unknown> {
    return this.ask('readwrite', (store) => store.put(file));
  }

  forget(id: string): Promise<unknown> {
    return this.ask('readwrite', (store) => store.delete(id));
  }

  one(id: string): Promise<Kept | undefined> {
    return this.ask('readonly', (store) => store.get(id));
  }

  /** Those whose owner is such a one. */
  async of(isOne: (owner: string) => boolean): Promise<Kept[]> {
    const all: Kept[] = (await this.ask('readonly', (store) => store.getAll())) ?? [];
    return all.filter(({ owner }) => isOne(owner));
  }

  /** Asks the store; nothing where the browser has no database for us, as in some private windows: then a file lives as long as its page. */
  private async ask<T>(mode: IDBTransactionMode, request: (store: IDBObjectStore) => IDBRequest<T>): Promise<T | undefined> {
    try {
      const asked = request((await this.database()).transaction(STORE, mode).objectStore(STORE));
      return await new Promise<T>((resolve, reject) => {
        asked.onsuccess = () => resolve(asked.result);
        asked.onerror = () => reject(asked.error);
      });
    } catch {
      return undefined;
    }
  }

  private database(): Promise<IDBDatabase> {
    this.opened ??= new Promise((resolve, reject) => {
      const asked = indexedDB.open(this.name, 1);
      asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: 'id' });
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    });
    return this.opened;
  }
}
