/** What narrows and orders the list of runs, and the address that holds it. */
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { serveStore } from './compare-server.ts';
import { servedPageTest, texts, until } from './page-session.ts';
import { manyRuns, variedHistory } from './runs-history.ts';

const NAMES = '.runs tbody th a';
const serveVaried = (folder: string) => serveStore(variedHistory(), folder);

/** Resolves once the list shows just these. */
const listed = (page: Page, ...refs: string[]) =>
  until(
    page,
    `[...document.querySelectorAll('${NAMES}')].map((link) => link.textContent).join() === '${refs.join()}'`,
  );
const parameters = (page: Page) =>
  Object.fromEntries(new URLSearchParams(new URL(page.url()).hash.split('?')[1]));

servedPageTest(
  'every filter narrows the list, and the address keeps them all',
  { address: '', serve: serveVaried },
  async ({ page }) => {
    await listed(page, 'build@1', 'train@4', 'train@3', 'train@2', 'train@1');
    await page.getByLabel('Outcome').selectOption('running');
    await listed(page, 'build@1');
    await page.getByLabel('Outcome').selectOption('failed');
    await listed(page, 'train@4');
    await page.getByLabel('Outcome').selectOption('succeeded');
    await listed(page, 'train@3', 'train@2', 'train@1');
    await page.getByLabel('Host').fill('bench-1');
    await page.getByLabel('Host').blur();
    await listed(page, 'train@2', 'train@1');
    await page.getByLabel('Tag').fill('branch=main');
    await page.getByLabel('Tag').press('Enter');
    await listed(page, 'train@1');
    await page.getByLabel('Tag').fill('');
    await page.getByLabel('Find').fill('KERNEL');
    await listed(page, 'train@2');
    const held = { outcome: 'succeeded', host: 'bench-1', text: 'KERNEL' };
    assert.deepEqual(parameters(page), held);
    await page.reload();
    await listed(page, 'train@2');
    assert.equal(await page.getByLabel('Host').inputValue(), 'bench-1');
    assert.equal(await page.getByLabel('Outcome').inputValue(), 'succeeded');
    assert.equal(await page.getByLabel('Find').inputValue(), 'KERNEL');
    await page.getByLabel('Find').fill('nothing like it');
    await page.getByText('No run matches these filters').waitFor();
    assert.equal(await page.locator('.scroller').isHidden(), true);
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await listed(page, 'build@1', 'train@4', 'train@3', 'train@2', 'train@1');
    assert.deepEqual(parameters(page), {});
  },
);

servedPageTest(
  'runs are narrowed to the last hour, or between two moments in the time of the reader',
  { address: '', serve: serveVaried },
  async ({ page }) => {
    await page.getByLabel('Workload').selectOption('train');
    await listed(page, 'train@4', 'train@3', 'train@2', 'train@1');
    await page.locator('[name=time]').selectOption('the last hour');
    await page.getByText('No run matches these filters').waitFor();
    await page.locator('[name=time]').selectOption('the last day');
    await listed(page, 'train@4', 'train@3', 'train@2', 'train@1');
    assert.deepEqual(parameters(page), { workload: 'train', last: 'day' });
    await page.locator('[name=time]').selectOption('between…');
    const ago = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString().slice(0, 16);
    await page.getByLabel('From').fill(ago(2.5));
    await listed(page, 'train@4', 'train@3');
    await page.getByLabel('To').fill(ago(1.5));
    await listed(page, 'train@3');
    await page.reload();
    await listed(page, 'train@3');
    assert.equal((await page.getByLabel('To').inputValue()).length, 16);
  },
);

servedPageTest(
  'a tag without a value is not asked for, and the field says what it takes',
  { address: '', serve: serveVaried },
  async ({ page }) => {
    await listed(page, 'build@1', 'train@4', 'train@3', 'train@2', 'train@1');
    const tag = page.getByLabel('Tag');
    await tag.fill('branch');
    await tag.press('Enter');
    assert.equal(await page.evaluate(`document.querySelector('[name=tag]').validity.patternMismatch`), true);
    assert.deepEqual(parameters(page), {});
    assert.equal(await page.getByRole('alert').count(), 0);
  },
);

servedPageTest(
  'words find a run that no page of the list has shown',
  { address: '', serve: (folder) => serveStore(manyRuns(400), folder) },
  async ({ page }) => {
    await page.locator(NAMES).first().waitFor();
    await page.getByLabel('Find').fill('w2@3 ');
    await listed(
      page,
      'w2@39',
      'w2@38',
      'w2@37',
      'w2@36',
      'w2@35',
      'w2@34',
      'w2@33',
      'w2@32',
      'w2@31',
      'w2@30',
      'w2@3',
    );
  },
);

servedPageTest(
  'a heading sorts, again the other way round, by mouse and keys, and the address keeps it',
  { address: '', serve: serveVaried },
  async ({ page }) => {
    await page.locator(NAMES).first().waitFor();
    const sorted = () => texts(page, '[aria-sort=ascending], [aria-sort=descending]');
    assert.deepEqual(await sorted(), ['Started']);
    await page.getByRole('button', { name: 'Wall' }).click();
    await listed(page, 'train@1', 'train@3', 'train@2', 'train@4', 'build@1');
    assert.deepEqual(await sorted(), ['Wall']);
    assert.deepEqual(parameters(page), { sort: 'wallSeconds' });
    await page.getByRole('button', { name: 'Wall' }).press('Enter');
    await listed(page, 'build@1', 'train@4', 'train@2', 'train@3', 'train@1');
    assert.equal(await page.locator('[aria-sort=ascending]').textContent(), 'Wall');
    await page.reload();
    await listed(page, 'build@1', 'train@4', 'train@2', 'train@3', 'train@1');
    await page.getByRole('button', { name: 'Peak memory' }).press('Space');
    await until(page, `document.querySelector('${NAMES}').textContent === 'train@2'`);
    assert.deepEqual(parameters(page), { sort: 'peakRssBytes' });
  },
);

servedPageTest(
  'where there is no room for headings the order is chosen from a list',
  { address: '', serve: serveVaried, width: 400 },
  async ({ page }) => {
    await page.getByLabel('Order').selectOption('Wall, smallest first');
    await listed(page, 'build@1', 'train@4', 'train@2', 'train@3', 'train@1');
    assert.deepEqual(parameters(page), { sort: 'wallSeconds', order: 'asc' });
  },
);
