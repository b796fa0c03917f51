// What the composer has besides words: pictures and files to pick, paste or drop, the line that is quoted, and typing told.
import { createEffect, createSignal, onCleanup, Show, untrack, type Accessor } from 'solid-js';
import type { Chat } from '../chat';
import type { Item } from '../items';
import type { Kept } from '../kept';
import { t } from '../text/say';
import { Icon } from '../view/Icon';
import { Emoji } from './Emoji';
import { Picker } from './Picker';
import { inOneLine, who } from './Quoted';
import { canRecord, isRecording, record, Recording } from './Recording';
import { Tool } from './Tool';
import { sendFile } from './uploads';

const TYPING_PAUSE_MS = 1_200;

interface ToolsProps {
  chat: Chat;
  kept: Kept;
  box: HTMLTextAreaElement;
  text: Accessor<string>;
  sent(): void;
}

export function Tools({ chat, kept, box, text, sent }: ToolsProps) {
  const [over, setOver] = createSignal(false);
  tellTyping(chat, text);

  function send(files: Iterable<File>): void {
    for (const file of files) void sendFile(chat, file);
    sent();
  }
  const hasFiles = ({ dataTransfer }: DragEvent) => dataTransfer?.types.includes('Files');
  function drag(event: DragEvent): void {
    if (!hasFiles(event)) return;
    event.preventDefault();
    setOver(event.type === 'dragover');
    if (event.type === 'drop') send(event.dataTransfer!.files);
  }
  function leave({ relatedTarget }: DragEvent): void {
    if (!relatedTarget) setOver(false);
  }
  function paste(event: ClipboardEvent): void {
    const files = event.clipboardData?.files;
    if (!files?.length) return;
    event.preventDefault();
    send(files);
  }
  const listen = (how: 'addEventListener' | 'removeEventListener'): void => {
    document[how]('dragover', drag as EventListener);
    document[how]('drop', drag as EventListener);
    document[how]('dragleave', leave as EventListener);
    box[how]('paste', paste as EventListener);
  };
  queueMicrotask(() => listen('addEventListener'));
  onCleanup(() => listen('removeEventListener'));
  return (
    <>
      <Picker icon="plus" words={t('attach')} picked={send} multiple />
      {matchMedia('(pointer: coarse)').matches && <Picker icon="camera" words={t('photo')} picked={send} accept="image/*" capture="environment" />}
      <Show when={canRecord() && !isRecording()}>
        <Tool icon="mic" words={t('record')} use={() => record(chat)} />
      </Show>
      {/* A phone's keyboard has them. */}
      {matchMedia('(pointer: fine)').matches && <Emoji box={box} kept={kept} />}
      <Show when={over()}>
        <div class="drop">{t('drop')}</div>
      </Show>
    </>
  );
}

/** To the one who serves, and not more often than the service wants to hear it. */
function tellTyping(chat: Chat, text: Accessor<string>): void {
  let last = 0;
  createEffect((first) => {
    const words = text();
    untrack(() => {
      if (first || !words || !chat.online() || chat.service()?.status !== 'serving' || Date.now() - last < TYPING_PAUSE_MS) return;
      last = Date.now();
      // A refusal is of no interest to anybody: it was only a sign.
      chat.nodechat.emit('typing', { roomid: chat.room()!.roomid, text: words.slice(0, 500) }, () => {});
    });
    return false;
  }, true);
}

/** What stands above the box: a voice that is being recorded, the line that the next words answer to. */
export function Above({ chat, quote, unquote }: { chat: Chat; quote: Accessor<Item | undefined>; unquote(): void }) {
  return (
    <>
    <Recording chat={chat} />
    <Show when={quote()}>
      {(item) => (
        <div class="quoting">
          <p class="fx cut" dir="auto">
            <b>{t('quoting', { who: who(item(), chat.room()?.topic ?? '') })}</b> {inOneLine(item())}
          </p>
          <button class="ib" type="button" aria-label={t('unquote')} title={t('unquote')} onClick={unquote}>
            <Icon name="x" size="s" />
          </button>
        </div>
      )}
    </Show>
    </>
  );
}
