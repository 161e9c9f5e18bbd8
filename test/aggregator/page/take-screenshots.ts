/** Draws docs/screenshots anew: `node test/aggregator/page/take-screenshots.ts`. */
import { fileURLToPath } from 'node:url';
import { finishedRef, fullHistory, hostileRef } from './fixture-history.ts';
import { startFixtureServer } from './fixture-server.ts';
import { PageBrowser } from './page-browser.ts';

const folder = fileURLToPath(new URL('../../../docs/screenshots/', import.meta.url));
const views = {
  runs: { address: '', ready: '.runs tbody tr' },
  run: { address: `#/runs/${encodeURIComponent(finishedRef)}`, ready: '.chart:last-child canvas' },
};

const browser = await PageBrowser.start();
const history = fullHistory().filter((run) => run.view().ref !== hostileRef);
const server = await startFixtureServer(browser.folder, history);
for (const [name, { address, ready }] of Object.entries(views)) {
  for (const dark of [false, true]) {
    for (const width of [1280, 400]) {
      const context = await browser.context({ width, dark });
      const page = await context.newPage();
      await page.goto(`${server.url}/${address}`);
      await page.locator(ready).first().waitFor();
      const look = `${dark ? 'dark' : 'light'}${width === 400 ? '-narrow' : ''}`;
      await page.screenshot({ path: `${folder}${name}-${look}.png`, fullPage: true, animations: 'disabled' });
      await context.close();
    }
  }
}
await server.close();
await browser.close();
