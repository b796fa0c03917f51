// The manual as it stands in docs/api: which pages there are, and what Markdown becomes.
import MarkdownIt from 'markdown-it';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const source = join(dirname(fileURLToPath(import.meta.url)), '../../docs/api');

/** In the order of reading. */
export const names = ['index', 'embed', 'ticket', 'channel', 'asides', 'service', 'bot', 'orders', 'agents', 'delivery', 'sdk', 'clients', 'http', 'data', 'rest', 'webhooks', 'history'];

export const languages = {
  en: { tag: 'en', name: 'English', title: 'Manual', contents: 'Contents', next: 'Next', back: 'Back', output: 'gives', start: 'Start page' },
  zh: { tag: 'zh-CN', name: '中文', title: '使用手册', contents: '目录', next: '下一页', back: '上一页', output: '结果', start: '起始页' },
};

/** One page: its title, its sections, its body as HTML. */
export function readPage(language, name) {
  return { name, ...render(readFileSync(join(source, language, `${name}.md`), 'utf8'), languages[language]) };
}

/** `# title {#id}`, `## section {#id}`; a fence marked `output` is what the fence before it prints. */
export function render(text, words = languages.en) {
  const markdown = new MarkdownIt({ html: false, linkify: false, typographer: false });
  const { rules } = markdown.renderer;
  const tokens = markdown.parse(text, {});
  const sections = [];
  let title = '';

  tokens.forEach((token, at) => {
    if (token.type !== 'heading_open') return;
    const inline = tokens[at + 1];
    const words = plain(inline);
    const [, heading, id] = /^(.*?)(?:\s*\{#([\w-]+)\})?$/.exec(words);
    if (token.tag === 'h1') title = heading;
    token.attrSet('id', id ?? slug(heading));
    if (token.tag === 'h2') sections.push({ id: token.attrGet('id'), heading });
    const last = inline.children.at(-1);
    last.content = last.content.replace(/\s*\{#[\w-]+\}$/, '');
  });

  rules.link_open = (all, at, options, env, self) => {
    const href = all[at].attrGet('href');
    // What the manual calls http://localhost:3100/ is the server that shows it.
    all[at].attrSet('href', href.replace(/^(\w+)\.md(#|$)/, '$1.html$2').replace(/^http:\/\/localhost:3100\//, '../../'));
    return self.renderToken(all, at, options);
  };
  // Chinese has no space between words, so a line's end in the source is none either.
  if (words === languages.zh) rules.softbreak = () => '';
  // Wide tables scroll by themselves, not the page.
  rules.table_open = () => '<div class="wide"><table>\n';
  rules.table_close = () => '</table></div>\n';
  rules.fence = (all, at) => {
    const [language = '', mark] = all[at].info.split(/\s+/);
    const code = `<code class="language-${language}">${markdown.utils.escapeHtml(all[at].content)}</code>`;
    if (mark !== 'output') return `<pre tabindex="0">${code}</pre>\n`;
    return `<figure class="output"><figcaption>${words.output}</figcaption><pre tabindex="0">${code}</pre></figure>\n`;
  };
  return { title, sections, body: markdown.renderer.render(tokens, markdown.options, {}) };
}

function plain(inline) {
  return inline.children.map(({ content }) => content).join('');
}

function slug(heading) {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '');
}
