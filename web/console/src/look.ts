// How the console looks: as the system does, light or dark; kept for this computer.
import { createEffect, createSignal } from 'solid-js';
import { keep, kept } from '../../start/src/kept';

export type Theme = 'system' | 'light' | 'dark';

const KEPT_AS = 'nodechat.console.theme';
const [theme, setTheme] = createSignal<Theme>(themeOf(kept(KEPT_AS)));

const dark = matchMedia('(prefers-color-scheme: dark)');
const [systemIsDark, setSystemIsDark] = createSignal(dark.matches);
dark.addEventListener('change', () => setSystemIsDark(dark.matches));

export { systemIsDark, theme };

export function choose(next: Theme): void {
  keep(KEPT_AS, next === 'system' ? null : next);
  setTheme(next);
}

/** Keeps the root's attribute as chosen, here and when another tab chooses. */
export function followTheme(): void {
  createEffect(() => {
    if (theme() === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme();
  });
  window.addEventListener('storage', ({ key, newValue }) => {
    if (key === KEPT_AS) setTheme(themeOf(newValue));
  });
}

function themeOf(text: string | null): Theme {
  return text === 'light' || text === 'dark' ? text : 'system';
}
