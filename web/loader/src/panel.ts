// The visitor's page in a frame: spoken to once it has spoken, and heard only when it is really it.
import type { FromPanel, ToPanel } from './messages';

export interface Panel {
  frame: HTMLIFrameElement;
  /** What is said before the page listens is kept for it. */
  tell(message: ToPanel): void;
}

/** `hello` has to give what the page is to know first, at each of its beginnings; `signal` ends it. */
export function openPanel(into: HTMLElement, address: URL, title: string, hello: () => ToPanel, heard: (message: FromPanel) => void, signal: AbortSignal): Panel {
  const frame = document.createElement('iframe');
  let listens = false;
  let waiting: ToPanel[] = [];
  const post = (message: ToPanel): void => frame.contentWindow!.postMessage(message, address.origin);

  frame.title = title;
  frame.allow = 'microphone; clipboard-write';
  frame.src = address.href;
  // A page that was refused to us is drawn by the browser, and says nothing to anybody.
  frame.hidden = true;
  into.append(frame);
  addEventListener(
    'message',
    ({ source, origin, data }) => {
      if (source !== frame.contentWindow || origin !== address.origin || !data?.nodechat) return;
      if (data.nodechat === 'hello') {
        listens = true;
        frame.hidden = false;
        [hello(), ...waiting].forEach(post);
        waiting = [];
      }
      heard(data);
    },
    { signal },
  );

  return {
    frame,
    tell: (message) => void (listens ? post(message) : waiting.push(message)),
  };
}
