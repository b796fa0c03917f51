// The whole page: who is let in sees the conversation, everybody else reads why not and what to do.
import type { NodechatError } from 'nodechat';
import { createSignal, onCleanup, Show } from 'solid-js';
import { canRetry } from '../../../sdk/src/catch-up';
import { openChat, type Chat } from '../chat';
import { keepTicket, type Way } from '../entry';
import type { Kept } from '../kept';
import type { Profile } from '../profile';
import { seconds } from '../reason';
import { t } from '../text/say';
import { Conversation } from './Conversation';

interface AppProps {
  company: string;
  kept: Kept;
  tab: Kept;
  profile: Promise<Profile | undefined>;
  /** The address names a person, whether or not that is accepted. */
  named: boolean;
  enter(): Promise<Way>;
}

/** A conversation that needs another ticket asks for it again after so long. */
const AGAIN_MS = 5_000;

export function App(props: AppProps) {
  const [chat, setChat] = createSignal<Chat>();
  const [refusal, setRefusal] = createSignal<NodechatError>();
  const [named, setNamed] = createSignal(props.named || Boolean(props.tab.get('ticket')));
  let renewed = false;
  let gone = false;

  async function come(): Promise<void> {
    setRefusal(undefined);
    try {
      const way = await props.enter();
      if (gone) return;
      setNamed(way.named);
      open(way);
    } catch (err) {
      const { errcode, retry_after = AGAIN_MS } = err as NodechatError;
      // A conversation is not taken away for what heals by itself.
      if (chat() && canRetry(errcode)) setTimeout(() => gone || come(), retry_after);
      else setRefusal(err as NodechatError);
    }
  }

  function open({ ticket, aid, named }: Way): void {
    const before = chat();
    if (before) return before.renew(ticket);
    const opened = openChat({
      company: props.company,
      ticket,
      aid,
      kept: props.kept,
      profile: props.profile,
      refused(err) {
        const over = err.errcode === 4003;
        // A ticket lasts a day, a page may stay open for longer; who is anonymous gets another one by itself, once.
        if (over && !named && !renewed) {
          renewed = true;
          return void come();
        }
        if (over) keepTicket(props.tab, null);
        setRefusal(err);
      },
      entered() {
        renewed = false;
        // Of a ticket in the address it was not known before.
        if (named) props.tab.set('aid', opened.aid!);
      },
    });
    setChat(() => opened);
  }

  onCleanup(() => {
    gone = true;
    chat()?.nodechat.close();
  });
  void come();
  return (
    <Show
      when={refusal()}
      fallback={
        <Show when={chat()} fallback={<Loading />} keyed>
          {(opened) => <Conversation chat={opened} kept={props.kept} tab={props.tab} />}
        </Show>
      }
      keyed
    >
      {(err) => <Refused err={err} named={named()} retry={come} />}
    </Show>
  );
}

/** Grey bars in the final layout; they are seen only when it takes longer than a moment. */
function Loading() {
  return (
    <main class="v" aria-busy="true">
      <div class="top" />
      <div class="skeleton" role="status" aria-label={t('loading')}>
        <i class="w60" />
        <i class="w40" />
        <i class="w50 out" />
      </div>
    </main>
  );
}

function Refused(props: { err: NodechatError; named: boolean; retry(): void }) {
  const words = () => {
    const { errcode, retry_after } = props.err;
    if (errcode === 4029) return [t('refused_fast'), t('refused_fast_do', { n: seconds(retry_after) })] as const;
    if (errcode >= 4000 && errcode < 4100) {
      return props.named || errcode === 4009 ? ([t('refused_link'), t('refused_link_do')] as const) : ([t('refused_company'), t('refused_company_do')] as const);
    }
    return [t('unreachable'), t('unreachable_do')] as const;
  };
  const hopeless = () => props.named && props.err.errcode === 4003;
  return (
    <main class="v">
      <div class="notice" role="alert">
        <h1 class="t16">{words()[0]}</h1>
        <p class="t14 m2">{words()[1]}</p>
        <Show when={!hopeless()}>
          <button class="btn" type="button" onClick={props.retry}>
            {t('try_again')}
          </button>
        </Show>
      </div>
    </main>
  );
}
