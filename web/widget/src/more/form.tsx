// What forms in a sheet are made of: the sheet, a field with its label and what is wrong with it, a refusal.
import { onMount, Show, type JSX } from 'solid-js';
import { t } from '../text/say';
import { Icon } from '../view/Icon';

/** A dialog of the browser's own: it holds the focus and closes with Esc. */
export function Over(props: { title: string; close(): void; children: JSX.Element }) {
  let dialog!: HTMLDialogElement;
  onMount(() => dialog.showModal());
  return (
    <dialog ref={dialog} class="sheet" aria-labelledby="sheet-title" onClose={props.close} onClick={(event) => event.target === dialog && dialog.close()}>
      <div class="inner">
        <div class="head">
          <h2 id="sheet-title" class="fx">
            {props.title}
          </h2>
          <button class="ib xl" type="button" aria-label={t('close')} title={t('close')} onClick={() => dialog.close()}>
            <Icon name="x" />
          </button>
        </div>
        {props.children}
      </div>
    </dialog>
  );
}

export function Field(props: { label: string; name: string; wrong: string | undefined; children: (described: () => string | undefined) => JSX.Element }) {
  const id = () => (props.wrong ? `${props.name}-wrong` : undefined);
  return (
    <div class="row">
      <label for={props.name}>{props.label}</label>
      {props.children(id)}
      <Show when={props.wrong}>
        <p class="wrong" id={id()}>
          {props.wrong}
        </p>
      </Show>
    </div>
  );
}

export function Failed(props: { words: string }) {
  return (
    <Show when={props.words}>
      <p class="wrong" role="alert">
        {props.words}
      </p>
    </Show>
  );
}
