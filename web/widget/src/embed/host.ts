// The page that shows this one in its panel: its origin is that of its first word, and nobody else is heard.
import type { FromPanel, ToPanel } from '../../../loader/src/messages';

export interface Host {
  /** Empty until it has spoken, and for a page that has none, such as a file. */
  origin(): string;
  tell(message: FromPanel): void;
}

export function meetHost(heard: (message: ToPanel) => void): Host {
  let from: string | undefined;
  // A file has the origin `null`, to which nothing can be addressed.
  const known = (): string => (from && from !== 'null' ? from : '');
  const tell = (message: FromPanel): void => parent.postMessage(message, known() || '*');
  addEventListener('message', ({ source, origin, data }) => {
    if (source !== parent || typeof data?.nodechat !== 'string' || (from ??= origin) !== origin) return;
    heard(data);
  });
  // For whoever it is, as there is nothing in it.
  tell({ nodechat: 'hello' });
  return { origin: known, tell };
}
