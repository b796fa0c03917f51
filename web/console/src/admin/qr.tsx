// A QR code, drawn as one path; what makes it is fetched when it is first shown.
import { createResource, Show, type JSX } from 'solid-js';
import { t } from '../text/say';

/** Light modules around it, without which readers do not find it. */
const QUIET = 4;

export function QrCode(props: { text: string }): JSX.Element {
  const [code] = createResource(
    () => props.text,
    async (text) => {
      const { generate } = await import('lean-qr');
      const { size, get } = generate(text);
      const path = Array.from({ length: size }, (_, y) => Array.from({ length: size }, (_, x) => (get(x, y) ? `M${x} ${y}h1v1h-1z` : '')).join('')).join('');
      return { path, box: `${-QUIET} ${-QUIET} ${size + 2 * QUIET} ${size + 2 * QUIET}` };
    },
  );
  return (
    <Show when={!code.error} fallback={<p class="hint bad">{t('install_qr_failed')}</p>}>
      <svg class="qr" viewBox={code()?.box} role="img" aria-label={t('install_qr')} shape-rendering="crispEdges">
        <path d={code()?.path} />
      </svg>
    </Show>
  );
}
