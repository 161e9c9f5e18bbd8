/** Runs that are chosen to be compared, and the keys of the list. */
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { serveStore } from './compare-server.ts';
import { servedPageTest, texts, until } from './page-session.ts';
import { manyRuns, variedHistory } from './runs-history.ts';

const NAMES = '.runs tbody th a';
const serveVaried = (folder: string) => serveStore(variedHistory(), folder);
const serveMany = (folder: string) => serveStore(manyRuns(300), folder);

const hash = (page: Page) => decodeURIComponent(new URL(page.url()).hash);
const chosen = (page: Page) => texts(page, '.chosen-runs a');
const words = async (page: Page) => (await texts(page, '.selection p'))[0];
const focused = (page: Page) => page.evaluate<string>('document.activeElement.textContent');

servedPageTest(
  'several chosen runs are compared, the oldest as the baseline',
  { address: '', serve: serveVaried },
  async ({ page }) => {
    await page.getByLabel('Choose train@3').check();
    assert.equal(await words(page), '1 run is chosen. Choose another run to compare with it.');
    assert.equal(await page.locator('button.compare').isDisabled(), true);
    await page.getByLabel('Choose train@1').check();
    await page.getByLabel('Choose train@2').check();
    assert.deepEqual(await chosen(page), ['train@1', 'train@2', 'train@3']);
    assert.deepEqual(await texts(page, '.chosen-runs .baseline a'), ['train@1']);
    await page.getByRole('button', { name: 'Compare train@1 with 2 runs' }).click();
    await until(page, `decodeURIComponent(location.hash) === '#/compare?a=train@1&b=train@2,train@3'`);
    await page.getByRole('heading', { level: 1, name: 'train@1 and' }).waitFor();
    await page.goBack();
    await page.locator('.chosen-runs a').nth(2).waitFor();
    assert.equal(await page.getByLabel('Choose train@2').isChecked(), true, 'back shows them chosen still');
  },
);

servedPageTest(
  'any of the chosen can be the baseline, and the address holds who is',
  { address: '#/?chosen=train@1,train@2,train@3', serve: serveVaried },
  async ({ page }) => {
    await page.getByRole('button', { name: 'train@3 is of the baseline' }).click();
    assert.equal(await focused(page), 'baseline', 'the button keeps the focus');
    await page.getByRole('button', { name: 'train@1 is of the baseline' }).click();
    assert.deepEqual(await texts(page, '.chosen-runs .baseline a'), ['train@3']);
    assert.equal(hash(page), '#/?chosen=train@3,train@1,train@2&baseline=train@3');
    await page.reload();
    await page.getByRole('button', { name: 'Compare train@3 with 2 runs' }).waitFor();
    await page.getByRole('button', { name: 'train@1 is of the baseline' }).click();
    await page.getByRole('button', { name: 'train@2 is of the baseline' }).click();
    assert.match((await words(page)) ?? '', /All are the baseline/);
    await page.getByRole('button', { name: 'Let go of train@3' }).click();
    assert.deepEqual(await chosen(page), ['train@1', 'train@2']);
    await page.getByRole('button', { name: 'Choose none' }).click();
    assert.equal(await page.locator('.selection').isHidden(), true);
    assert.equal(hash(page), '#/');
  },
);

servedPageTest(
  'what the filters leave out stays chosen, and that is said',
  { address: '', serve: serveVaried },
  async ({ page }) => {
    await page.getByLabel('Choose train@1').check();
    await page.getByLabel('Choose train@4').check();
    await page.getByLabel('Outcome').selectOption('failed');
    await until(page, `document.querySelectorAll('${NAMES}').length === 1`);
    assert.equal(await words(page), '2 runs are chosen, 1 of them outside these filters.');
    assert.deepEqual(await chosen(page), ['train@1', 'train@4']);
    await page.reload();
    await page.getByRole('button', { name: 'Compare train@1 with train@4' }).click();
    await until(page, `decodeURIComponent(location.hash) === '#/compare?a=train@1&b=train@4'`);
  },
);

servedPageTest(
  'a chosen run that is gone is left out',
  { address: '#/?chosen=train@1,train@77', serve: serveVaried, allowed: /status of 404/ },
  async ({ page }) => {
    await page.locator('.chosen-runs a').first().waitFor();
    assert.deepEqual(await chosen(page), ['train@1']);
    assert.equal(hash(page), '#/?chosen=train@1');
  },
);

