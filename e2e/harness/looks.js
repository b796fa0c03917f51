// What is wrong with how a page looks: rules of accessibility that it breaks, text that is cut off, what is wider than the window.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Rules of axe that the page and its frames break, a line for each place. `rules`: only these. */
export async function broken(page, { rules } = {}) {
  const lines = [];
  for (const frame of page.frames()) {
    if (!(await frame.evaluate(() => 'axe' in window))) await frame.evaluate(AXE);
    // Frames are asked one by one: axe's own way into them is a script that our pages do not load.
    lines.push(...(await frame.evaluate(brokenInPage, rules)));
  }
  return lines;
}

/** In the page. What swagger-ui draws is not ours. */
async function brokenInPage(rules) {
  const { violations } = await window.axe.run({ exclude: [['.swagger-ui']] }, { iframes: false, resultTypes: ['violations'], ...(rules && { runOnly: rules }) });
  const places = violations.flatMap(({ id, nodes }) => nodes.map((node) => ({ id, ...node })));
  // An open menu hangs beside the landmarks, and has the focus.
  const isMenu = ({ id, target }) => id === 'region' && document.querySelector(target[0])?.querySelector('[role=menu]');
  return places.filter((place) => !isMenu(place)).map(({ id, target, any, all, none, html }) => `${id}: ${target.join(' ')} ${[...any, ...all, ...none][0]?.message ?? ''} ${html.slice(0, 160)}`);
}

/** Texts that are cut off without an ellipsis, or that make something wider than its place. */
export async function cutOff(page) {
  const lines = [];
  for (const frame of page.frames()) lines.push(...(await frame.evaluate(cutInPage)));
  return lines;
}

/** In the page. */
function cutInPage() {
  const lines = [];
  const name = (element) => `${element.tagName.toLowerCase()}${element.className && typeof element.className === 'string' ? `.${element.className.trim().replaceAll(/\s+/g, '.')}` : ''}`;
  if (document.documentElement.scrollWidth > innerWidth) lines.push(`the page is ${document.documentElement.scrollWidth} px wide in a window of ${innerWidth}`);
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = walker.nextNode(); text; text = walker.nextNode()) {
    const words = text.data.trim();
    const own = text.parentElement;
    if (!words || !own.checkVisibility({ opacityProperty: true, visibilityProperty: true }) || own.closest('.sr, .skip:not(:focus), option, svg, script, style')) continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    const { left, right, width } = range.getBoundingClientRect();
    if (width === 0) continue;
    const edges = placeOf(own);
    if (edges && (left < edges.left - 1 || right > edges.right + 1)) lines.push(`${name(own)} in ${edges.name}: ${Math.round(left)}–${Math.round(right)} in ${Math.round(edges.left)}–${Math.round(edges.right)}: ${words.slice(0, 60)}`);
  }
  for (const element of document.querySelectorAll('body *')) {
    const style = getComputedStyle(element);
    // What scrolls sideways does so on purpose only where it says so.
    if (['auto', 'scroll'].includes(style.overflowX) && element.scrollWidth > element.clientWidth + 1 && !element.matches('[role=tablist], .lanes, .look-pages, .rail, .quick, pre, code, .code, textarea')) lines.push(`${name(element)} scrolls sideways: ${element.scrollWidth} px in ${element.clientWidth}`);
  }
  return lines;

  /** Between which edges a text must stay: those of the nearest thing that cuts, or the window's; none where an ellipsis says that it is cut. */
  function placeOf(element) {
    for (let at = element; at; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (style.textOverflow === 'ellipsis' || style.webkitLineClamp !== 'none') return undefined;
      if (['auto', 'scroll'].includes(style.overflowX)) return undefined;
      if (['hidden', 'clip'].includes(style.overflowX)) return { ...rectOf(at), name: name(at) };
      // A button's own edge counts as well: what stands over it looks cut even where it is not.
      if (at.matches('button, .btn, .tag, .n')) return { ...rectOf(at), name: name(at) };
    }
    return { left: 0, right: innerWidth, name: 'the window' };
  }

  function rectOf(element) {
    const { left, right } = element.getBoundingClientRect();
    return { left, right };
  }
}
