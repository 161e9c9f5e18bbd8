import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { dragOver } from './drag-over.ts';
import { finishedRef, runningRef } from './fixture-history.ts';
import { pageTest, texts, until } from './page-session.ts';

const finished = `#/runs/${encodeURIComponent(finishedRef)}`;
const running = `#/runs/${encodeURIComponent(runningRef)}`;
const COMMS = '.processes tbody th';

/** How many pixels of each canvas have the colour of the first series. */
function pixelsOfFirstSeries(page: Page): Promise<number[]> {
  return page.evaluate(`[...document.querySelectorAll('.chart canvas')].map((canvas) => {
    const hex = getComputedStyle(document.documentElement).getPropertyValue('--series-1').slice(1);
    const wanted = [0, 2, 4].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)).join();
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    let pixels = 0;
    for (let at = 0; at < data.length; at += 4) {
      pixels += [data[at], data[at + 1], data[at + 2]].join() === wanted ? 1 : 0;
    }
    return pixels;
  })`);
}

const chartsDrawn = (page: Page) => until(page, `document.querySelectorAll('.chart canvas').length === 4`);

/** The part of a canvas's column of pixels that is painted, at a share of the plot's width. */
function paintedShare(page: Page, at: number): Promise<number> {
  return page.evaluate(`(() => {
    const canvas = document.querySelector('.chart canvas');
    const left = 68 * devicePixelRatio;
    const x = Math.round(left + (canvas.width - left - 12 * devicePixelRatio) * ${at});
    const { data } = canvas.getContext('2d').getImageData(x, 0, 1, canvas.height);
    let painted = 0;
    for (let pixel = 3; pixel < data.length; pixel += 4) painted += data[pixel] === 255 ? 1 : 0;
    return painted / canvas.height;
  })()`);
}

pageTest(
  'a run has its figures, its command and four drawn charts',
  { address: finished },
  async ({ page }) => {
    await chartsDrawn(page);
    const figures = await texts(page, '.figures dd');
    assert.match(figures[0] ?? '', /^1 min 30 s/);
    assert.match(figures[2] ?? '', /^3\.17average, peak 5\.39/);
    assert.deepEqual(await texts(page, '.command'), ['make train BATCH=64 WORKERS=4']);
    const pixels = await pixelsOfFirstSeries(page);
    assert.ok(pixels.length === 4 && pixels.every((count) => count > 100), `pixels: ${pixels}`);
    assert.deepEqual(
      (await texts(page, '.chart h3')).map((title) => title.split(' ')[0]),
      ['CPU', 'Resident', 'IO', 'Pressure'],
    );
  },
);

pageTest('a stretch without samples is left blank in the charts', { address: finished }, async ({ page }) => {
  await chartsDrawn(page);
  assert.ok((await paintedShare(page, 35 / 90)) > 0.2, 'samples are painted');
  assert.ok((await paintedShare(page, 43 / 90)) < 0.1, 'the gap from 40 s to 46 s is not');
  assert.deepEqual(await texts(page, '.events .at'), ['32 s', '46 s']);
});

pageTest(
  'one cursor shows the values of one moment in every chart',
  { address: finished },
  async ({ page }) => {
    await chartsDrawn(page);
    const memory = page.locator('.chart').nth(1).locator('.legend-value').first();
    assert.match((await memory.textContent()) ?? '', /^⌀/);
    await page.locator('.plot').first().focus();
    await page.keyboard.press('End');
    await page.keyboard.press('Home');
    assert.match((await texts(page, 'output'))[0] ?? '', /^at 0 s, 10:23:41$/);
    assert.equal(await memory.textContent(), '–', 'the first process of the legend had not started');
    await page.locator('.plot .u-over').nth(2).scrollIntoViewIfNeeded();
    const box = await page.locator('.plot .u-over').nth(2).boundingBox();
    assert.ok(box);
    await page.mouse.move(box.x + (box.width * 30) / 90, box.y + 20);
    await until(page, `/^at (29|30)/.test(document.querySelector('output').textContent)`);
    assert.match((await memory.textContent()) ?? '', /^4\d\d\sMiB$/);
    const cursors = await page.evaluate<number>(
      `new Set([...document.querySelectorAll('.u-cursor-x')].map((line) => line.style.transform)).size`,
    );
    assert.equal(cursors, 1, 'every chart has its cursor at the same place');
  },
);

