// The questions of a company, by topic; what is being written can be tried before it is saved.
import { createSignal } from 'solid-js';
import type { Office } from '../../desk/office';
import { t } from '../../text/say';
import type { Draft, Item } from '../fields';
import { bdi, text } from '../kinds';
import type { Kind } from '../things';
import { TryOut, type Written } from '../try-out';

interface Question {
  id: string;
  title: string;
  default: boolean;
  enabled: boolean;
  order: number;
  items: (Item & { id: string })[];
}

export function questions(office: Office): Kind<Question> {
  const tried = createSignal('');
  const supervisor = office.may('supervisor');
  return {
    title: 'questions',
    about: 'questions_about',
    empty: 'questions_empty',
    make: 'questions_make',
    id: ({ id }) => id,
    name: ({ title }) => title,
    load: () => office.rest.all<Question>('/questions'),
    columns: [
      { title: 'questions_title', cell: ({ title }) => bdi(title) },
      { title: 'questions_items', cell: ({ items }) => <bdi class="one-line">{items.map(({ title }) => title).join(' · ')}</bdi>, class: 'soft wide' },
      { title: 'questions_shown', cell: (question) => t(!question.enabled ? 'state_off' : question.default ? 'questions_in_card' : 'questions_search_only'), class: 'soft' },
      { title: 'questions_order', cell: ({ order }) => order, class: 'num' },
    ],
    fields: () => [
      { name: 'title', label: t('questions_title'), hint: 'questions_title_hint', kind: 'text', max: 200, required: true },
      { name: 'items', label: t('questions_items'), kind: 'items' },
      { name: 'default', label: t('questions_default'), kind: 'switch' },
      { name: 'enabled', label: t('questions_enabled'), kind: 'switch' },
      { name: 'order', label: t('questions_order'), hint: 'questions_order_hint', kind: 'number' },
    ],
    draft: (question) => ({
      title: question?.title ?? '',
      items: question?.items.map(({ id, title, answer }) => ({ id, title, answer })) ?? [{ title: '', answer: '' }],
      default: question?.default ?? true,
      enabled: question?.enabled ?? true,
      order: question?.order ?? 0,
    }),
    async save(question, draft) {
      const items = (draft.items as Item[]).filter(({ title, answer }) => title.trim() || answer.trim());
      const said = { title: text(draft, 'title'), items, default: draft.default === true, enabled: draft.enabled === true, order: Number(draft.order) || 0 };
      await office.rest.send(question ? 'PUT' : 'POST', question ? `/questions/${question.id}` : '/questions', said);
      return undefined;
    },
    remove: (question) => office.rest.send('DELETE', `/questions/${question.id}`),
    mayWrite: () => supervisor,
    foot: (editing) => <TryOut text={tried} {...(editing && supervisor && { written: () => written(editing.thing, editing.draft()) })} />,
  };
}

function written(question: Question | undefined, draft: Draft): Written {
  const items = (draft.items as Item[]).map(({ id, title }) => ({ ...(id && { id }), title }));
  return { id: question?.id, title: text(draft, 'title'), items, enabled: draft.enabled === true };
}
