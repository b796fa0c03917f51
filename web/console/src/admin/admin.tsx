// The sections beside the chats, loaded when one is opened.
import type { JSX } from 'solid-js';

export default function Admin(): JSX.Element {
  return <main class="admin" />;
}
