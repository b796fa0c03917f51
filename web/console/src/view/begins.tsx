// Whether this browser belongs to somebody who has just set the company up, who is shown what to do next in place of an empty pane.
import { createSignal, lazy, Show, Suspense, type JSX } from 'solid-js';
import { kept } from '../../../start/src/kept';
import { useDesk } from './desk-context';

/** The company that was set up here, until its owner is through. */
export const BEGIN_KEPT_AS = 'nodechat.console.begin';

const Begin = lazy(() => import('./begin'));

/** `where`: screens on which this pane is seen. */
export function Begins(props: { where: string; children: JSX.Element }): JSX.Element {
  const { desk } = useDesk();
  const [shown, setShown] = createSignal(kept(BEGIN_KEPT_AS) === desk.session.companyid && matchMedia(props.where).matches);
  return (
    <Show when={shown()} fallback={props.children}>
      <Suspense>
        <Begin away={() => setShown(false)} />
      </Suspense>
    </Show>
  );
}
