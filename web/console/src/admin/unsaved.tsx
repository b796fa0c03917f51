// Asks whoever goes elsewhere whether what is not saved may be lost.
import { createEffect, onCleanup, type JSX } from 'solid-js';
import { t } from '../text/say';
import { asked, discard, isUnsaved, stay } from '../unsaved';
import { Modal } from '../view/modal';

export function Unsaved(): JSX.Element {
  // What was being saved is saved.
  createEffect(() => asked() && !isUnsaved() && discard());
  onCleanup(stay);
  return (
    <Modal open={!!asked()} close={stay} title={t('unsaved_sure')}>
      <p class="m2">{t('unsaved_hint')}</p>
      <div class="dialog-deeds">
        <button type="button" class="btn bare" data-first onClick={stay}>
          {t('unsaved_stay')}
        </button>
        <button type="button" class="btn danger-fill" onClick={discard}>
          {t('discard_changes')}
        </button>
      </div>
    </Modal>
  );
}
