// A file, a voice message or a video in the log.
import { Show } from 'solid-js';
import { extension, sizeInWords, splitName } from '../../../start/src/demo/file';
import { Sound, type Said } from '../../../ui/sound';
import type { Item } from '../items';
import { t } from '../text/say';
import { Icon } from '../view/Icon';
import type { LogProps } from '../view/Log';
import { Progress } from './Picture';
import { cancel } from './uploads';
import { withTicket } from './with-ticket';

interface Told {
  fileid?: string;
  filename?: string;
  filesize?: number;
}

export function File({ item, log: { chat } }: { item: Item; log: LogProps }) {
  const { fileid, filename, filesize } = asObject(item.msg);
  const name = item.upload?.file.name ?? filename ?? '';
  const bytes = item.upload?.file.size ?? filesize;
  const [start, ending] = splitName(name);
  const inside = (
    <>
      <span class="ext" aria-hidden="true">
        {extension(name)}
      </span>
      <span class="fx">
        <span class="name" dir="auto" title={name}>
          <span class="cut">{start}</span>
          <span class="nw">{ending}</span>
        </span>
        <Show when={item.state === 'uploading'} fallback={<span class="size">{bytes === undefined ? '' : sizeInWords(bytes)}</span>}>
          <Progress id={item.id} />
        </Show>
      </span>
    </>
  );
  if (item.state === 'uploading') {
    return (
      <div class="bub file">
        {inside}
        <button class="ib" type="button" aria-label={t('cancel')} title={t('cancel')} onClick={() => cancel(chat, item)}>
          <Icon name="x" size="s" />
        </button>
      </div>
    );
  }
  if (!fileid) return <div class="bub file">{inside}</div>;
  // With a ticket only while it is followed: some companies ask for one, and no copied link should carry it.
  const plain = chat.nodechat.fileUrl(fileid);
  const follow = (link: HTMLAnchorElement): void => {
    link.href = withTicket(plain, chat);
    setTimeout(() => (link.href = plain));
  };
  return (
    <a class="bub file" href={plain} download={name} title={t('download', { name })} onClick={({ currentTarget }) => follow(currentTarget)}>
      {inside}
      <Icon name="download" size="s" />
    </a>
  );
}

export function Media({ item, log: { chat } }: { item: Item; log: LogProps }) {
  return (
    <Sound
      kind={item.mtype}
      said={asObject(item.msg)}
      say={t}
      imageUrl={async (path) => withTicket(await chat.nodechat.imageUrl(path), chat)}
      fileUrl={(fileid) => withTicket(chat.nodechat.fileUrl(fileid), chat)}
    />
  );
}

/** Files and media come as an object, or as its JSON text from older pages. */
function asObject(msg: unknown): Told & Said {
  if (typeof msg !== 'string') return Object(msg);
  try {
    return Object(JSON.parse(msg));
  } catch {
    return {}; // not JSON: shown as a file without a name rather than as raw text
  }
}
