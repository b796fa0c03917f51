// What lies over the conversation for a moment.
import type { Chat } from '../chat';
import type { Kept } from '../kept';
import type { Sheet } from '../view/Conversation';
import { LeaveSheet } from './Leave';
import { OrdersSheet } from './Orders';
import { RateSheet } from './Rate';

export interface SheetProps {
  kind: Sheet;
  chat: Chat;
  kept: Kept;
  close(): void;
}

export default function Sheets(props: SheetProps) {
  if (props.kind === 'rate') return <RateSheet {...props} />;
  return props.kind === 'orders' ? <OrdersSheet {...props} /> : <LeaveSheet {...props} />;
}
