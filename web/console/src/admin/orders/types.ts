// Work orders as the service tells them, and their way from one state to the next.
export interface Order {
  id: string;
  title: string;
  phone: string;
  describe: string;
  /** Key of its kind. */
  kind: string;
  pictures: string[];
  submitter: string;
  roomid?: string | null;
  chatid?: string | null;
  state: State;
  owner?: string | null;
  created: number;
  updated: number;
}

export interface Kind {
  key: string;
  text: string;
}

/** A line of an order's history. */
export interface Line {
  number: number;
  time: number;
  by: string;
  by_id: string;
  what: string;
  from?: string;
  to?: string;
  text?: string;
}

export const STATES = ['new', 'accepted', 'in_progress', 'solved', 'closed'] as const;

export type State = (typeof STATES)[number];

/** Where an order may go from each state; whoever wants something else is refused by the server. */
export const STEPS: Record<State, readonly State[]> = {
  new: ['accepted', 'in_progress', 'closed'],
  accepted: ['in_progress', 'solved', 'closed'],
  in_progress: ['accepted', 'solved', 'closed'],
  solved: ['in_progress', 'closed'],
  closed: [],
};

export const TONES: Record<State, string> = { new: 'warn-tag', accepted: '', in_progress: '', solved: 'ok-tag', closed: 'soft-tag' };
