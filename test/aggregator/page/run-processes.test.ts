/** The Gantt, the choice of a process, the table, pods and what else a run in a cluster shows. */
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { assertAccessible } from './accessibility.ts';
import { clusterHistory, clusterRef } from './cluster-history.ts';
import { serveStore } from './compare-server.ts';
import { crowdHistory, crowdRef } from './crowd-history.ts';
import { dragOver } from './drag-over.ts';
import { finishedRef, runningRef } from './fixture-history.ts';
import { pageTest, servedPageTest, texts, until } from './page-session.ts';

const finished = `#/runs/${encodeURIComponent(finishedRef)}`;
const cluster = `#/runs/${encodeURIComponent(clusterRef)}`;
const serveCluster = (folder: string) => serveStore(clusterHistory(), folder);
const serveCrowd = (folder: string) => serveStore(crowdHistory(), folder);

const ganttDrawn = (page: Page) => page.locator('.gantt-row .life').first().waitFor();
const cpuLegend = (page: Page) => texts(page, '.chart:first-child .legend-label');
const parameter = (page: Page, name: string) =>
  new URLSearchParams(new URL(page.url()).hash.split('?')[1]).get(name);

pageTest('every process is a bar below its parent', { address: finished }, async ({ page }) => {
  await ganttDrawn(page);
  const names = await texts(page, '.gantt-name');
  assert.deepEqual(names.slice(0, 4), ['make', 'torchrun', 'python3', 'data-loader']);
  assert.equal(names.length, 12);
  assert.equal(await page.locator('.gantt-name.depth-3').count(), 4);
  const zstd = page.locator('.gantt-row', { hasText: 'zstd' });
  assert.match(
    (await zstd.getAttribute('aria-label')) ?? '',
    /^zstd 4190, started at 1.min.18.s, lived 9\.00.s, CPU 18/,
  );
  const bar = await zstd.locator('.life').boundingBox();
  const track = await zstd.locator('.track').boundingBox();
  assert.ok(bar && track);
  assert.ok(Math.abs((bar.x - track.x) / track.width - 78 / 90) < 0.01, 'it starts at its share of the run');
  assert.equal(await zstd.locator('.shade-4').count(), 1, 'two busy cores are the darkest shade');
});

pageTest(
  'a click on a bar chooses the process in the charts, and back undoes it',
  { address: finished },
  async ({ page }) => {
    await ganttDrawn(page);
    await until(page, `document.querySelectorAll('.chart:first-child .legend-label').length > 8`);
    await page.locator('.gantt-row', { hasText: 'zstd' }).click();
    await until(
      page,
      `document.querySelector('.chart:first-child .muted').textContent.includes('zstd 4190')`,
    );
    assert.deepEqual((await cpuLegend(page)).slice(0, 2), ['zstd 4190', '11 others']);
    assert.equal(parameter(page, 'process'), '0.10');
    assert.equal(await page.locator('.processes tr.chosen .choose').textContent(), 'zstd');
    await page.goBack();
    await until(page, `document.querySelectorAll('.chart:first-child .legend-label').length > 8`);
    assert.equal(await page.locator('[aria-selected=true]').count(), 0);
  },
);

pageTest('the keyboard goes through the bars and chooses', { address: finished }, async ({ page }) => {
  await ganttDrawn(page);
  await page.getByRole('listbox').focus();
  for (const key of ['ArrowDown', 'ArrowDown', 'ArrowDown', 'Enter']) await page.keyboard.press(key);
  await page.locator('[role=option][aria-selected=true]', { hasText: 'python3' }).waitFor();
  const active = await page.getByRole('listbox').getAttribute('aria-activedescendant');
  assert.equal(await page.locator(`#${active}`).getAttribute('aria-posinset'), '3');
  await page.locator('.choose', { hasText: 'tee' }).press('Enter');
  await until(page, `document.querySelector('tr.chosen .choose').textContent === 'tee'`);
});

