/** The comparison in a real browser, in front of the aggregator's own server. */
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { assertAccessible } from './accessibility.ts';
import { compareHistory } from './compare-history.ts';
import { serveComparison as serve, serveStore } from './compare-server.ts';
import { dragOver } from './drag-over.ts';
import { servedPageTest, texts, until } from './page-session.ts';

const sets = '#/compare?a=train@1..6&b=train@7..12';
const canvases = `document.querySelectorAll('.overlay canvas').length >= 4`;

servedPageTest(
  'cautions come first, then what came out, then every measure with its interval',
  { address: sets, serve },
  async ({ page }) => {
    await until(page, canvases);
    const order = await texts(page, '.comparison > :is(.caution, section)');
    assert.match(order[0] ?? '', /^Different kernels/);
    assert.match(order[1] ?? '', /^train@1 was far slower/);
    assert.match(order[2] ?? '', /^What changedWall time rose by 4\d % .*more than chance explains/);
    assert.match(order[3] ?? '', /^How sure it isNo more than chance explains: CPU time/);
    const causes = await texts(page, '.sentences > li:first-child li');
    assert.match(causes[0] ?? '', /^flush, which .* took 3\d\.\d s/);
    assert.match(causes[1] ?? '', /^Phase \d of \d took/);
    assert.ok((await texts(page, '.sentences code')).includes('flush'), 'names stand as code');
    const [wall = ''] = await texts(page, '.comparison tbody tr:first-child');
    assert.match(wall, /^wall timeworse\+/);
    const bar = page.locator('.change-bar').first();
    assert.match((await bar.getAttribute('aria-label')) ?? '', /^\+4.*interval from \+/);
    const [body, whisker] = await Promise.all([
      bar.locator('.bar-body').boundingBox(),
      bar.locator('.whisker').boundingBox(),
    ]);
    assert.ok(body && whisker && body.width > 20 && whisker.width > 5);
  },
);

const heads = (page: Page) => texts(page, '.measures thead th:not(.change-cell)');

