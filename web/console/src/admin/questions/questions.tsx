// The questions: their table with its editor, a file that is taken in, and all of them as a file.
import { createMemo, createSignal, lazy, Show, Suspense, type JSX } from 'solid-js';
import { language, t } from '../../text/say';
import { leaving } from '../../unsaved';
import { useOffice } from '../../view/desk-context';
import { Icon } from '../../view/parts';
import { download } from '../download';
import { Things } from '../things';
import { questions } from './kind';
import type { Present } from './types';

const Import = lazy(() => import('./import'));

export function Questions(): JSX.Element {
  const office = useOffice();
  const [importing, setImporting] = createSignal(false);
  const [busy, setBusy] = createSignal(false);

  async function take(): Promise<void> {
    setBusy(true);
    await office.doing(async () => {
      const [{ write }, all] = await Promise.all([import('./csv'), office.rest.all<Present>('/questions')]);
      download(new Blob([write(all, language())], { type: 'text/csv;charset=utf-8' }), `${office.session.companyid}-questions.csv`);
    });
    setBusy(false);
  }

  const kind = createMemo(() => ({
    ...questions(office),
    tools: () => (
      <>
        <button type="button" class="btn" onClick={() => leaving(() => setImporting(true))}>
          {t('csv_import')}
        </button>
        <button type="button" class="btn" disabled={busy()} onClick={() => void take()}>
          <Icon name="download" />
          {t('csv_export')}
        </button>
      </>
    ),
  }));

  return (
    <Show when={importing()} fallback={<Things kind={kind()} />}>
      <Suspense fallback={<section class="table-side" aria-busy="true" />}>
        <Import close={() => setImporting(false)} />
      </Suspense>
    </Show>
  );
}
