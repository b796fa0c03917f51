// Opens a server and pages for one test, and closes them after it.
import { afterEach, beforeEach } from 'vitest';
import { FakeServer } from './fake-server.js';
import { openPage, type Page } from './page.js';

export interface Stage {
  server: FakeServer;
  open(options?: Parameters<typeof openPage>[1]): Page;
}

export function stage(): Stage {
  let pages: Page[] = [];
  const stage = {
    open: (options) => {
      const page = openPage(stage.server, options);
      pages.push(page);
      return page;
    },
  } as Stage;
  beforeEach(async () => {
    stage.server = await FakeServer.start();
  });
  afterEach(async () => {
    for (const page of pages) page.chat.close();
    pages = [];
    await stage.server.stop();
  });
  return stage;
}