servedPageTest('columns that no measure fills are left out', { address: sets, serve }, async ({ page }) => {
  await until(page, canvases);
  const sides = ['train@1..6 (6 runs)', 'train@7..12 (6 runs)'];
  assert.deepEqual(await heads(page), ['Measure', 'Verdict', 'Change', ...sides, 'Interval']);
  await page.goto(page.url().replace(/#.*/, '#/compare?a=train@6&b=train@8'));
  await page.getByRole('heading', { level: 1, name: 'train@6 and train@8' }).waitFor();
  const known = ['Measure', 'Verdict', 'Change', 'train@6', 'train@8', 'Usual'];
  assert.deepEqual(await heads(page), known, 'one run a side has no interval, and a history');
});

servedPageTest(
  'at 400 px every verdict and both lanes of every process are in sight',
  { address: sets, serve, width: 400 },
  async ({ page }) => {
    await until(page, canvases);
    for (const selector of ['.measures .verdict', '.gantts .lane.side-a', '.gantts .lane.side-b']) {
      const boxes = await Promise.all((await page.locator(selector).all()).map((one) => one.boundingBox()));
      assert.ok(boxes.length > 4);
      for (const box of boxes) assert.ok(box && box.x >= 0 && box.x + box.width <= 400, selector);
    }
    const [a, b] = await Promise.all(
      ['a', 'b'].map((side) => page.locator(`.gantts .lane.side-${side}`).first().boundingBox()),
    );
    assert.ok(a && b && b.y >= a.y + a.height && a.x === b.x, 'one lies above the other');
  },
);

const EVIL_NAME = '</script><img src=x onerror=alert(1)>';
const serveHostile = (folder: string) => serveStore(compareHistory(EVIL_NAME), folder);

servedPageTest(
  'hostile names are only ever text',
  { address: sets, serve: serveHostile },
  async ({ page }) => {
    await until(page, canvases);
    assert.ok((await texts(page, '.gantts tbody th')).includes(EVIL_NAME));
    assert.equal(await page.locator('main img, main script').count(), 0);
  },
);

servedPageTest(
  'what is chosen is in the address, and the address shows it again',
  { address: '#/compare?a=train@6&b=train@8', serve },
  async ({ page }) => {
    await until(page, canvases);
    const rows = () => page.locator('.comparison tbody tr').count();
    const all = await rows();
    await page.getByLabel('Only what differs').check();
    assert.ok((await rows()) < all);
    await page.getByLabel('Align by phase').check();
    await until(page, `document.querySelectorAll('.band .phase').length > 4`);
    assert.match(page.url(), /align=phase&only=different$/);
    assert.match((await texts(page, '.cut-key'))[0] ?? '', /^where a phase begins/);
    await page.reload();
    await until(page, canvases);
    assert.equal(await page.getByLabel('Align by phase').isChecked(), true);
    assert.ok((await rows()) < all);
  },
);

servedPageTest(
  'dragging over a chart looks closer at both runs, and the stretch is in the address',
  { address: '#/compare?a=train@6&b=train@8', serve },
  async ({ page }) => {
    await until(page, canvases);
    await dragOver(page, '.overlay .u-over', 0.25, 0.5);
    await until(page, `/from=2\\d+&to=4\\d+$/.test(location.hash)`);
    const zoomed = page.url();
    await page.getByRole('button', { name: 'Show the whole' }).click();
    await until(page, `!/from=/.test(location.hash)`);
    await page.goBack();
    await page.getByRole('button', { name: 'Show the whole' }).waitFor();
    assert.equal(page.url(), zoomed, 'back undoes a step');
    await page.goBack();
    await page.getByRole('button', { name: 'Show the whole' }).waitFor({ state: 'hidden' });
  },
);

servedPageTest(
  'one click makes a run the baseline, and sides can be typed, swapped and left out of',
  { address: sets, serve },
  async ({ page }) => {
    await until(page, canvases);
    await page.getByLabel('warm-up').check();
    await until(page, `document.querySelector('.left-out a').textContent === 'train@1'`);
    assert.match(page.url(), /leaveOut=warm-up/);
    await page.getByRole('link', { name: 'make baseline' }).first().click();
    await page.getByRole('heading', { level: 1, name: /^train@7 and .*\(5 runs\)$/ }).waitFor();
    await page.getByLabel('Compared', { exact: true }).fill('train@commit=abc');
    await page.getByRole('button', { name: 'Compare', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: /^train@7 and train@commit=abc/ }).waitFor();
    await page.getByRole('button', { name: 'Swap' }).click();
    await page.getByRole('heading', { level: 1, name: /^train@commit=abc.* and train@7$/ }).waitFor();
  },
);

servedPageTest(
  'the smallest change worth naming and the measures are set in the page and stand in the address',
  { address: sets, serve },
  async ({ page }) => {
    await until(page, canvases);
    assert.match((await texts(page, '.sentences'))[0] ?? '', /Written rose by 3/);
    const verdicts = () => texts(page, '.measures tbody th');
    const all = await verdicts();
    await page.getByLabel('Name changes from').fill('10');
    await page.getByLabel('Name changes from').press('Enter');
    await until(page, `/effect=0\\.1$/.test(location.hash)`);
    await until(page, `!document.querySelector('.sentences')?.textContent.includes('Written rose')`);
    await until(page, canvases);
    await page.getByLabel('Judge only').fill('wall,cpu');
    await page.getByLabel('Judge only').press('Enter');
    await until(page, `/measures=wall%2Ccpu&effect=0\\.1$/.test(location.hash)`);
    await until(page, `document.querySelectorAll('.measures tbody th').length === 2`);
    assert.ok(all.length > 2);
    const save = await page.getByRole('link', { name: 'Save as one HTML file' }).getAttribute('href');
    assert.match(save ?? '', /measures=wall%2Ccpu&effect=0\.1$/);
  },
);

servedPageTest(
  'keys show what differs, align by phase, lead out of a stretch and swap the sides',
  { address: '#/compare?a=train@6&b=train@8&from=20000&to=40000', serve },
  async ({ page }) => {
    await until(page, `document.querySelectorAll('.overlay canvas').length >= 2`);
    const press = (key: string) => page.keyboard.press(key);
    await press('Escape');
    await until(page, `!/from=/.test(location.hash)`);
    await press('d');
    assert.equal(await page.getByLabel('Only what differs').isChecked(), true);
    await press('p');
    await until(page, `document.querySelectorAll('.band .phase').length > 4`);
    assert.match(page.url(), /align=phase&only=different$/);
    await press('?');
    await page.getByRole('heading', { name: 'This comparison' }).waitFor();
    await press('Escape');
    await press('s');
    await page.getByRole('heading', { level: 1, name: 'train@8 and train@6' }).waitFor();
    assert.match(page.url(), /align=phase&only=different$/);
  },
);

servedPageTest(
  'where a phase begins has another look than missed ticks have',
  { address: '#/compare?a=train@6&b=train@8&align=phase', serve },
  async ({ page }) => {
    await until(page, canvases);
    const painted = await page.evaluate<Record<string, boolean>>(`(() => {
      const canvas = document.querySelector('.overlay canvas');
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      const has = (name) => {
        const hex = getComputedStyle(document.documentElement).getPropertyValue('--' + name).slice(1);
        const wanted = [0, 2, 4].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
        for (let at = 0; at < data.length; at += 4) {
          if (wanted.every((value, i) => Math.abs(data[at + i] - value) < 24)) return true;
        }
        return false;
      };
      return { cut: has('cut'), gap: has('gap') };
    })()`);
    assert.deepEqual(painted, { cut: true, gap: false });
  },
);

servedPageTest(
  'a side that names no run is refused in words, with the way back',
  { address: '#/compare?a=train@99&b=train@1', serve, allowed: /status of 404/ },
  async ({ page }) => {
    assert.match((await page.getByRole('alert').textContent()) ?? '', /no run "train@99"/);
  },
);

for (const { width, dark } of [
  { width: 1280, dark: false },
  { width: 1280, dark: true },
  { width: 400, dark: false },
  { width: 400, dark: true },
]) {
  servedPageTest(
    `it keeps to WCAG 2.2 AA and fits at ${width} px in ${dark ? 'dark' : 'light'}`,
    { address: `${sets}&align=phase`, serve, width, dark },
    async ({ page }) => {
      await until(page, canvases);
      await assertAccessible(page);
      assert.equal(await page.evaluate('document.documentElement.scrollWidth'), width);
    },
  );
}
