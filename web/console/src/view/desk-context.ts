// The desk and what is shown of it, for every view that is inside.
import { createContext, useContext } from 'solid-js';
import type { Desk } from '../desk/desk';
import type { Shown } from './shown';

export const Inner = createContext<{ desk: Desk; shown: Shown }>();

export function useDesk(): { desk: Desk; shown: Shown } {
  const inner = useContext(Inner);
  if (!inner) throw new Error('this view stands inside of the console only');
  return inner;
}
