// Gives a library to a page in the way the page knows: CommonJS, AMD, or a global of a plain script tag.
declare const module: { exports?: unknown } | undefined;
declare const define: { (dependencies: [], make: () => unknown): void; amd?: unknown } | undefined;

export function offer(name: string, library: unknown): void {
  if (typeof module === 'object' && module.exports) module.exports = library;
  else if (typeof define === 'function' && define.amd) define([], () => library);
  else (self as unknown as Record<string, unknown>)[name] = library;
}
