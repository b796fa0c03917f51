// How it was: five squares with words, what was good or bad about it, and whatever else there is to say.
import { createEffect, createSignal, For, onCleanup, Show } from 'solid-js';
import { clock } from '../../../start/src/demo/times';
import { RATES, type Rate, type Rating } from '../../../ui/card';
import type { Chat } from '../chat';
import { reason } from '../reason';
import { locale, t } from '../text/say';
import { Failed, Over } from './form';
import { askRating, CHANGE_MS, changePast, isOver, past, showRating } from './past';
import type { SheetProps } from './Sheets';

const PRAISE = ['tag_clear', 'tag_fast', 'tag_kind', 'tag_solved'] as const;
const BLAME = ['tag_unclear', 'tag_slow', 'tag_unkind', 'tag_unsolved'] as const;

export function RateSheet(props: SheetProps) {
  const { chat } = props;
  // Of the consultation that was shown; another one may begin while the sheet is open.
  const { chatid } = chat.service()!;
  const before = () => (past()?.chatid === chatid ? past() : undefined);
  const [chosen, choose] = createSignal<Rate | undefined>(before()?.rating?.rateresult);
  const [tags, setTags] = createSignal(before()?.rating?.tags ?? []);
  const [text, setText] = createSignal(before()?.rating?.text ?? '');
  const [failed, setFailed] = createSignal('');
  const [busy, setBusy] = createSignal(false);
  const offered = () => (chosen() === 'GOOD' || chosen() === 'BEST' ? PRAISE : BLAME).map((key) => t(key));

  async function send(event: Event): Promise<void> {
    event.preventDefault();
    const rateresult = chosen();
    if (!rateresult || busy()) return;
    setBusy(true);
    try {
      await chat.nodechat.request('user', { type: 'rate', roomid: chat.room()!.roomid, chatid, ratetype: 'HAND', rateresult });
      tell(chat, { rateresult, tags: offered().filter((tag) => tags().includes(tag)), text: text().trim() });
      close();
    } catch (err) {
      setFailed(t('call_failed', { reason: reason(err as object) }));
    }
    setBusy(false);
  }
  function close(): void {
    const now = chat.service();
    if (now?.chatid === chatid) chat.setService({ ...now!, rate: false });
    props.close();
  }
  // Answered in another tab.
  createEffect(() => chat.service()?.rate === false && props.close());
  return (
    <Over title={t('how_was_it')} close={close}>
      <Show when={before()}>
        {(last) => (
          <p class="t14 m2" dir="auto">
            {when(last())}
          </p>
        )}
      </Show>
      <form onSubmit={send}>
        <fieldset class="rates">
          <legend class="sr">{t('how_was_it')}</legend>
          <For each={RATES}>
            {(rate, at) => (
              <label>
                <input class="sr" type="radio" name="rate" value={rate} checked={chosen() === rate} onChange={() => choose(rate)} />
                <b aria-hidden="true">{at() + 1}</b>
                <span>{t(`rate_${rate}`)}</span>
              </label>
            )}
          </For>
        </fieldset>
        <Show when={chosen()}>
          <div class="chips" role="group" aria-label={t('rate_about')}>
            <For each={offered()}>
              {(tag) => (
                <button class="btn chip" type="button" aria-pressed={tags().includes(tag)} onClick={() => setTags(tags().includes(tag) ? tags().filter((one) => one !== tag) : [...tags(), tag])}>
                  {tag}
                </button>
              )}
            </For>
          </div>
          <textarea class="field words" rows="2" maxlength="1000" dir="auto" placeholder={t('rate_more')} aria-label={t('rate_more')} value={text()} onInput={({ currentTarget: { value } }) => setText(value)} />
        </Show>
        <Failed words={failed()} />
        <button class="btn pri wide" disabled={!chosen() || busy()}>
          {t('rate_send')}
        </button>
      </form>
    </Over>
  );
}

/** The service keeps the square; the words go into the conversation, where whoever served can read them. */
function tell(chat: Chat, rating: Rating): void {
  const time = Date.now();
  changePast({ rating: { ...rating, time } });
  if (!rating.tags.length && !rating.text) return showRating(chat, { ...rating, time });
  chat.remove({ id: `rated ${past()?.chatid}` });
  chat.send({ ...chat.blank('custom'), msg: { kind: 'rating', ...rating } });
}

function when({ nick, from, to }: { nick: string; from: number; to?: number }): string {
  return to ? t('rate_when', { nick, from: clock(from, locale()), to: clock(to, locale()) }) : nick;
}

/** What was said about it, and the way to say it otherwise. */
export function Receipt(props: { rating: Rating; time: number; chat: Chat }) {
  const { chat } = props;
  const [young, setYoung] = createSignal(Date.now() - props.time < CHANGE_MS);
  const timer = setTimeout(() => setYoung(false), Math.max(0, props.time + CHANGE_MS - Date.now()));
  onCleanup(() => clearTimeout(timer));
  // The last word about the last consultation, while no other one runs.
  const changeable = () => {
    const last = past()?.rating;
    return young() && isOver(chat) && last?.text === props.rating.text && last?.rateresult === props.rating.rateresult;
  };
  return (
    <div class="cardm receipt">
      <p class="b">{t(`rate_${props.rating.rateresult}`)}</p>
      <Show when={props.rating.tags.length}>
        <p dir="auto">{props.rating.tags.join(t('comma'))}</p>
      </Show>
      <Show when={props.rating.text}>
        <p class="words" dir="auto">
          {props.rating.text}
        </p>
      </Show>
      <p class="t12 m">
        {t('rated_at', { time: clock(props.time, locale()) })}
        <Show when={changeable()}>
          {t('comma')}
          {t('rate_changeable')} <button class="link" type="button" onClick={() => askRating(chat)}>{t('rate_change')}</button>
        </Show>
      </p>
    </div>
  );
}
