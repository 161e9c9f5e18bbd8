/** Draws docs/screenshots anew: `node test/aggregator/page/take-screenshots.ts`. */
import { fileURLToPath } from 'node:url';
import { serveComparison } from './compare-server.ts';
import { earlierRuns, finishedRef, fullHistory, hostileRef } from './fixture-history.ts';
import { startFixtureServer } from './fixture-server.ts';
import { PageBrowser } from './page-browser.ts';

const folder = fileURLToPath(new URL('../../../docs/screenshots/', import.meta.url));
const browser = await PageBrowser.start();
const history = [...fullHistory().filter((run) => run.view().ref !== hostileRef), ...earlierRuns()];
const fixtures = await startFixtureServer(browser.folder, history);
const comparisons = await serveComparison(browser.folder);
const views = {
  runs: { server: fixtures, address: '#/?chosen=train@11,train@12', ready: '.chosen-runs li' },
  run: {
    server: fixtures,
    address: `#/runs/${encodeURIComponent(finishedRef)}`,
    ready: '.chart:last-child canvas',
  },
  compare: {
    server: comparisons,
    address: '#/compare?a=train@1..6&b=train@7..12',
    ready: '.chart:nth-child(4) canvas',
  },
};
for (const [name, { server, address, ready }] of Object.entries(views)) {
  for (const dark of [false, true]) {
    for (const width of [1280, 400]) {
      const context = await browser.context({ width, dark });
      const page = await context.newPage();
      await page.goto(`${server.url}/${address}`);
      await page.locator(ready).first().waitFor();
      const look = `${dark ? 'dark' : 'light'}${width === 400 ? '-narrow' : ''}`;
      // The bar over a list stands where the window ends.
      const fullPage = name !== 'runs';
      await page.screenshot({ path: `${folder}${name}-${look}.png`, fullPage, animations: 'disabled' });
      await context.close();
    }
  }
}
await fixtures.close();
await comparisons.close();
await browser.close();