pageTest(
  'dragging looks closer, the address keeps it, and one button goes back',
  { address: finished },
  async ({ page }) => {
    await chartsDrawn(page);
    await page.locator('.findings li').first().waitFor();
    await dragOver(page, '.plot .u-over', 1 / 3, 2 / 3);
    await page.getByRole('button', { name: 'Show the whole run' }).waitFor();
    const query = new URLSearchParams(new URL(page.url()).hash.split('?')[1]);
    assert.ok(Math.abs(Number(query.get('from')) - 30_000) < 1000, `from ${query.get('from')}`);
    assert.ok(Math.abs(Number(query.get('to')) - 60_000) < 1000, `to ${query.get('to')}`);
    await page.getByRole('button', { name: 'Show the whole run' }).click();
    assert.equal(new URL(page.url()).hash, finished);
  },
);

pageTest(
  'the process table nests by parent and sorts by any column',
  { address: finished },
  async ({ page }) => {
    await page.locator(COMMS).first().waitFor();
    const nested = await texts(page, COMMS);
    assert.equal(nested.length, 12, 'the agent is no process of the run');
    assert.deepEqual(nested.slice(0, 4), [
      'maketrain',
      'torchrun--nproc-per-node 4 train.py',
      'python3train.py --rank 0',
      'data-loader',
    ]);
    assert.equal(await page.locator(`${COMMS}.depth-3`).count(), 4);
    await page.getByLabel('nested by parent').uncheck();
    await page.getByRole('button', { name: 'Peak memory' }).click();
    assert.equal((await texts(page, COMMS))[0], 'python3train.py --rank 3');
    assert.equal(await page.locator('th[aria-sort="descending"]').textContent(), 'Peak memory');
    await page.getByRole('button', { name: 'Peak memory' }).click();
    assert.equal((await texts(page, COMMS))[0], 'teetrain.log');
  },
);

pageTest("the agent's own cost and the machine stand apart", { address: finished }, async ({ page }) => {
  await page.locator('.fact-list').first().waitFor();
  const facts = await texts(page, '.fact-list dd');
  assert.ok(facts.includes('AMD Ryzen 7 7840U'));
  assert.ok(facts.includes('360 ms, 0.4 % of one core'), facts.join(' | '));
});

pageTest('a running run follows its samples and its end', { address: running }, async ({ page, server }) => {
  const first = page.locator('.figures dd').first();
  await page.locator('.chart canvas').first().waitFor();
  const run = server.history[0];
  assert.ok(run);
  await server.watched(runningRef);
  run.seconds = 50;
  server.emit(runningRef, 'run');
  server.emit(runningRef, 'samples');
  await until(page, `document.querySelector('.figures dd').textContent.startsWith('50.0')`);
  await until(page, `document.querySelector('.processes td:nth-of-type(3)').textContent.startsWith('50.0')`);
  run.seconds = 55;
  run.state = 'finished';
  server.emit(runningRef, 'end');
  await until(page, `document.querySelector('.run-head .state').textContent === 'exit 0'`);
  assert.match((await first.textContent()) ?? '', /^55\.0/);
});

pageTest(
  'a run that is not there is told in the words of the server',
  { address: '#/runs/none@1', allowed: /status of 404/ },
  async ({ page }) => {
    const alert = await page.getByRole('alert').textContent();
    assert.match(alert ?? '', /There is no run none@1\.List the runs that there are/);
  },
);
