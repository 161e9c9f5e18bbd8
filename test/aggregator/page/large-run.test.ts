/** What the page does so that a run of a day with many processes is seen at once and followed without delay. */
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { serveStore } from './compare-server.ts';
import { largeHistory, largeRef } from './large-history.ts';
import { servedPageTest, texts, until } from './page-session.ts';

const address = `#/runs/${encodeURIComponent(largeRef)}`;
const serve = (folder: string) => serveStore(largeHistory(), folder);
const settled = `document.querySelector('.board')?.getAttribute('aria-busy') === 'false' && document.querySelector('.wall-bar')`;
const cpuLegend = (page: Page) => texts(page, '.chart:first-child .legend-label');

/** The series that the page asks for from now on. */
function askedSeries(page: Page): URLSearchParams[] {
  const asked: URLSearchParams[] = [];
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.pathname.endsWith('/series')) asked.push(url.searchParams);
  });
  return asked;
}

/** Requests of these addresses wait until they are let go; one may have been given up by then. */
async function heldBack(page: Page, addresses: string): Promise<() => void> {
  const { promise: isLetGo, resolve: letGo } = Promise.withResolvers<void>();
  await page.route(addresses, async (route) => {
    await isLetGo;
    await route.continue().catch(() => undefined);
  });
  return letGo;
}

servedPageTest(
  'its charts are drawn before its processes are known, and named when they are',
  { address, serve },
  async ({ page }) => {
    await until(page, settled);
    const letGo = await heldBack(page, '**/processes');
    await page.reload();
    await until(page, `document.querySelectorAll('.chart canvas').length === 2`);
    assert.deepEqual(await cpuLegend(page), ['all processes']);
    assert.equal(await page.locator('.gantt-row').count(), 0);
    letGo();
    await page.locator('.gantt-row').first().waitFor();
    await until(page, settled);
    const legend = await cpuLegend(page);
    assert.equal(legend.length, 9);
    assert.equal(legend.at(-1), '32 others');
  },
);

servedPageTest(
  'at first all charts are asked for at once, those in sight before the others',
  { address, serve },
  async ({ page }) => {
    await until(page, settled);
    const letGo = await heldBack(page, '**/series?*');
    await page.setViewportSize({ width: 400, height: 700 });
    const asked = askedSeries(page);
    await page.reload();
    await until(page, `document.querySelectorAll('.chart').length === 4`);
    while (asked.length < 5) await page.waitForRequest('**/series?*');
    letGo();
    await until(page, settled);
    assert.match(asked[0]?.get('columns') ?? '', /utimeTicks/);
    assert.match(asked[4]?.get('columns') ?? '', /psi/);
  },
);

servedPageTest(
  'of looks that follow each other fast, the last is shown, and the others are given up',
  { address, serve },
  async ({ page }) => {
    await until(page, settled);
    const givenUp: string[] = [];
    page.on('requestfailed', (request) => givenUp.push(request.url()));
    const letGo = await heldBack(page, '**/series?*from=3600000*');
    await page.evaluate(`location.hash = '${address}?from=3600000&to=7200000'`);
    await page.waitForRequest('**/series?*from=3600000*');
    await page.evaluate(`location.hash = '${address}?from=7200000&to=10800000'`);
    await until(page, `${settled} && /from=7200000/.test(location.hash)`);
    letGo();
    assert.equal(givenUp.length, 5);
    assert.ok(givenUp.every((url) => url.includes('from=3600000')));
    assert.equal(await page.locator('.board[aria-busy=false]').count(), 1);
  },
);

servedPageTest(
  'a look closer is drawn with few points first and then whole, one chart after the other',
  { address, serve },
  async ({ page }) => {
    await until(page, settled);
    const asked = askedSeries(page);
    await page.evaluate(`location.hash = '${address}?from=3600000&to=7200000'`);
    await until(page, `document.querySelector('.board').getAttribute('aria-busy') === 'true'`);
    await until(page, settled);
    const points = asked.map((query) => Number(query.get('points')));
    assert.equal(points.length, 10, 'two subjects of pressure, and three charts, twice');
    assert.deepEqual(new Set(points.slice(0, 5)), new Set([180]));
    assert.ok(points.slice(5).every((count) => count > 400));
  },
);

servedPageTest(
  'what is known of a run that has ended is not asked for again',
  { address, serve },
  async ({ page }) => {
    await until(page, settled);
    const asked = askedSeries(page);
    await page.locator('.choose').first().click();
    await until(page, `/process=/.test(location.hash)`);
    await until(page, settled);
    const columns = asked.map((query) => query.get('columns') ?? '');
    assert.ok(columns.some((names) => names.includes('utimeTicks')));
    assert.ok(!columns.some((names) => names.includes('psi')), 'pressure is not of processes');
  },
);
