// What a host's page loads: puts the embed in place of what stood in for it, and does what was asked of that meanwhile.
import { makeWidget } from './widget';

type Widget = ReturnType<typeof makeWidget>;
type Call = (name: keyof Widget, ...args: unknown[]) => unknown;

declare global {
  interface Window {
    NodechatWidget?: Call & Partial<Widget> & { q?: Parameters<Call>[] };
  }
}

const before = window.NodechatWidget;
const script = document.currentScript as HTMLScriptElement;

// A second script on the same page has nothing to add.
if (!before?.boot) {
  const widget = makeWidget(script);
  const call: Call = (name, ...args) => (widget[name] as (...args: unknown[]) => unknown)(...args);
  const asked = [...(before?.q ?? [])];
  window.NodechatWidget = Object.assign(call, widget);
  if (script.dataset.company && !asked.some(([name]) => name === 'boot')) widget.boot();
  for (const args of asked) call(...args);
}
