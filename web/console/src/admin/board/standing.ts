// What the service says of a desk, as far as a wallboard shows it.

export interface Standing {
  waiting: number;
  waiting_since?: number;
  messages_left: number;
  serving: number;
  agents: number;
  free_seats: number;
  staff: AtWork[];
  groups: GroupStanding[];
}

export interface AtWork {
  csid: string;
  nick: string;
  status: 'O' | 'B';
  serving: number;
  cap: number;
}

export interface GroupStanding {
  groupid?: string;
  waiting: number;
  waiting_since?: number;
  serving: number;
  seats: number;
  free_seats: number;
}

/** Five minutes: since when, how many asked in them, how many waited at their end. */
export interface Step {
  time: number;
  asked: number;
  waiting: number;
}
