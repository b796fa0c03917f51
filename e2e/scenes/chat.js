// Scenes of the visitor's page: each opens it, brings it into a state, and answers the page.

/** The page of a visitor whom the host site has named. */
async function pageOf(shop, device, visitor, { url = shop.stage.server.url } = {}) {
  const page = await device.open(`${url}/chat/${shop.texts.id}?ticket=${visitor.ticket}`);
  await page.locator('.quick, .queue, .top .dot').first().waitFor();
  return page;
}

async function says(page, text) {
  await page.locator('.panel textarea').fill(text);
  await page.locator('.panel textarea').press('Enter');
  await page.locator('.msg.out', { hasText: text }).waitFor();
}

export async function first(shop, device) {
  const page = await device.open(`${shop.stage.server.url}/chat/${shop.texts.id}`);
  await page.locator('.qs .q').first().waitFor();
  return page;
}

export async function asksBot(shop, device) {
  const page = await first(shop, device);
  const [{ title, answer }] = shop.texts.questions[0].items;
  await page.locator('.qs .q', { hasText: title }).click();
  await page.locator('.msg.in', { hasText: answer.slice(0, 10) }).waitFor();
  return page;
}

export async function queue(shop, device) {
  const [{ group }] = shop.texts.queue;
  const visitor = await shop.visitor(shop.guest());
  await visitor.applies({ groupid: shop.group(group) });
  const page = await pageOf(shop, device, visitor);
  await says(page, shop.words.first);
  await page.locator('.queue .place').waitFor();
  return leaving(page, () => page.locator('.queue .link-btn').last().click());
}

export async function served(shop, device) {
  const page = await pageOf(shop, device, shop.people.get(shop.texts.main));
  await page.locator('.msg.out .quoted').waitFor();
  await loaded(page);
  return page;
}

export async function media(shop, device) {
  const page = await served(shop, device);
  await page.locator('.pic').evaluate((picture) => picture.scrollIntoView({ block: 'start' }));
  return page;
}

export async function bigPicture(shop, device) {
  const page = await served(shop, device);
  await page.locator('.pic').click();
  await page.locator('.viewer img').waitFor();
  return page;
}

/** A short talk with an agent who has time. */
async function talk(shop, device) {
  const { visitor, agent } = await shop.served(shop.guest(), shop.texts.agents[3].login, [shop.words.first]);
  for (const [who, text] of [[agent, shop.words.hello], [visitor, shop.words.model], [agent, shop.words.thanks], [visitor, shop.words.bye]]) await who.says(text);
  const page = await pageOf(shop, device, visitor);
  await page.locator('.msg.out', { hasText: shop.words.bye }).waitFor();
  return { page, visitor, agent, ends: () => agent.manages('endChat', { roomid: visitor.roomid, chatid: visitor.chatid }) };
}

export async function typing(shop, device) {
  const { page, agent, visitor, ends } = await talk(shop, device);
  const sign = setInterval(() => void agent.asks('typing', { roomid: visitor.roomid }), 1_500);
  await page.locator('.dots').waitFor();
  return leaving(page, () => (clearInterval(sign), ends()));
}

export async function rating(shop, device) {
  const { page, ends } = await talk(shop, device);
  await ends();
  await page.locator('.rates label').nth(3).click();
  return page;
}

export async function ended(shop, device) {
  const page = await rating(shop, device);
  await page.locator('.sheet .btn.pri').click();
  await page.locator('.sheet').waitFor({ state: 'detached' });
  return page;
}

export async function lost(shop, device) {
  const proxy = await shop.stage.proxy();
  const { visitor, ends } = await talk(shop, device);
  const page = await pageOf(shop, device, visitor, { url: proxy.url });
  proxy.cut();
  await says(page, shop.words.tunnel);
  await page.locator('.banner').waitFor();
  return leaving(page, async () => {
    await proxy.close();
    await ends();
  });
}

/** Where nobody is there: a company of the same name that has closed. */
async function closedPage(shop, device) {
  const page = await device.open(`${shop.stage.server.url}/chat/${await shop.closedCompany()}`);
  await page.locator('.quick .btn').first().click();
  await page.locator('.sheet').waitFor();
  return page;
}

export async function leave(shop, device) {
  const page = await closedPage(shop, device);
  await page.locator('#contact').fill(shop.words.contact);
  await page.locator('#words').fill(shop.words.first);
  return page;
}

export async function leaveMissing(shop, device) {
  const page = await closedPage(shop, device);
  await page.locator('#contact').focus();
  await page.locator('.sheet .btn.pri').click();
  await page.locator('.wrong').nth(1).waitFor();
  return page;
}

async function ordersSheet(shop, device, visitor) {
  const page = await pageOf(shop, device, visitor);
  await page.locator('.quick .btn').nth(1).click();
  return page;
}

export async function orders(shop, device) {
  // Between two consultations: while one runs, its row of buttons is not there.
  const { of } = shop.texts.orders.find((order) => shop.texts.closed.some(({ nick }) => nick === order.of));
  const page = await ordersSheet(shop, device, await shop.visitor(of));
  await page.locator('.orders li').first().waitFor();
  return page;
}

export async function orderForm(shop, device) {
  const page = await orders(shop, device);
  await page.locator('.sheet .btn.pri').click();
  const order = shop.texts.orders[0];
  await page.locator('.sheet .field').first().fill(order.title);
  return page;
}

export async function refused(shop, device) {
  const page = await device.open(`${shop.stage.server.url}/chat/no-such-company`);
  await page.locator('.notice').waitFor();
  return page;
}

/** Pictures are there, so that none is missing in a picture of the page. */
function loaded(page) {
  return page.waitForFunction(() => [...document.querySelectorAll('.pic img')].every((image) => image.complete && image.naturalWidth > 0));
}

/** What there is to put right behind the scene. */
function leaving(page, deed) {
  return Object.assign(page, { leaves: deed });
}
