/** A run or a comparison as one file, opened from disk in a browser without a network. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { exportedRun } from '../../../aggregator/export/exported-run.ts';
import { comparisonHtml, exportHtml } from '../../../aggregator/export/html.ts';
import { compareRuns } from '../../../aggregator/query/compare-runs.ts';
import { stateOf } from '../fake-store.ts';
import { assertAccessible } from './accessibility.ts';
import { compareHistory } from './compare-history.ts';
import { dragOver } from './drag-over.ts';
import { type PageServer, servedPageTest, texts, until } from './page-session.ts';

const EVIL_NAME = '</script><img src=x onerror=alert(1)>';

/** Serves by the file system: its address ends where the file's name begins. */
function saved(make: (pageFolder: string) => Iterable<string>): (folder: string) => Promise<PageServer> {
  return async (pageFolder) => {
    const folder = mkdtempSync(join(tmpdir(), 'podometer-saved-'));
    writeFileSync(join(folder, 'saved.html'), [...make(pageFolder)].join(''));
    return {
      url: pathToFileURL(folder).href,
      close: async () => rmSync(folder, { recursive: true }),
    };
  };
}

const store = compareHistory(EVIL_NAME);
const oneRun = saved((folder) => {
  const record = store.runByNumber('train', 8) ?? assert.fail();
  return exportHtml(exportedRun(store, stateOf, record), folder);
});
const answer = await compareRuns(store, stateOf, { a: 'train@1..6', b: 'train@7..12' });
const comparison = saved((folder) => {
  return comparisonHtml(store, stateOf, answer, folder);
});

servedPageTest(
  'a saved run opens offline with its charts, and names cannot end the element that holds them',
  { address: 'saved.html', serve: oneRun },
  async ({ page }) => {
    await until(page, `document.querySelectorAll('.chart canvas').length >= 2`);
    assert.match((await texts(page, 'h1'))[0] ?? '', /^train@8/);
    assert.ok((await page.textContent('main'))?.includes(EVIL_NAME));
    assert.equal(await page.locator('img').count(), 0);
    assert.equal(await page.locator('[role=alert]').count(), 0);
  },
);

servedPageTest(
  'a saved comparison opens offline, looks closer, and leads to both runs',
  { address: 'saved.html', serve: comparison },
  async ({ page }) => {
    await until(page, `document.querySelectorAll('.overlay canvas').length >= 4`);
    assert.match((await texts(page, '.sentences li'))[0] ?? '', /^Wall time rose by/);
    assert.equal(await page.locator('.sides').count(), 0, 'other sides need a server');
    await dragOver(page, '.overlay .u-over', 0.25, 0.5);
    await until(page, `/from=/.test(location.hash)`);
    await assertAccessible(page);
    await page.getByRole('link', { name: 'Runs', exact: true }).click();
    await until(page, `document.querySelectorAll('.runs tbody tr').length === 2`);
  },
);

servedPageTest(
  'its policy lets no script in but its own, and nothing be fetched',
  { address: 'saved.html', serve: oneRun, allowed: /Content Security Policy|Failed to fetch/ },
  async ({ page }) => {
    await until(page, `document.querySelectorAll('.chart canvas').length >= 2`);
    const policy = await page.locator('meta[http-equiv]').getAttribute('content');
    assert.match(policy ?? '', /^default-src 'none'; script-src 'sha256-[^ ]+'; style-src 'sha256-[^ ]+';/);
    await page.evaluate(`{
      const script = document.createElement('script');
      script.textContent = 'document.title = "broken into"';
      document.body.append(script);
    }`);
    assert.notEqual(await page.title(), 'broken into');
    const fetched = await page.evaluate(`fetch('data:,x').then(() => 'fetched', () => 'refused')`);
    assert.equal(fetched, 'refused');
  },
);
