// Where the visitor is on the host's page, also when a single-page application moves on without loading anything.

/** Tells each change of the address that a host's script or the reader's Back makes, for as long as the page is there. */
export function followRoutes(moved: () => void): void {
  let last = location.href;
  const look = (): void => {
    if (location.href === last) return;
    last = location.href;
    moved();
  };
  for (const name of ['pushState', 'replaceState'] as const) {
    const theirs = history[name];
    history[name] = function (...args) {
      theirs.apply(this, args);
      look();
    };
  }
  addEventListener('popstate', look);
}
