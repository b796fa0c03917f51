// A part that nobody needs at first: fetched as soon as the connection stands, so that it is here when it is asked for.
import { createEffect, createSignal, Show, type Component } from 'solid-js';
import { useDesk } from './desk-context';

export function fetched<P extends object>(fetch: () => Promise<Component<P>>): Component<P> {
  const [part, setPart] = createSignal<Component<P>>();
  return (props) => {
    const { desk } = useDesk();
    createEffect(() => {
      // What could not be had is asked for again with the next connection.
      if (desk.line[0]() === 'up' && !part()) fetch().then((it) => setPart(() => it), () => {});
    });
    return (
      <Show when={part()} keyed>
        {(Part) => <Part {...props} />}
      </Show>
    );
  };
}
