// The embed in Firefox: it opens on a strict page of another site, is talked in there, and is closed by Esc.
import { after } from 'node:test';
import { FirefoxVisitor, openFirefox, openTab } from '../harness/firefox.js';
import { openHostSite } from '../harness/host-site.js';
import { Rest } from '../harness/rest.js';
import { openStage } from '../harness/stage.js';

const stage = await openStage();
const browser = await openFirefox();
const site = await openHostSite(stage.server.url);
after(async () => {
  await browser.close();
  await site.close();
});

stage.story('a strict page of another site embeds it: opened, talked in, counted while closed', async () => {
  const companyid = 'fox';
  await new Rest(stage.server.url, await stage.company(companyid, '岭上户外')).patch('/company', { anonymous: true });
  const agent = await stage.agent('陈默', { companyid });
  await agent.connects();
  const page = await openTab(browser, site.embeds('/vase', { company: companyid, lang: 'zh' }), { width: 1280, height: 800 });
  const launcher = await page.waitForSelector('>>> aside > button');
  await launcher.click();
  const visitor = new FirefoxVisitor(page, await page.waitForFrame((frame) => frame.url().includes(`/chat/${companyid}`)));
  await visitor.isServedBy(agent);
  await visitor.says('第二只颜色一样吗');
  await agent.hears('第二只颜色一样吗');
  await agent.says('接近，偏暖一点');
  await visitor.sees('.msg.in', '接近，偏暖一点');

  await page.keyboard.press('Escape');
  await page.waitForFunction(() => !window.NodechatWidget.get('open'));
  await agent.says('给您留一只');
  await page.waitForFunction(() => window.NodechatWidget.get('unread') === 1);
  await launcher.click();
  await visitor.sees('.msg.in', '给您留一只');
  await page.waitForFunction(() => window.NodechatWidget.get('unread') === 0);
  // What the host's policy refuses is an error; the host's own icon, for which Firefox asks by itself, is none of ours.
  await visitor.closes({ errors: /\/favicon\.ico/ });
});
