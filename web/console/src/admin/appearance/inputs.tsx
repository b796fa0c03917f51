// Fields of the appearance: a colour that stays readable, a picture that is uploaded.
import { createSignal, Show, type JSX } from 'solid-js';
import { darkened } from '../../../../ui/accent';
import { pictureOf } from '../../../../ui/card';
import { inWords } from '../../refusal';
import { t } from '../../text/say';
import { useDesk } from '../../view/desk-context';
import { Icon } from '../../view/parts';
import { Picture } from './picture';

const OURS = '#0f5b66';

interface Common {
  id: string;
  disabled: boolean;
  'aria-describedby': string;
}

export function Colour(props: { common: Common; label: string; value: string; set: (value: string) => void }): JSX.Element {
  const known = (): boolean => darkened(props.value) !== undefined;
  const deeper = (): string => {
    const colour = darkened(props.value);
    return colour && colour.toLowerCase() !== props.value.toLowerCase() ? colour : '';
  };
  return (
    <>
      <div class="colour">
        <input type="color" disabled={props.common.disabled} aria-label={props.label} value={known() ? props.value : OURS} onInput={(event) => props.set(event.currentTarget.value)} />
        <input {...props.common} class="inp mono" classList={{ 'is-bad': props.value !== '' && !known() }} maxLength={7} spellcheck={false} autocomplete="off" placeholder={OURS} aria-invalid={props.value !== '' && !known()} value={props.value} onInput={(event) => props.set(withHash(event.currentTarget.value))} />
        <Show when={props.value && !props.common.disabled}>
          <button type="button" class="btn bare" onClick={() => props.set('')}>
            {t('look_ours')}
          </button>
        </Show>
      </div>
      <p class="hint" classList={{ bad: props.value !== '' && !known(), warn: !!deeper() }} role="status">
        {props.value !== '' && !known() ? t('look_no_colour') : deeper() ? t('look_deeper', { colour: deeper() }) : ''}
      </p>
    </>
  );
}

export function PictureField(props: { common: Common; value: string; set: (value: string) => void }): JSX.Element {
  const { desk } = useDesk();
  const [busy, setBusy] = createSignal(false);
  const [failure, setFailure] = createSignal('');
  let chooser!: HTMLInputElement;

  async function take(file: File | undefined): Promise<void> {
    if (!file) return;
    setBusy(true);
    setFailure('');
    try {
      props.set(String((await desk.nodechat.upload(file, { kind: 'image' })).msg));
    } catch (thrown) {
      setFailure(inWords(thrown));
    }
    setBusy(false);
  }

  return (
    <>
      <div class="picture-field">
        <Picture path={props.value} class="look-mark" fallback={<span class="look-mark none" aria-hidden="true"><Icon name="image" /></span>} />
        <button type="button" id={props.common.id} class="btn" aria-describedby={props.common['aria-describedby']} disabled={props.common.disabled || busy()} onClick={() => chooser.click()}>
          {t(busy() ? 'look_uploading' : props.value ? 'look_another' : 'look_choose')}
        </button>
        <Show when={props.value && !props.common.disabled}>
          <button type="button" class="btn bare" onClick={() => props.set('')}>
            {t('look_without')}
          </button>
        </Show>
        <input
          ref={chooser}
          type="file"
          hidden
          accept="image/png,image/jpeg,image/webp,image/gif"
          onChange={(event) => {
            void take(event.currentTarget.files?.[0]);
            event.currentTarget.value = '';
          }}
        />
      </div>
      <Show when={props.value && !pictureOf(props.value, location.origin)}>
        <p class="hint warn" role="status">
          {t('look_elsewhere')}
        </p>
      </Show>
      <Show when={failure()}>
        <p class="hint bad" role="alert">
          {failure()}
        </p>
      </Show>
    </>
  );
}

/** What is pasted without it has one. */
function withHash(text: string): string {
  const digits = text.trim().replace(/^#/, '');
  return digits && `#${digits}`;
}
