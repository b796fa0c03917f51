// What the loader in the host's page and the visitor's page in its panel say to each other, each word by `postMessage`.

export interface Look {
  /** `#rrggbb`, dark enough for white words; empty: ours. As the host asked for it, otherwise the company. */
  accent: string;
  side: 'right' | 'left';
  /** Pixels between the launcher and the edges. */
  gap: number;
  /** Words beside the launcher's icon, mostly none. */
  text: string;
}

/** Who somebody is, as the host vouches for it with one of the two; `forget`: whoever it was before is somebody else. */
export interface Proof {
  token?: string | undefined;
  jwt?: string | undefined;
  forget?: boolean | undefined;
}

/** Whom a visitor gets who asks for a person: somebody of a group, or this one if free. Empty: whoever is next. */
export interface Route {
  group?: string | undefined;
  agent?: string | undefined;
}

export interface Theme {
  accent?: string | undefined;
  theme?: 'light' | 'dark' | undefined;
}

/** What holds until something else is said. */
export interface State extends Theme {
  /** Where the visitor is, and what the host tells of that besides, for the agents. */
  page: string;
  referrer: string;
  told: object;
  route: Route;
}

/** From the loader. `begin`: there is a conversation to be heard, even if nobody looks. `key`: as it was to be kept. */
export type ToPanel =
  | ({ nodechat: 'boot'; open: boolean; begin: boolean; proof: Proof; key: string | undefined } & State)
  | ({ nodechat: 'state' } & State)
  | { nodechat: 'anew'; proof: Proof }
  | { nodechat: 'open' | 'close' }
  | { nodechat: 'send'; text: string; now: boolean }
  | { nodechat: 'card'; card: object };

/** From the visitor's page. What is said in the conversation is not among it: that stays in the panel. */
export type FromPanel =
  | { nodechat: 'hello' | 'close' | 'talked'; value?: undefined }
  | { nodechat: 'look'; value: Look }
  /**
   * Of a visitor who is logged in nowhere, in browsers that keep nothing for a page inside of another site's; empty: whoever it
   * was is forgotten, in all browsers.
   */
  | { nodechat: 'key'; value: string }
  | { nodechat: 'unread'; value: number }
  | { nodechat: 'message'; value: { from: 'agent' | 'company'; time: number } }
  | { nodechat: 'refused'; value: { errcode: number; errmsg: string } };
