import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { assertAccessible } from './accessibility.ts';
import { dragOver } from './drag-over.ts';
import { finishedRef, fullHistory } from './fixture-history.ts';
import { FixtureRun } from './fixture-run.ts';
import { pageTest, texts, until } from './page-session.ts';

const address = `#/runs/${encodeURIComponent(finishedRef)}`;

const outputs = {
  'loss{rank="0"}': (t: number) => 2.5 * Math.exp(-t / 30) - 0.5,
  'loss{rank="1"}': (t: number) => 2.7 * Math.exp(-t / 28) - 0.5,
  accuracy: (t: number) => 1 - Math.exp(-t / 25),
  throughput: (t: number) => 1200 + 200 * Math.sin(t / 5),
  epoch: (t: number) => Math.floor(t / 10),
  rate: () => 3e-5,
};

function withOutputs() {
  return fullHistory().map((run) =>
    run.view().ref === finishedRef ? new FixtureRun({ ...run.spec, outputs }) : run,
  );
}

const titles = (page: Page) => texts(page, '.chart h3');
const drawn = (page: Page, charts: number) =>
  until(page, `document.querySelectorAll('.chart canvas').length === ${charts}`);

pageTest(
  "the program's own figures are charted by name on the axis of the others, a handful at first",
  { address, history: withOutputs() },
  async ({ page }) => {
    await drawn(page, 8);
    const first = (await titles(page)).slice(4).map((title) => title.split(' ')[0]);
    assert.deepEqual(first, ['loss', 'accuracy', 'throughput', 'epoch']);
    const legend = page.locator('.chart').nth(4).locator('.legend-label');
    assert.deepEqual(await legend.allTextContents(), ['loss{rank="0"}', 'loss{rank="1"}']);
    await page.getByRole('button', { name: 'Show more charts (1 left)' }).click();
    await drawn(page, 9);
    assert.match((await titles(page))[8] ?? '', /^rate /);
    assert.equal(await page.locator('button.more').isVisible(), false);
    await assertAccessible(page);
  },
);

pageTest(
  'the charts of figures follow the cursor and a closer look',
  { address, history: withOutputs() },
  async ({ page }) => {
    await drawn(page, 8);
    await page.locator('.plot').first().focus();
    await page.keyboard.press('Home');
    const loss = page.locator('.chart').nth(4).locator('.legend-value').first();
    assert.equal(await loss.textContent(), '2');
    await dragOver(page, '.plot .u-over', 1 / 3, 2 / 3);
    const asked = `performance.getEntriesByType('resource').map(({ name }) => new URL(name).searchParams)`;
    const isClose = `asked.get('processes') === 'outputs' && Math.abs(asked.get('from') - 30_000) < 1000`;
    await until(page, `${asked}.some((asked) => ${isClose})`);
  },
);

pageTest('a run that tells no figures is not asked for any', { address }, async ({ page }) => {
  await drawn(page, 4);
  const asked = await page.evaluate<string[]>(
    `performance.getEntriesByType('resource').map(({ name }) => name)`,
  );
  assert.ok(asked.some((name) => name.includes('/series?')));
  assert.deepEqual(
    asked.filter((name) => name.includes('processes=outputs')),
    [],
  );
});