servedPageTest(
  'the list is found in, gone through, chosen from, compared and opened by keys alone',
  { address: '', serve: serveVaried },
  async ({ page }) => {
    await page.locator(NAMES).first().waitFor();
    const press = async (...keys: string[]) => {
      for (const key of keys) await page.keyboard.press(key);
    };
    await press('c');
    assert.equal(hash(page), '', 'there is nothing to compare');
    await press('j', 'j', 'j', 'k');
    assert.equal(await focused(page), 'train@4');
    await press('x', 'j', ' ', 'j', 'x', 'x');
    assert.deepEqual(await chosen(page), ['train@3', 'train@4']);
    assert.equal(await page.evaluate('scrollY'), 0, 'space does not scroll');
    await press('?');
    const help = (await texts(page, 'dialog section'))[0] ?? '';
    for (const part of ['/Find', 'jThe next', 'kThe run above', 'xSpaceChoose', 'EnterOpen', 'cCompare']) {
      assert.ok(help.includes(part), `${part} in ${help}`);
    }
    await press('Escape', 'c');
    await until(page, `decodeURIComponent(location.hash) === '#/compare?a=train@3&b=train@4'`);
    await page.goBack();
    await page.locator('.chosen-runs a').first().waitFor();
    await press('/');
    await page.keyboard.type('note jx kernel');
    assert.equal(await page.getByLabel('Find').inputValue(), 'note jx kernel', 'letters are written there');
    await page.getByLabel('Find').fill('kernel');
    await until(page, `document.querySelectorAll('${NAMES}').length === 1`);
    await press('Enter');
    assert.equal(await focused(page), 'train@2');
    await press('Enter');
    await page.getByRole('heading', { name: 'train@2', level: 1 }).waitFor();
  },
);

servedPageTest(
  'keys go on to rows that were not read yet, and what has the focus is never covered',
  { address: '#/?chosen=w0@1,w0@2', serve: serveMany },
  async ({ page }) => {
    await page.locator('.chosen-runs a').first().waitFor();
    for (let steps = 0; steps < 150; steps += 1) await page.keyboard.press('j');
    assert.equal(await focused(page), 'w2@38');
    const isFree = `(() => {
      const { left, top, bottom } = document.activeElement.closest('tr').getBoundingClientRect();
      const hit = (y) => document.elementFromPoint(left + 60, y)?.closest('tr') === document.activeElement.closest('tr');
      return hit(top + 3) && hit(bottom - 3);
    })()`;
    assert.equal(await page.evaluate(isFree), true, 'above the bar');
    for (let steps = 0; steps < 60; steps += 1) await page.keyboard.press('k');
    assert.equal(await page.evaluate(isFree), true, 'below the headings');
    await page.mouse.wheel(0, 6000);
    await until(page, `document.activeElement === document.body`);
    await page.keyboard.press('j');
    assert.equal(await focused(page), 'w1@53', 'it goes on where it was');
  },
);

servedPageTest(
  'Shift chooses all from the run before, and back from a run the list is where it was left',
  { address: '', serve: serveMany },
  async ({ page }) => {
    await page.getByLabel('Choose w3@74').click();
    await page.getByLabel('Choose w3@72').click({ modifiers: ['Shift'] });
    const refs = ['w3@72', 'w0@73', 'w1@73', 'w2@73', 'w3@73', 'w0@74', 'w1@74', 'w2@74', 'w3@74'];
    assert.deepEqual(await chosen(page), refs);
    await page.getByLabel('Choose w0@74').click();
    await page.getByLabel('Choose w0@73').click({ modifiers: ['Shift'] });
    assert.deepEqual(await chosen(page), ['w3@72', 'w1@74', 'w2@74', 'w3@74']);
    for (let steps = 0; steps < 120; steps += 1) await page.keyboard.press('j');
    const left = await focused(page);
    const scrolled = await page.evaluate<number>('scrollY');
    assert.ok(scrolled > 3000);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: left }).waitFor();
    await page.goBack();
    await until(page, `document.activeElement.textContent === '${left}'`);
    assert.ok(
      Math.abs((await page.evaluate<number>('scrollY')) - scrolled) < 900,
      'the row is in sight again',
    );
    assert.equal(await page.locator('.chosen-runs li').count(), 4);
  },
);
