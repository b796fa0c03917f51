// Hands a file to the person at this browser.

/** How long the browser may take to begin with it. */
const KEPT_MS = 60_000;

export function download(bytes: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(bytes);
  link.download = name;
  link.click();
  window.setTimeout(() => URL.revokeObjectURL(link.href), KEPT_MS);
}
