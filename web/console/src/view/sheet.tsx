// All keys on one sheet.
import { For, type JSX } from 'solid-js';
import { copyKeys, keysOf, type Command } from '../keyboard';
import { keys } from '../text/keys';
import { t, type Key } from '../text/say';
import { learn } from '../text/texts';
import { useDesk } from './desk-context';
import { Modal } from './modal';

learn(keys);

export const LINES: [keys: string | Command[], does: Key][] = [
  ['Enter / Shift+Enter', 'keys_send'],
  ['/', 'keys_canned'],
  ['↑', 'keys_back'],
  [['previous', 'next'], 'keys_move'],
  [['next-waiting'], 'keys_next_waiting'],
  [['take'], 'keys_take'],
  [['search'], 'keys_search'],
  [['mode'], 'keys_mode'],
  [['quote'], 'keys_quote'],
  [['file'], 'keys_file'],
  [['transfer'], 'keys_transfer'],
  [['end'], 'keys_end'],
  [['undo'], 'keys_undo'],
  [['order'], 'keys_order'],
  [['status'], 'keys_status'],
  [['card'], 'keys_card'],
  [['mine', 'closed'], 'keys_tabs'],
  ['Esc', 'keys_escape'],
  ['F6', 'keys_regions'],
  ['?', 'keys_sheet'],
];

export function Sheet(): JSX.Element {
  const { shown } = useDesk();
  return (
    <Modal open={shown.sheet[0]()} close={() => shown.sheet[1](false)} title={t('keys')} class="sheet">
      <dl class="keylist">
        <For each={LINES}>
          {([keys, does]) => (
            <div>
              <dt>
                <For each={typeof keys === 'string' ? keys.split(' / ') : keys.map((command) => keysOf(command))}>{(key) => <kbd>{key}</kbd>}</For>
              </dt>
              <dd>{t(does, { copy: copyKeys() })}</dd>
            </div>
          )}
        </For>
      </dl>
    </Modal>
  );
}
