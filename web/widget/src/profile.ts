// What a company says of itself to everybody who comes to its page.

export interface Profile {
  /** Path of an uploaded image, or an address. */
  logo: string;
  locale: string;
  welcome: string;
  /** What visitors read when nobody is there. */
  offline: string;
  open: boolean;
  /** As they are set: `mon 09:00-18:00`, a line for each day. */
  hours: string;
  ask_rating: boolean;
  /** `#rrggbb`; empty: ours. */
  accent: string;
  launcher_side: 'right' | 'left';
  launcher_text: string;
  launcher_gap: number;
}

/** Nothing when there is no answer: the page has words of its own for all of it. `host`: the origin of the page that shows this one. */
export async function profileOf(companyid: string, host = ''): Promise<Profile | undefined> {
  try {
    return (await (await fetch(`/onlinechat/api/company?${new URLSearchParams({ companyid, ...(host && { host }) })}`)).json()).data;
  } catch {
    return undefined;
  }
}
