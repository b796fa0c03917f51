// What is behind the door: the rail, and the section that is open.
import { createEffect, createSignal, lazy, Match, onCleanup, onMount, Show, Switch, type JSX } from 'solid-js';
import { Bell } from '../bell/bell';
import { Desk } from '../desk/desk';
import { commandOf, type Command } from '../keyboard';
import { place } from '../place';
import type { Session } from '../session/session';
import { t } from '../text/say';
import { leaving } from '../unsaved';
import { run } from './commands';
import { Conversation } from './conversation';
import { Around, Inner } from './desk-context';
import { fetched } from './fetched';
import { ListPane } from './list-pane';
import { Rail } from './rail';
import { Shown } from './shown';
import { ToastStack } from './toast-stack';

const Admin = lazy(() => import('../admin/admin'));
const Card = fetched(async () => (await import('./card')).Card);
const Sheet = fetched(async () => (await import('./sheet')).Sheet);

export function Inside(props: { session: Session; leave: () => void; ended: () => void }): JSX.Element {
  // The session is another one only when everything here is another one.
  // eslint-disable-next-line solid/reactivity
  const desk = new Desk(props.session, props.ended);
  const shown = new Shown(desk);
  const bell = new Bell(desk, shown);
  onCleanup(() => {
    bell.close();
    desk.close();
  });

  const [narrow, setNarrow] = createSignal(innerWidth);
  onMount(() => {
    const measure = (): void => void setNarrow(innerWidth);
    const press = (event: KeyboardEvent): void => pressed(event, shown);
    window.addEventListener('resize', measure);
    // Before the focused part: arrows with Alt are ours even where arrows alone open a menu.
    window.addEventListener('keydown', press, true);
    onCleanup(() => {
      window.removeEventListener('resize', measure);
      window.removeEventListener('keydown', press, true);
    });
  });
  createEffect(() => {
    const open = shown.row()?.topic;
    const waiting = shown.parted().toAnswer.length;
    document.title = `${waiting > 0 ? `(${waiting}) ` : ''}${open ? `${open} · ` : ''}${desk.directory.company[0]()?.name ?? ''}${t('title')}`;
  });
  const cardBeside = (): boolean => narrow() >= 1280;

  return (
    <Around.Provider value={desk}>
      <Inner.Provider value={{ desk, shown }}>
        <div class="console" classList={{ 'has-room': !!shown.roomid(), 'has-card': shown.card[0](), 'is-admin': place().section !== 'chats' }}>
          <Rail leave={() => leaving(() => props.leave())} bell={bell} />
          <Switch>
            <Match when={place().section === 'chats'}>
              <main class="chats">
                <ListPane bell={bell} />
                <Conversation />
              </main>
              <Show when={shown.roomid() && (cardBeside() || shown.card[0]())}>
                <Card drawer={!cardBeside()} />
              </Show>
            </Match>
            <Match when={true}>
              {/* No Suspense: whatever a page loads later would hide all of it and take the focus. */}
              <Admin />
            </Match>
          </Switch>
          <ToastStack />
          <Sheet />
        </div>
      </Inner.Provider>
    </Around.Provider>
  );
}

/** What has a meaning outside of the chats, too. */
const ANYWHERE: Command[] = ['sheet', 'region', 'undo'];

function pressed(event: KeyboardEvent, shown: Shown): void {
  if (event.isComposing) return;
  const command = commandOf(event);
  if (!command) return;
  // A question mark that is typed is a question mark.
  if (command === 'sheet' && event.target instanceof HTMLElement && event.target.matches('input, textarea, select')) return;
  if (document.querySelector('[role=dialog]') && command !== 'sheet') return;
  if (place().section !== 'chats' && !ANYWHERE.includes(command)) return;
  if (!run(command, shown)) return;
  event.preventDefault();
  event.stopPropagation();
}
