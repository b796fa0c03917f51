// A picture as visitors see it, or what stands for it where there is none or it does not open.
import { createResource, createSignal, Show, type JSX } from 'solid-js';
import { pictureOf } from '../../../../ui/card';
import { useDesk } from '../../view/desk-context';

export function Picture(props: { path: string; class?: string; fallback: JSX.Element }): JSX.Element {
  const { desk } = useDesk();
  const [broken, setBroken] = createSignal('');
  const picture = (): string => pictureOf(props.path, location.origin);
  const [url] = createResource(picture, (picture) => (picture.includes('://') ? picture : desk.pictureUrl(picture).catch(() => '')));
  const shown = (): string | undefined => (url.state === 'ready' && picture() && broken() !== url() ? url() : undefined);
  return (
    <Show when={shown()} fallback={props.fallback}>
      {(source) => <img class={props.class} src={source()} alt="" onError={() => setBroken(source())} />}
    </Show>
  );
}
