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
}

/** Nothing when there is no answer: the page has words of its own for all of it. */
export async function profileOf(companyid: string): Promise<Profile | undefined> {
  try {
    return (await (await fetch(`/onlinechat/api/company?${new URLSearchParams({ companyid })}`)).json()).data;
  } catch {
    return undefined;
  }
}
