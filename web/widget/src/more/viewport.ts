// A phone's keyboard lies over the page in some browsers: the page then is as high as what is left.
import { onCleanup } from 'solid-js';

export function viewport(): void {
  const { visualViewport: seen } = window;
  if (!seen) return;
  const fit = (): void => {
    // Somebody who zooms in wants to see less, not a smaller page.
    if (Math.abs(seen.scale - 1) > 0.01) return;
    const covered = innerHeight - seen.height > 1;
    document.documentElement.style.setProperty('--seen', covered ? `${seen.height}px` : '100dvh');
    if (covered) scrollTo(0, 0);
  };
  seen.addEventListener('resize', fit);
  seen.addEventListener('scroll', fit);
  onCleanup(() => {
    seen.removeEventListener('resize', fit);
    seen.removeEventListener('scroll', fit);
  });
}
