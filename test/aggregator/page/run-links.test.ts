import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { FakeStore, run } from '../fake-store.ts';
import { serveComparison as serve, serveStore } from './compare-server.ts';
import { finishedRef } from './fixture-history.ts';
import { pageTest, servedPageTest, texts, until } from './page-session.ts';

servedPageTest(
  'a run leads out as a file, and into comparisons in one click',
  { address: '#/runs/train@8', serve },
  async ({ page }) => {
    const links = page.getByRole('navigation', { name: 'This run' });
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      links.getByRole('link', { name: 'Parquet' }).click(),
    ]);
    assert.equal(download.suggestedFilename(), 'train@8.parquet');
    assert.equal(
      readFileSync(await download.path())
        .subarray(0, 4)
        .toString(),
      'PAR1',
    );
    await links.getByRole('link', { name: 'Make it the baseline' }).click();
    await page.getByRole('heading', { level: 1, name: 'train@8 and train@12' }).waitFor();
    await page.goBack();
    await links.getByRole('link', { name: 'Compare with the good runs before' }).click();
    await page.getByRole('heading', { level: 1, name: 'train@last:10 (7 runs) and train@8' }).waitFor();
    await until(page, `document.querySelectorAll('.overlay canvas').length >= 4`);
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Save as one HTML file' }).click(),
    ]);
    assert.equal(file.suggestedFilename(), 'train@last_10_and_train@8.html');
    assert.match(readFileSync(await file.path(), 'utf8'), /<script type="application\/json" id="snapshot">/);
  },
);

const comparisons = (page: Page) => texts(page, '.run-links .comparisons a');
const said = (page: Page) => texts(page, '.run-links [role=status]');

servedPageTest(
  'a run is compared only with runs that there are',
  { address: '#/runs/train@12', serve },
  async ({ page }) => {
    await page.locator('.comparisons a').first().waitFor();
    assert.deepEqual(await comparisons(page), [
      'Compare with the run before',
      'Compare with the good runs before',
    ]);
    await page.keyboard.press('b');
    await until(page, `document.querySelector('.run-links [role=status]').textContent !== ''`);
    assert.deepEqual(await said(page), ['train@12 is the latest run of train.']);
    assert.equal(new URL(page.url()).hash, '#/runs/train@12');
    await page.goto(page.url().replace('@12', '@1'));
    await page.getByRole('heading', { level: 1, name: 'train@1', exact: true }).waitFor();
    await page.locator('.comparisons a').first().waitFor();
    assert.deepEqual(await comparisons(page), ['Make it the baseline of the latest']);
    await page.keyboard.press('c');
    await until(page, `document.querySelector('.run-links [role=status]').textContent !== ''`);
    assert.deepEqual(await said(page), ['train@1 is the first run of train that there is.']);
    await page.keyboard.press('b');
    await page.getByRole('heading', { level: 1, name: 'train@1 and train@12' }).waitFor();
  },
);

pageTest(
  'keys lead to the runs before and after, and to comparisons',
  { address: `#/runs/${encodeURIComponent(finishedRef)}` },
  async ({ page }) => {
    const title = (ref: string) => page.getByRole('heading', { level: 1, name: ref }).waitFor();
    await page.locator('.gantt-row').first().waitFor();
    await page.keyboard.press('[');
    await title('train@11');
    await page.keyboard.press(']');
    await title('train@12');
    await page.keyboard.press(']');
    await until(page, `/latest run/.test(document.querySelector('.run-links [role=status]').textContent)`);
    await page.keyboard.press('c');
    await until(page, `decodeURIComponent(location.hash) === '#/compare?a=train@11&b=train@12'`);
    await page.goBack();
    await page.locator('.gantt-row').first().waitFor();
    await page.keyboard.press('[');
    await title('train@11');
    await page.keyboard.press('b');
    await until(page, `decodeURIComponent(location.hash) === '#/compare?a=train@11&b=train@latest'`);
  },
);

pageTest(
  'keys find processes, go through their table and choose one',
  { address: `#/runs/${encodeURIComponent(finishedRef)}` },
  async ({ page }) => {
    const focused = () => page.evaluate<string>('document.activeElement.textContent');
    await page.locator('.choose').first().waitFor();
    await page.keyboard.press('x');
    assert.equal(await page.locator('tr.chosen').count(), 0, 'no process has the focus');
    for (const key of ['j', 'j', 'j', 'k']) await page.keyboard.press(key);
    assert.equal(await focused(), 'torchrun');
    await page.keyboard.press('x');
    await until(page, `document.querySelector('tr.chosen .choose')?.textContent === 'torchrun'`);
    assert.equal(await focused(), 'torchrun', 'the focus stays');
    await page.keyboard.press('?');
    const help = (await texts(page, 'dialog section'))[0] ?? '';
    for (const part of ['/Find processes', 'jThe next', 'kThe process above', 'xChoose', 'cCompare']) {
      assert.ok(help.includes(part), `${part} in ${help}`);
    }
    await page.keyboard.press('Escape');
    await page.keyboard.press('/');
    await page.keyboard.type('zstd');
    await until(page, `document.querySelectorAll('.processes tbody tr').length === 1`);
  },
);

servedPageTest(
  'of a run of which nothing was measured, nothing is said to be a dash',
  { address: '#/runs/train@1', serve: (folder) => serveStore(new FakeStore(run(1)), folder) },
  async ({ page }) => {
    await page.locator('.fact-list').first().waitFor();
    assert.deepEqual(await texts(page, '.figures .under'), ['every 100 ms']);
    assert.deepEqual(
      (await texts(page, '.fact-list, .under, .run-links')).filter((text) => text.includes('–')),
      [],
    );
    assert.equal((await texts(page, '.figures dd'))[0], '–', 'a figure alone stands for what is not known');
  },
);
