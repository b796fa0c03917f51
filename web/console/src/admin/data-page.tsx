// What is kept and for how long, and erasing one person: a visitor or an agent.
import { createResource, createSignal, For, Show, type JSX } from 'solid-js';
import type { VisitorCard } from '../desk/wire';
import { asRefusal, inWords } from '../refusal';
import { t, type Key } from '../text/say';
import { moment } from '../times';
import { useOffice } from '../view/desk-context';
import { Face, Icon } from '../view/parts';
import PersonData from './person-data';
import { RETENTION, SettingsForm } from './settings-form';

export function DataPage(): JSX.Element {
  return (
    <div class="data-page">
      <SettingsForm form={RETENTION} />
      <OnePerson />
      <Past />
    </div>
  );
}

function OnePerson(): JSX.Element {
  const office = useOffice();
  const [type, setType] = createSignal<'user' | 'cs'>('user');
  const [aid, setAid] = createSignal('');
  const [found, setFound] = createSignal<VisitorCard>();
  const [failure, setFailure] = createSignal('');
  const agent = (): string => office.directory.colleagues[0]().find((one) => one.aid === aid())?.nick ?? '';

  function choose(next: 'user' | 'cs'): void {
    setType(next);
    setAid('');
    setFound(undefined);
    setFailure('');
  }

  async function find(event: Event): Promise<void> {
    event.preventDefault();
    setFound(undefined);
    setFailure('');
    if (!aid().trim()) return;
    try {
      setFound(await office.rest.get<VisitorCard>(`/visitors/${encodeURIComponent(aid().trim())}`));
    } catch (thrown) {
      setFailure(asRefusal(thrown).errcode === 4004 ? t('data_nobody') : inWords(thrown));
    }
  }

  return (
    <section class="one-column" aria-labelledby="data-person">
      <div>
        <h2 class="t16 b" id="data-person">
          {t('data_person')}
        </h2>
        <p class="m t13">{t('data_person_about')}</p>
      </div>
      <div class="switch" role="group" aria-label={t('data_who')}>
        <For each={['user', 'cs'] as const}>
          {(one) => (
            <button type="button" aria-pressed={type() === one} onClick={() => choose(one)}>
              {t(`data_${one}` as Key)}
            </button>
          )}
        </For>
      </div>
      <Show
        when={type() === 'user'}
        fallback={
          <>
            <div class="field">
              <label for="data-cs">{t('data_cs')}</label>
              <select class="inp" id="data-cs" aria-describedby="data-cs-hint" value={aid()} onChange={(event) => setAid(event.currentTarget.value)}>
                <option value="">{t('data_choose')}</option>
                <For each={office.directory.colleagues[0]().filter((one) => one.aid !== office.session.aid)}>{(one) => <option value={one.aid}>{one.nick}</option>}</For>
              </select>
              <p class="hint" id="data-cs-hint">
                {t('data_cs_hint')}
              </p>
            </div>
            <Show when={agent()}>{(nick) => <PersonData of={{ type: 'cs', aid: aid() }} name={nick()} erased={() => void office.directory.loadColleagues()} />}</Show>
          </>
        }
      >
        <form class="field" onSubmit={(event) => void find(event)}>
          <label class="lab" for="data-aid">
            {t('data_user_id')}
          </label>
          <div class="find-person">
            <input id="data-aid" class="inp" dir="auto" maxLength={128} autocomplete="off" spellcheck={false} value={aid()} onInput={(event) => setAid(event.currentTarget.value)} aria-describedby="data-aid-hint" aria-invalid={!!failure()} />
            <button type="submit" class="btn">
              <Icon name="search" />
              {t('data_find')}
            </button>
          </div>
          <p class="hint" classList={{ bad: !!failure() }} id="data-aid-hint" role="status">
            {failure() || t('bans_who_hint')}
          </p>
        </form>
        <Show when={found()} keyed>
          {(card) => (
            <div class="found-person">
              <Face who="user" name={card.nick} aid={card.aid} size="md" />
              <p class="fx">
                <bdi class="b cut">{card.nick || card.aid}</bdi>
                <span class="m t12 cut">{card.arrival ? t('data_came', { time: moment(card.arrival.time) }) : card.aid}</span>
              </p>
              <PersonData of={{ type: 'user', aid: card.aid }} name={card.nick} />
            </div>
          )}
        </Show>
      </Show>
    </section>
  );
}

interface Act {
  number: number;
  act: string;
  actor: string;
  actor_kind: string;
  subject: string;
  time: number;
}

const SHOWN = 10;

/** Who was erased and exported before, as the audit has it. */
function Past(): JSX.Element {
  const office = useOffice();
  const [acts] = createResource(async () => {
    const of = async (act: string): Promise<Act[]> => (await office.rest.page<Act>('/audit', { act, limit: SHOWN })).data;
    return (await Promise.all([of('person.'), of('agent.erase')])).flat().sort((one, other) => other.time - one.time).slice(0, SHOWN);
  });
  return (
    <Show when={!acts.error && (acts() ?? []).length > 0}>
      <section class="one-column" aria-labelledby="data-past">
        <h2 class="t16 b" id="data-past">
          {t('data_past')}
        </h2>
        <ul class="acts">
          <For each={acts()}>
            {(act) => (
              <li class="t13">
                <span class="m nw">{moment(act.time)}</span>
                <bdi class="fx cut">{t(act.act === 'person.export' ? 'data_exported' : 'data_erased', { who: act.subject })}</bdi>
                <bdi class="m cut">{act.actor_kind === 'agent' ? office.directory.nick(act.actor) : act.actor || act.actor_kind}</bdi>
              </li>
            )}
          </For>
        </ul>
      </section>
    </Show>
  );
}
