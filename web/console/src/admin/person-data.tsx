// Everything of one person: taken out as a file, or erased, with what that means said before.
import { createSignal, Match, Show, Switch, type JSX } from 'solid-js';
import { inWords } from '../refusal';
import { person } from '../text/person';
import { t } from '../text/say';
import { learn } from '../text/texts';
import { useOffice } from '../view/desk-context';
import { Modal } from '../view/modal';
import { Icon, Refused } from '../view/parts';
import { download } from './download';
import { erase, erasureOf, type Person } from './erasures';
import '../style/person.css';

learn(person);

/** `erased`: told when everything is gone. */
export default function PersonData(props: { of: Person; name: string; erased?: () => void }): JSX.Element {
  const office = useOffice();
  const [sure, setSure] = createSignal(false);
  const [keepWords, setKeepWords] = createSignal(false);
  const [busy, setBusy] = createSignal(false);
  const [failure, setFailure] = createSignal('');
  const name = (): string => props.name || props.of.aid;

  async function take(): Promise<void> {
    setBusy(true);
    await office.doing(async () => download(await office.rest.file(`/visitors/${encodeURIComponent(props.of.aid)}/export`, {}), `${props.of.aid}.zip`));
    setBusy(false);
  }

  async function go(): Promise<void> {
    setBusy(true);
    setFailure('');
    const { erased } = props;
    try {
      await erase(office, props.of, keepWords(), () => erased?.());
      setSure(false);
    } catch (thrown) {
      setFailure(inWords(thrown));
    }
    setBusy(false);
  }

  return (
    <div class="person-data">
      <Switch
        fallback={
          <>
            <Show when={props.of.type === 'user'}>
              <button type="button" class="btn sm" disabled={busy()} onClick={() => void take()}>
                <Icon name="download" />
                {t(busy() ? 'person_exporting' : 'person_export')}
              </button>
            </Show>
            <button type="button" class="btn bare sm danger" onClick={() => (setFailure(''), setSure(true))}>
              <Icon name="bin" />
              {t('person_erase')}
            </button>
          </>
        }
      >
        <Match when={erasureOf(office, props.of)}>
          {(watched) => (
            <p class="t13 person-progress" classList={{ ok: watched().erasure.finished !== undefined }} role="status">
              {t(watched().erasure.finished === undefined ? 'person_erasing' : 'person_erased', { n: watched().erasure.messages, files: watched().erasure.files })}
              <Show when={watched().erasure.finished === undefined}>
                <span class="m t12">{watched().silence ? t('person_unknown', { why: watched().silence }) : t('person_erasing_hint')}</span>
              </Show>
            </p>
          )}
        </Match>
      </Switch>
      <Modal open={sure()} close={() => setSure(false)} title={t('person_erase_sure', { name: name() })}>
        <div class="person-sure">
          <p>{t(props.of.type === 'user' ? 'person_goes_user' : 'person_goes_cs')}</p>
          <p class="m2">{t('person_stays')}</p>
          <Show
            when={props.of.type === 'user'}
            fallback={
              <label class="check">
                <input type="checkbox" checked={keepWords()} onChange={(event) => setKeepWords(event.currentTarget.checked)} />
                <span>{t('person_keep_words')}</span>
              </label>
            }
          >
            <p class="m2">
              {t('person_first')}{' '}
              <button type="button" class="link" disabled={busy()} onClick={() => void take()}>
                {t('person_export')}
              </button>
            </p>
          </Show>
          <Refused words={failure()} />
        </div>
        <div class="dialog-deeds">
          <button type="button" class="btn bare" data-first onClick={() => setSure(false)}>
            {t('cancel')}
          </button>
          <button type="button" class="btn danger-fill cut" disabled={busy()} onClick={() => void go()}>
            <bdi class="cut">{t('person_erase_it', { name: name() })}</bdi>
          </button>
        </div>
      </Modal>
    </div>
  );
}
