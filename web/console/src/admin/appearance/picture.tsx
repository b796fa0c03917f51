// An uploaded picture by its path, or what stands for it where there is none or it does not open.
import { createResource, createSignal, Show, type JSX } from 'solid-js';
import { useDesk } from '../../view/desk-context';

export function Picture(props: { path: string; class?: string; fallback: JSX.Element }): JSX.Element {
  const { desk } = useDesk();
  const [broken, setBroken] = createSignal('');
  // Pictures of other hosts are not loaded into the console: its policy has no room for them.
  const [url] = createResource(
    () => (props.path && !/^https?:/.test(props.path) ? props.path : undefined),
    (path) => desk.pictureUrl(path).catch(() => ''),
  );
  const shown = (): string | undefined => (url.state === 'ready' && props.path && !/^https?:/.test(props.path) && broken() !== url() ? url() : undefined);
  return (
    <Show when={shown()} fallback={props.fallback}>
      {(source) => <img class={props.class} src={source()} alt="" onError={() => setBroken(source())} />}
    </Show>
  );
}
