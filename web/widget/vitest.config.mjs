// The tests here are of what needs no page: no compiler for components, no browser.
import { defineConfig } from 'vitest/config';

export default defineConfig({ test: { include: ['test/**/*.test.ts'] } });