pageTest(
  'zoom reads finer buckets, keeps to the lists, and back, Escape and the address lead out and in',
  { address: finished },
  async ({ page }) => {
    await ganttDrawn(page);
    await page.locator('.chart canvas').nth(3).waitFor();
    const asked: URLSearchParams[] = [];
    page.on('request', (request) => {
      const url = new URL(request.url());
      if (url.pathname.endsWith('/series')) asked.push(url.searchParams);
      else assert.ok(!url.pathname.endsWith('/processes'), 'a look closer reads no lists');
    });
    await dragOver(page, '.plot .u-over', 0.8, 1);
    await until(page, `document.querySelector('.zoom-window').hidden === false`);
    await until(page, `document.querySelectorAll('.gantt-row').length < 12`);
    const cpu = asked.find((query) => query.get('columns')?.includes('utimeTicks'));
    const width = (Number(cpu?.get('to')) - Number(cpu?.get('from'))) / Number(cpu?.get('points'));
    assert.ok(width < 60, `a bucket of ${width} ms`);
    await page.goBack();
    await until(page, `document.querySelectorAll('.gantt-row').length === 12`);
    assert.equal(parameter(page, 'from'), null);
    await page.getByLabel('Phase').selectOption('3: 1:18 to 1:30');
    await until(page, `/from=78000&to=90000/.test(location.hash)`);
    await page.locator('h1').click();
    await page.keyboard.press('Escape');
    await until(page, `!/from=/.test(location.hash)`);
    await page.locator('.timeline .phase').first().click();
    await until(page, `/from=0&to=6000/.test(location.hash)`);
  },
);

pageTest(
  'the address holds zoom, choice, words, order and nesting',
  { address: `${finished}?from=10000&to=60000&process=0.2&find=rank&sort=-Peak+memory&flat=yes` },
  async ({ page }) => {
    await ganttDrawn(page);
    assert.deepEqual(await texts(page, '.choose'), ['python3', 'python3', 'python3', 'python3']);
    assert.equal(await page.locator('.processes tr.chosen .arguments').textContent(), 'train.py --rank 0');
    assert.equal(await page.locator('[aria-sort=descending]').textContent(), 'Peak memory');
    assert.equal(await page.getByLabel('nested by parent').isChecked(), false);
    assert.equal(await page.locator('.zoom-window').isVisible(), true);
    await page.getByLabel('Find').fill('zstd');
    await until(page, `document.querySelectorAll('.processes tbody tr').length === 1`);
    assert.equal(parameter(page, 'find'), 'zstd');
  },
);

pageTest(
  'a narrow screen has the chief columns of the table, and all of them when asked, which the address holds',
  { address: finished, width: 400 },
  async ({ page }) => {
    await page.locator('.processes tbody tr').first().waitFor();
    const heads = async () => {
      const all = await page.locator('.processes thead th').all();
      const isVisible = await Promise.all(all.map((head) => head.isVisible()));
      return (await texts(page, '.processes thead th')).filter((_, i) => isVisible[i]);
    };
    assert.deepEqual(await heads(), ['Process', 'Wall', 'CPU', 'Peak memory']);
    const box = await page.locator('.processes tbody tr').first().boundingBox();
    assert.ok(box && box.x + box.width <= 400, 'nothing is cut off');
    await page.getByLabel('all columns').check();
    assert.ok((await heads()).length > 8);
    assert.equal(parameter(page, 'columns'), 'all');
    await page.reload();
    await page.locator('.processes tbody tr').first().waitFor();
    assert.ok((await heads()).includes('Exit'));
  },
);

pageTest(
  'the wall time is split, and what was not measured is said',
  { address: finished },
  async ({ page }) => {
    await page.locator('.wall-bar').waitFor();
    assert.deepEqual(await texts(page, '.wall-parts dt'), ['on a CPU', 'ready, no CPU free', 'other waits']);
    assert.match((await texts(page, '.wall .note'))[0] ?? '', /^Waiting for storage was not measured/);
    const shares = await page.evaluate<number[]>(`(() => {
    const whole = document.querySelector('.wall-bar').offsetWidth;
    return [...document.querySelectorAll('.wall-part')].map((part) => Math.round((100 * part.offsetWidth) / whole));
  })()`);
    assert.deepEqual(shares, [80, 5, 15]);
    await page.getByRole('button', { name: 'show it in the charts' }).click();
    await until(page, `/process=0\\.10/.test(location.hash)`);
  },
);

