// One page of the manual around its body: head, list of pages, language switch, way on and back.
import { readFileSync } from 'node:fs';
import { languages } from './manual.mjs';

/** The drawing in the mark, from the icons that all pages share. */
const [drawing] = /<path[^>]*>/.exec(/<symbol id="i-chat"[^]*?<\/symbol>/.exec(readFileSync(new URL('../ui/icons.svg', import.meta.url), 'utf8'))[0]);

/** Our mark, as all pages show it. */
export const mark = `<svg viewBox="0 0 20 20" aria-hidden="true">${drawing}</svg>`;

export function page(language, pages, at) {
  const words = languages[language];
  const { name, title, body } = pages[at];
  return `<!doctype html>
<html lang="${words.tag}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · Nodechat</title>
${Object.entries(languages).map(([other, { tag }]) => `<link rel="alternate" hreflang="${tag}" href="../${other}/${name}.html">`).join('\n')}
<link rel="icon" href="../icon.svg">
<link rel="stylesheet" href="../manual.css">
<script src="../language.js" defer></script>
</head>
<body>
<header>
  <a class="home" href="/" title="${words.start}"><span class="mark">${mark}</span> Nodechat</a>
  <span class="what">${words.title}</span>
  <nav class="languages" aria-label="Language">${switches(language, name)}</nav>
</header>
<div class="frame">
<nav class="pages" aria-label="${words.contents}">
${list(pages, at)}
</nav>
<main>
<details class="contents"><summary>${words.contents}</summary>
${list(pages, at)}
</details>
<article>
${body}</article>
<footer>${step(words.back, 'prev', pages[at - 1])}${step(words.next, 'next', pages[at + 1])}</footer>
</main>
</div>
</body>
</html>
`;
}

function switches(language, name) {
  return Object.entries(languages)
    .map(([code, other]) => {
      if (code === language) return `<span aria-current="true">${other.name}</span>`;
      return `<a lang="${other.tag}" hreflang="${other.tag}" data-language="${code}" href="../${code}/${name}.html">${other.name}</a>`;
    })
    .join('');
}

function list(pages, at) {
  const rows = pages.map(({ name, title, sections }, row) => {
    if (row !== at) return `<li><a href="${name}.html">${title}</a></li>`;
    const inner = sections.map(({ id, heading }) => `<li><a href="#${id}">${escape(heading)}</a></li>`).join('');
    return `<li><a href="${name}.html" aria-current="page">${title}</a><ul>${inner}</ul></li>`;
  });
  return `<ul>${rows.join('\n')}</ul>`;
}

function step(word, direction, to) {
  if (!to) return '';
  return `<a class="${direction}" rel="${direction}" href="${to.name}.html"><span>${word}</span>${to.title}</a>`;
}

function escape(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
