import assert from 'node:assert/strict';
import { longHistory, runningRef } from './fixture-history.ts';
import { pageTest, texts, until } from './page-session.ts';

const ROWS = '.runs tbody tr';
const NAMES = `${ROWS} th a`;

pageTest('the list shows every run, newest first, with its figures', { address: '' }, async ({ page }) => {
  await page.locator(ROWS).first().waitFor();
  const names = await texts(page, NAMES);
  assert.deepEqual(names.slice(0, 4), ['serve@3', 'train@12', 'train@11', 'etl@7']);
  const cells = await texts(page, `${ROWS}:nth-child(2) td`);
  assert.deepEqual(cells.slice(1, 4), ['exit 0', '2026-03-02 10:23:41', '1 min 30 s']);
  assert.equal(cells[5], '3.17', 'average cores are CPU time by wall time');
  assert.deepEqual(await texts(page, '.state'), [
    'running',
    'exit 0',
    'exit 0',
    'SIGKILL',
    'interrupted',
    'exit 3',
    'exit 0',
  ]);
});

pageTest(
  'the filter narrows by workload and by words, and the address keeps it',
  { address: '' },
  async ({ page }) => {
    await page.locator(ROWS).first().waitFor();
    await page.getByLabel('Workload').selectOption('train');
    await until(page, `document.querySelectorAll('${ROWS}').length === 2`);
    await page.getByLabel('Find').fill('BATCH=32');
    await until(page, `document.querySelectorAll('${ROWS}').length === 1`);
    assert.deepEqual(await texts(page, NAMES), ['train@11']);
    await page.reload();
    await page.locator(ROWS).first().waitFor();
    assert.deepEqual(await texts(page, NAMES), ['train@11']);
    await page.getByLabel('Find').fill('nothing like it');
    await page.getByText('No run matches').waitFor();
  },
);

pageTest(
  'while something runs, its figures in the list follow',
  { address: '' },
  async ({ page, server }) => {
    await page.locator(ROWS).first().waitFor();
    const running = server.history[0];
    assert.equal(running?.view().ref, runningRef);
    if (running) running.seconds = 95;
    await until(page, `document.querySelector('${ROWS} .number').textContent.startsWith('1')`);
    assert.equal((await texts(page, `${ROWS}:first-child td`))[3], '1 min 35 s');
  },
);

pageTest('two chosen runs are compared, the earlier as the baseline', { address: '' }, async ({ page }) => {
  const compare = page.locator('button.compare');
  await page.locator(ROWS).first().waitFor();
  assert.equal(await compare.isDisabled(), true);
  await page.getByLabel('Compare train@12').check();
  await page.getByLabel('Compare train@11').check();
  assert.equal(await page.getByLabel('Compare etl@7').isDisabled(), true);
  await compare.click();
  await page.getByRole('heading', { name: 'train@11 and train@12' }).waitFor();
  const rows = await texts(page, '[aria-label=Measures] tbody tr:first-child > *');
  assert.deepEqual(rows, [
    'wall time',
    '+9.00 s (+10.0 %)',
    '',
    '1 min 30 s',
    '1 min 39 s',
    '1 min 30 s ± 1.40 s',
  ]);
  assert.deepEqual(await texts(page, '.caution'), ['The hosts differ: 16 cores and 8 cores.']);
  assert.equal(new URL(page.url()).hash, '#/compare?a=train%4011&b=train%4012');
});

pageTest('a history without runs says how to make one', { address: '', history: [] }, async ({ page }) => {
  await page.getByText('Nothing has been measured yet').waitFor();
  assert.equal(await page.locator('.scroller').isHidden(), true);
});

pageTest(
  'where the server refuses, its sentence and its mend stand there, and the next try shows the list',
  { address: '', allowed: /status of 507/ },
  async ({ page, server }) => {
    await page.locator(ROWS).first().waitFor();
    server.fail({
      type: 'about:blank',
      title: 'Full',
      status: 507,
      detail: 'The disk of /data is full.',
      code: 'PODO_STORE_FULL',
      mend: 'Free some space.',
    });
    await page.getByLabel('Workload').selectOption('train');
    assert.match(
      (await page.getByRole('alert').textContent()) ?? '',
      /The disk of \/data is full\.Free some space\./,
    );
    server.fail(undefined);
    await page.getByRole('button', { name: 'Try again' }).click();
    await until(page, `document.querySelectorAll('${ROWS}').length === 2`);
    assert.equal(await page.getByRole('alert').count(), 0);
  },
);

pageTest('the list can be filtered and opened by the keyboard alone', { address: '' }, async ({ page }) => {
  await page.locator(ROWS).first().waitFor();
  await page.getByLabel('Find').focus();
  await page.keyboard.type('train@12');
  await until(page, `document.querySelectorAll('${ROWS}').length === 1`);
  for (let presses = 0; presses < 4; presses += 1) {
    await page.keyboard.press('Tab');
    if (await page.evaluate(`document.activeElement.textContent === 'train@12'`)) break;
  }
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'train@12', level: 1 }).waitFor();
});

pageTest(
  'a long history is shown page by page',
  { address: '', history: longHistory(130) },
  async ({ page }) => {
    await page.locator(ROWS).first().waitFor();
    assert.equal(await page.locator(ROWS).count(), 100);
    const more = page.getByRole('button', { name: 'Show older runs' });
    await more.click();
    await until(page, `document.querySelectorAll('${ROWS}').length === 130`);
    assert.deepEqual(
      [(await texts(page, NAMES)).at(0), (await texts(page, NAMES)).at(-1)],
      ['many@130', 'many@1'],
    );
    assert.equal(await more.isHidden(), true);
  },
);
