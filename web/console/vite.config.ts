// Builds web/dist/console: one page with its scripts and styles, for the address /console of our own server.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import solid from 'vite-plugin-solid';
import { defineConfig, type Plugin } from 'vitest/config';

const here = import.meta.dirname;

export default defineConfig({
  root: here,
  base: '/console/',
  plugins: [solid({ hot: false, ssr: false }), icons()],
  resolve: { alias: { nodechat: join(here, '../sdk/src/index.ts') } },
  build: {
    outDir: join(here, '../dist/console'),
    emptyOutDir: true,
    target: 'es2022',
    // the policy of our pages has no room for the inline script that a polyfill would be
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
  },
  test: { environment: 'node', include: ['test/**/*.test.ts'] },
});

/** Puts the icons of all pages and those of the console into the page. */
function icons(): Plugin {
  return {
    name: 'icons',
    transformIndexHtml(html) {
      const symbols = ['../ui/icons.svg', 'src/icons.svg'].map((path) => readFileSync(join(here, path), 'utf8').replace(/^<!--.*-->\n/, '').trim());
      return html.replace('<!-- icons -->', () => symbols.join('\n'));
    },
  };
}