pageTest(
  'a running run keeps zoom, choice, words and focus while it grows',
  { address: `#/runs/${encodeURIComponent(runningRef)}?from=2000&to=9000&process=0.1` },
  async ({ page, server }) => {
    await ganttDrawn(page);
    const run = server.history[0];
    assert.ok(run);
    await server.watched(runningRef);
    await page.locator('.choose').nth(1).focus();
    const before = page.url();
    run.seconds = 50;
    server.emit(runningRef, 'run');
    server.emit(runningRef, 'samples');
    await until(
      page,
      `document.querySelector('.processes td:nth-of-type(3)').textContent.startsWith('50.0')`,
    );
    assert.equal(page.url(), before);
    assert.equal(await page.evaluate(`document.activeElement.textContent`), 'python3');
    assert.equal(await page.locator('tr.chosen').count(), 1);
    assert.ok(await page.getByRole('button', { name: 'Show the whole run' }).isVisible());
  },
);

servedPageTest(
  'a run of a cluster has its pods, its events on the charts, and stacks by container',
  { address: cluster, serve: serveCluster },
  async ({ page }) => {
    await page.locator('.chart canvas').nth(3).waitFor();
    await page.locator('.wall-bar').waitFor();
    const rows = await texts(page, '.pods tbody tr');
    assert.equal(rows.length, 4);
    assert.match(
      rows[0] ?? '',
      /etl-abcde.*main.*exit 1.*node-a.*1.*500m CPU, 256Mi.*2 CPU, 512Mi.*etl:1\.4\.2/,
    );
    assert.match(rows[2] ?? '', /exit 137 Evicted/);
    assert.deepEqual(await texts(page, '.gantt-place'), [
      'etl-abcde · main',
      'etl-abcde · proxy',
      'etl-fghij · main',
      'etl-fghij · proxy',
    ]);
    const option = page.locator('.gantt-row', { hasText: 'transform' }).last();
    assert.match((await option.getAttribute('aria-label')) ?? '', /^transform 12, etl-fghij · main, started/);
    const legend = await cpuLegend(page);
    assert.ok(
      legend.includes('transform 12 · …abcde') && legend.includes('transform 12 · …fghij'),
      `${legend}`,
    );
    assert.equal(new Set(legend).size, legend.length);
    assert.deepEqual(await texts(page, '.events .kind'), ['gap', 'oom', 'restart', 'eviction']);
    assert.equal(await page.locator('.event-marks .grave').count(), 3);
    assert.ok((await texts(page, '.chart h3')).includes('Threads by state'));
    assert.deepEqual((await texts(page, '.wall-parts dt'))[2], 'waiting for storage');
    await page.getByLabel('Stack').selectOption('container');
    await until(page, `document.querySelector('.chart .legend-label').textContent === 'etl-abcde/main'`);
    assert.equal(parameter(page, 'by'), 'container');
    assert.deepEqual((await cpuLegend(page)).length, 4);
    await page.getByRole('button', { name: 'Look closer at 2:10' }).click();
    await until(page, `/from=124000&to=136000/.test(location.hash)`);
  },
);

for (const dark of [false, true]) {
  servedPageTest(
    `a run of a cluster is accessible, ${dark ? 'dark and narrow' : 'light and wide'}`,
    { address: `${cluster}?process=0.2`, serve: serveCluster, dark, width: dark ? 400 : 1280 },
    async ({ page }) => {
      await page.locator('.chart canvas').nth(2).waitFor();
      await page.locator('.wall-bar').waitFor();
      await page.getByRole('listbox').focus();
      await page.keyboard.press('ArrowDown');
      await assertAccessible(page);
      const overflow = await page.evaluate(`document.documentElement.scrollWidth - innerWidth`);
      assert.ok(Number(overflow) <= 0, `the page is ${overflow} px too wide`);
    },
  );
}

servedPageTest(
  'of thousands of processes only those in sight are elements, and the last can be reached',
  { address: `#/runs/${encodeURIComponent(crowdRef)}`, serve: serveCrowd },
  async ({ page }) => {
    await ganttDrawn(page);
    const count = () => page.locator('.gantt-row').count();
    assert.ok((await count()) < 60, `${await count()} rows`);
    await page.getByRole('listbox').focus();
    await page.keyboard.press('End');
    await until(
      page,
      `document.querySelector('.gantt-row.active')?.getAttribute('aria-posinset') === '3000'`,
    );
    assert.ok((await count()) < 60);
    assert.equal(await page.locator('.processes tbody tr').count(), 200);
  },
);
