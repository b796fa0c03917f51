// Files that are not on the server yet, kept in the browser's database until they are: a reload in the middle of an upload
// costs nothing.
import type { Item } from '../items';

export type KeptFile = Pick<Item, 'id' | 'mtype' | 'time'> & {
  /** Whose it is, and for whom: `company/aid`. */
  owner: string;
  upload: NonNullable<Item['upload']>;
};

const STORE = 'files';

let opened: Promise<IDBDatabase> | undefined;

function database(): Promise<IDBDatabase> {
  opened ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open('nodechat.chat', 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: 'id' });
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
  return opened;
}

/** Asks the store; nothing where the browser has no database for us, as in some private windows: then a file lives as long as its page. */
async function ask<T>(mode: IDBTransactionMode, request: (store: IDBObjectStore) => IDBRequest<T>): Promise<T | undefined> {
  try {
    const asked = request((await database()).transaction(STORE, mode).objectStore(STORE));
    return await new Promise<T>((resolve, reject) => {
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    });
  } catch {
    return undefined;
  }
}

export const keepFile = (file: KeptFile): Promise<unknown> => ask('readwrite', (store) => store.put(file));

export const forgetFile = (id: string): Promise<unknown> => ask('readwrite', (store) => store.delete(id));

export const keptFile = (id: string): Promise<KeptFile | undefined> => ask('readonly', (store) => store.get(id));

export async function keptFiles(owner: string): Promise<KeptFile[]> {
  const all: KeptFile[] = (await ask('readonly', (store) => store.getAll())) ?? [];
  return all.filter((file) => file.owner === owner);
}

/** Of everybody who talked here with the company. */
export async function forgetFilesOf(companyid: string): Promise<void> {
  const all: KeptFile[] = (await ask('readonly', (store) => store.getAll())) ?? [];
  for (const { id, owner } of all) if (owner.startsWith(`${companyid}/`)) await forgetFile(id);
}
