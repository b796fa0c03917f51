// What visitors have not sent yet of their files, in the browser's database.
import { KeptFiles } from '../../../ui/kept-files';
import type { Item } from '../items';

export type KeptFile = Pick<Item, 'id' | 'mtype' | 'time'> & {
  /** Whose it is, and for whom: `company/aid`. */
  owner: string;
  upload: NonNullable<Item['upload']>;
};

export const keptFiles = new KeptFiles<KeptFile>('nodechat.chat');

/** Of everybody who talked here with the company. */
export async function forgetFilesOf(companyid: string): Promise<void> {
  for (const { id } of await keptFiles.of((owner) => owner.startsWith(`${companyid}/`))) await keptFiles.forget(id);
}
