// What else fits the search, below the visitors that it has found: commands, and what was said. The whole history is searched in its own section.
import { createEffect, createMemo, createSignal, For, on, onCleanup, Show, type JSX } from 'solid-js';
import { marked, type Snippet } from '../admin/snippet';
import { keysOf, type Command } from '../keyboard';
import { hits as words } from '../text/hits';
import { t, type Key } from '../text/say';
import { learn } from '../text/texts';
import { shortTime } from '../times';
import { fits, run } from './commands';
import { useDesk } from './desk-context';
import { Face } from './parts';
import { LINES } from './sheet';

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

/** What one would say in the search instead of by its keys. */
const COMMANDS = LINES.flatMap(([keys, does]): [Command, Key][] => (typeof keys === 'string' || keys.length > 1 ? [] : [[keys[0] as Command, does]])).filter(([command]) => command !== 'search');

/** `found`: told how many there are. */
export function Hits(props: { text: string; now: number; found: (n: number) => void }): JSX.Element {
  const { desk, shown } = useDesk();
  const [hits, setHits] = createSignal<Hit[]>([]);
  const commands = createMemo(() => COMMANDS.filter(([command, does]) => fits(command, shown) && t(does).toLowerCase().includes(props.text.toLowerCase())));
  createEffect(() => props.found(hits().length + commands().length));
  createEffect(
    on(
      () => props.text,
      (text) => {
        let isOver = false;
        const timer = window.setTimeout(() => {
          // The visitors that were found stand there all the same.
          const none = { data: [] as Hit[] };
          void desk.rest.page<Hit>('/messages/search', { text, limit: MOST }).catch(() => none).then(({ data }) => !isOver && setHits(data));
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
  function choose(command: Command): void {
    void desk.lists.find('');
    run(command, shown);
  }
  return (
    <>
      <Show when={commands().length > 0}>
        <h2 class="sec">
          <b>{t('keys')}</b>
        </h2>
        <For each={commands()}>
          {([command, does]) => (
            <button type="button" class="crow command-row" onClick={() => choose(command)}>
              <span class="cut fx">{t(does)}</span>
              <kbd>{keysOf(command)}</kbd>
            </button>
          )}
        </For>
      </Show>
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
    </>
  );
}
