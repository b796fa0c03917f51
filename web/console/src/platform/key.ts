// The platform's key, kept for this tab: whoever has it may do everything at every company of the platform.
const KEPT_AS = 'nodechat.platform';

export function keptKey(): string {
  try {
    return sessionStorage.getItem(KEPT_AS) ?? '';
  } catch {
    return ''; // storage is switched off: nothing was kept
  }
}

/** Nothing: forgets it. */
export function keepKey(key: string): void {
  try {
    if (key) sessionStorage.setItem(KEPT_AS, key);
    else sessionStorage.removeItem(KEPT_AS);
  } catch {
    // storage is switched off: it lives as long as the page
  }
}
