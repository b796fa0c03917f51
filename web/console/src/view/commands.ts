// What the commands do, whether they are said by keys or chosen in the search.
import type { Command } from '../keyboard';
import type { Shown } from './shown';

const VIEWS: Partial<Record<Command, 'mine' | 'waiting' | 'all' | 'closed'>> = { mine: 'mine', waiting: 'waiting', all: 'all', closed: 'closed' };

const IN_A_CHAT: Command[] = ['card', 'mode', 'file', 'quote'];

/** Whether there is something to do it with. */
export function fits(command: Command, shown: Shown): boolean {
  const row = shown.row();
  if (command === 'transfer' || command === 'end') return !!row && shown.serves(row);
  if (command === 'order') return !!row;
  return !IN_A_CHAT.includes(command) || !!shown.roomid();
}

/** False when there is nothing to do it with. */
export function run(command: Command, shown: Shown): boolean {
  if (!fits(command, shown)) return false;
  const row = shown.row();
  const view = VIEWS[command];
  if (view) shown.show(view);
  else if (command === 'search') shown.focusSearch[1]((n) => n + 1);
  else if (command === 'sheet') shown.sheet[1]((open) => !open);
  else if (command === 'region') nextRegion();
  else if (command === 'previous') shown.step(-1);
  else if (command === 'next') shown.step(1);
  else if (command === 'next-waiting') shown.nextToAnswer();
  else if (command === 'take') void shown.takeNext();
  else if (command === 'undo') return shown.undo();
  else if (command === 'status') shown.statusMenu[1]((open) => !open);
  else if (command === 'card') shown.card[1]((open) => !open);
  else if (command === 'mode') {
    shown.mode[1]((mode) => (mode === 'reply' ? 'note' : 'reply'));
    shown.focusComposer[1]((n) => n + 1);
  } else if (command === 'file') shown.chooseFile[1]((n) => n + 1);
  else if (command === 'quote') shown.quoteBack();
  else if (row && command === 'order') void shown.makeOrder(row);
  else if (row && command === 'transfer') shown.transfer[1](true);
  else if (row && command === 'end') shown.end(row);
  else return false;
  return true;
}

/** Rail, list, log, composer, card, what is told for a while: the focus goes to the next one that is there. */
function nextRegion(): void {
  const regions = [...document.querySelectorAll<HTMLElement>('[data-region]')].filter((element) => element.getClientRects().length > 0);
  const at = regions.findIndex((element) => element.contains(document.activeElement));
  const next = regions[(at + 1) % regions.length];
  const inside = next?.querySelector<HTMLElement>('[data-first], [tabindex="0"], button, a[href], textarea, input');
  (inside ?? next)?.focus();
}
