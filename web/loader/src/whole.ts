// On a phone the panel is the whole screen: the host's page behind it does not scroll, and a keyboard does not lie over the panel.

/** As in launcher.css. */
const WHOLE = matchMedia('(max-width: 480px), (max-height: 480px)');

let before: string | undefined;

/** Holds the host's page while the panel is open as the whole screen, or lets it go; what a keyboard leaves of the screen. */
export function hold(open: boolean): { top: string; seen: string } {
  const { style } = document.documentElement;
  const whole = open && WHOLE.matches;
  if (whole !== (before !== undefined)) {
    const now = style.overflow;
    style.overflow = whole ? 'hidden' : before!;
    before = whole ? now : undefined;
  }
  const left = window.visualViewport;
  // Somebody who zooms in wants to see less, not a smaller panel.
  return whole && left && left.scale < 1.01 ? { top: left.offsetTop + 'px', seen: left.height + 'px' } : { top: '0px', seen: '100%' };
}
