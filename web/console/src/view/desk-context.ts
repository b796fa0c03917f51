// The desk and what is shown of it, for every view that is inside; and the office, for whatever only administers.
import { createContext, useContext } from 'solid-js';
import type { Desk } from '../desk/desk';
import type { Office } from '../desk/office';
import type { Shown } from './shown';

export const Inner = createContext<{ desk: Desk; shown: Shown }>();
export const Around = createContext<Office>();

export function useDesk(): { desk: Desk; shown: Shown } {
  const inner = useContext(Inner);
  if (!inner) throw new Error('this view stands inside of the console only');
  return inner;
}

export function useOffice(): Office {
  const office = useContext(Around);
  if (!office) throw new Error('this view stands in an office only');
  return office;
}
