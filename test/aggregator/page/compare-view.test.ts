/** The comparison in a real browser, in front of the aggregator's own server. */
import assert from 'node:assert/strict';
import { assertAccessible } from './accessibility.ts';
import { compareHistory } from './compare-history.ts';
import { serveComparison as serve, serveStore } from './compare-server.ts';
import { dragOver } from './drag-over.ts';
import { servedPageTest, texts, until } from './page-session.ts';

const sets = '#/compare?a=train@1..6&b=train@7..12';
const canvases = `document.querySelectorAll('.overlay canvas').length >= 4`;

servedPageTest(
  'cautions come first, then what came out, then every measure with its interval',
  { address: sets, serve },
  async ({ page }) => {
    await until(page, canvases);
    const order = await texts(page, '.comparison > :is(.caution, .sentences, section)');
    assert.match(order[0] ?? '', /^Different kernels/);
    assert.match(order[1] ?? '', /^train@1 was far slower/);
    assert.match(order[2] ?? '', /^Wall time rose by 4\d % .*more than chance explains/);
    const [wall = ''] = await texts(page, '.comparison tbody tr:first-child');
    assert.match(wall, /^wall time\+.*worse$/);
    const bar = page.locator('.change-bar').first();
    assert.match((await bar.getAttribute('aria-label')) ?? '', /^\+4.*95 % interval from \+/);
    const [body, whisker] = await Promise.all([
      bar.locator('.bar-body').boundingBox(),
      bar.locator('.whisker').boundingBox(),
    ]);
    assert.ok(body && whisker && body.width > 20 && whisker.width > 5);
  },
);

const EVIL_NAME = '</script><img src=x onerror=alert(1)>';
const serveHostile = (folder: string) => serveStore(compareHistory(EVIL_NAME), folder);

servedPageTest(
  'hostile names are only ever text',
  { address: sets, serve: serveHostile },
  async ({ page }) => {
    await until(page, canvases);
    assert.ok((await texts(page, '.gantts tbody th')).includes(EVIL_NAME));
    assert.equal(await page.locator('main img, main script').count(), 0);
  },
);

servedPageTest(
  'what is chosen is in the address, and the address shows it again',
  { address: '#/compare?a=train@6&b=train@8', serve },
  async ({ page }) => {
    await until(page, canvases);
    const rows = () => page.locator('.comparison tbody tr').count();
    const all = await rows();
    await page.getByLabel('Only what differs').check();
    assert.ok((await rows()) < all);
    await page.getByLabel('Align by phase').check();
    await until(page, `document.querySelectorAll('.band .phase').length > 4`);
    assert.match(page.url(), /align=phase&only=different$/);
    await page.reload();
    await until(page, canvases);
    assert.equal(await page.getByLabel('Align by phase').isChecked(), true);
    assert.ok((await rows()) < all);
  },
);

servedPageTest(
  'dragging over a chart looks closer at both runs, and the stretch is in the address',
  { address: '#/compare?a=train@6&b=train@8', serve },
  async ({ page }) => {
    await until(page, canvases);
    await dragOver(page, '.overlay .u-over', 0.25, 0.5);
    await until(page, `/from=2\\d+&to=4\\d+$/.test(location.hash)`);
    await page.getByRole('button', { name: 'Show the whole' }).click();
    await until(page, `!/from=/.test(location.hash)`);
  },
);

servedPageTest(
  'one click makes a run the baseline, and sides can be typed, swapped and left out of',
  { address: sets, serve },
  async ({ page }) => {
    await until(page, canvases);
    await page.getByLabel('warm-up').check();
    await until(page, `document.querySelector('.left-out a').textContent === 'train@1'`);
    assert.match(page.url(), /leaveOut=warm-up/);
    await page.getByRole('link', { name: 'make baseline' }).first().click();
    await page.getByRole('heading', { level: 1, name: /^train@7 and .*\(5 runs\)$/ }).waitFor();
    await page.getByLabel('Compared', { exact: true }).fill('train@commit=abc');
    await page.getByRole('button', { name: 'Compare', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: /^train@7 and train@commit=abc/ }).waitFor();
    await page.getByRole('button', { name: 'Swap' }).click();
    await page.getByRole('heading', { level: 1, name: /^train@commit=abc.* and train@7$/ }).waitFor();
  },
);

servedPageTest(
  'a side that names no run is refused in words, with the way back',
  { address: '#/compare?a=train@99&b=train@1', serve, allowed: /status of 404/ },
  async ({ page }) => {
    assert.match((await page.getByRole('alert').textContent()) ?? '', /no run "train@99"/);
  },
);

for (const { width, dark } of [
  { width: 1280, dark: false },
  { width: 1280, dark: true },
  { width: 400, dark: false },
  { width: 400, dark: true },
]) {
  servedPageTest(
    `it keeps to WCAG 2.2 AA and fits at ${width} px in ${dark ? 'dark' : 'light'}`,
    { address: `${sets}&align=phase`, serve, width, dark },
    async ({ page }) => {
      await until(page, canvases);
      await assertAccessible(page);
      assert.equal(await page.evaluate('document.documentElement.scrollWidth'), width);
    },
  );
}
