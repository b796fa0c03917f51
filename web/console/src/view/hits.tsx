// What was said that fits the search, below the visitors that it has found; the whole history is searched in its own section.
import { createEffect, createSignal, For, on, onCleanup, Show, type JSX } from 'solid-js';
import { marked, type Snippet } from '../admin/snippet';
import { hits as words } from '../text/hits';
import { t } from '../text/say';
import { learn } from '../text/texts';
import { shortTime } from '../times';
import { useDesk } from './desk-context';
import { Face } from './parts';

learn(words);

interface Hit {
  roomid: string;
  id: string;
  pos: number;
  type: 'usermsg' | 'csmsg';
  aid: string;
  nick: string;
  time: number;
  snippet: Snippet;
}

const MOST = 8;
/** Who goes on typing is not asked about every letter. */
const STILL_MS = 200;

/** `found`: told how many there are. */
export function Hits(props: { text: string; now: number; found: (n: number) => void }): JSX.Element {
  const { desk, shown } = useDesk();
  const [hits, setHits] = createSignal<Hit[]>([]);
  const tell = (all: Hit[]): void => {
    setHits(all);
    props.found(all.length);
  };
  createEffect(
    on(
      () => props.text,
      (text) => {
        let isOver = false;
        const timer = window.setTimeout(() => {
          // The visitors that were found stand there all the same.
          const none = { data: [] as Hit[] };
          void desk.rest.page<Hit>('/messages/search', { text, limit: MOST }).catch(() => none).then(({ data }) => !isOver && tell(data));
        }, STILL_MS);
        onCleanup(() => {
          isOver = true;
          window.clearTimeout(timer);
        });
      },
    ),
  );
  onCleanup(() => props.found(0));
  function open({ roomid, id, pos }: Hit): void {
    shown.sought[1]({ roomid, id, pos });
    shown.open(roomid);
  }
  return (
    <Show when={hits().length > 0}>
      <h2 class="sec">
        <b>{t('hits')}</b>
      </h2>
      <For each={hits()}>
        {(hit) => (
          <button type="button" class="crow hit-row" onClick={() => open(hit)}>
            <Face who={hit.type === 'usermsg' ? 'user' : 'cs'} name={hit.nick} aid={hit.aid} size="md" />
            <span class="nm cut">
              <bdi>{hit.nick}</bdi>
            </span>
            <span class="tm">{shortTime(hit.time, props.now)}</span>
            <span class="pv cut" dir="auto">
              {hit.snippet.cut_before ? '…' : ''}
              <For each={marked(hit.snippet)}>{(part) => (part.hit ? <mark>{part.text}</mark> : part.text)}</For>
            </span>
          </button>
        )}
      </For>
    </Show>
  );
}
