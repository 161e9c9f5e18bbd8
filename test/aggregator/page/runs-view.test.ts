import assert from 'node:assert/strict';
import { assertAccessible } from './accessibility.ts';
import { serveStore } from './compare-server.ts';
import { runningRef } from './fixture-history.ts';
import { FixtureRun } from './fixture-run.ts';
import { pageTest, servedPageTest, texts, until } from './page-session.ts';
import { manyRuns, variedHistory } from './runs-history.ts';

const ROWS = '.runs tbody tr';
const NAMES = `${ROWS} th a`;

pageTest('the list shows every run, newest first, with its figures', { address: '' }, async ({ page }) => {
  await page.locator(ROWS).first().waitFor();
  const names = await texts(page, NAMES);
  assert.deepEqual(names.slice(0, 4), ['serve@3', 'train@12', 'train@11', 'etl@7']);
  const cells = await texts(page, `${ROWS}:nth-child(2) td`);
  assert.deepEqual(cells.slice(1, 5), ['exit 0', '2026-03-02 10:23:41', '', '1 min 30 s']);
  assert.equal(cells[6], '3.17', 'average cores are CPU time by wall time');
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
  'while something runs, its figures in the list follow',
  { address: '' },
  async ({ page, server }) => {
    await page.locator(ROWS).first().waitFor();
    const running = server.history[0];
    assert.equal(running?.view().ref, runningRef);
    await page.getByRole('link', { name: runningRef }).focus();
    assert.ok(running);
    running.seconds = 95;
    await until(page, `document.querySelector('${ROWS} .number').textContent.startsWith('1')`);
    assert.equal((await texts(page, `${ROWS}:first-child td`))[4], '1 min 35 s');
    assert.equal(await page.evaluate('document.activeElement.textContent'), runningRef, 'the focus stays');
    server.history.unshift(new FixtureRun({ ...running.spec, id: '01SERVE4', number: 4 }));
    await until(page, `document.querySelectorAll('${ROWS}').length === 8`);
    assert.equal((await texts(page, NAMES))[0], 'serve@4');
    assert.equal(await page.evaluate('document.activeElement.textContent'), runningRef);
  },
);

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

const RUNS = 1300;
const serveMany = (folder: string) => serveStore(manyRuns(RUNS), folder);
const DRAWN = 'document.querySelectorAll(".runs tr[data-id]").length';

for (const width of [1280, 400]) {
  servedPageTest(
    `of a long history only the rows in sight are elements, and scrolling reaches the last, ${width} px wide`,
    { address: '', serve: serveMany, width },
    async ({ page }) => {
      await page.locator(ROWS).first().waitFor();
      await until(page, `document.querySelector('.runs-view h1 + *').textContent === '1,300 runs'`);
      for (let steps = 0; steps < 20; steps += 1) {
        await page.evaluate('scrollTo(0, document.body.scrollHeight)');
        const drawn = await page.evaluate<number>(DRAWN);
        assert.ok(drawn > 5 && drawn < 80, `${drawn} rows`);
        if ((await texts(page, NAMES)).at(-1) === 'w0@1') break;
        await page.waitForTimeout(100);
      }
      assert.deepEqual((await texts(page, NAMES)).slice(-2), ['w1@1', 'w0@1']);
      const last = page.locator('.runs tr[data-id]').last();
      assert.equal(await last.getAttribute('aria-rowindex'), String(RUNS + 1));
      assert.equal(await page.locator('table.runs').getAttribute('aria-rowcount'), String(RUNS + 1));
      const heights = await page.evaluate<number[]>(
        `[...document.querySelectorAll('.runs tr[data-id]')].map((row) => Math.round(row.getBoundingClientRect().height * 10))`,
      );
      assert.equal(new Set(heights).size, 1, `rows of several heights: ${heights}`);
    },
  );
}

servedPageTest(
  'a sparkline holds the run against the last 20 of its workload, in the figure of the order',
  { address: '', serve: serveMany },
  async ({ page }) => {
    const words = () => page.locator('.spark').first().getAttribute('aria-label');
    await page.locator('.spark').first().waitFor();
    assert.match((await words()) ?? '', /^Wall 24\.0.s; median of the last 20 runs 23\.0.s$/);
    const bars = (look: string) =>
      page.evaluate<number>(
        `document.querySelector('.spark .${look}').getAttribute('d').split('M').length - 1`,
      );
    assert.deepEqual([await bars('others'), await bars('marked')], [19, 1]);
    await page.getByRole('button', { name: 'CPU' }).click();
    await until(page, `document.querySelector('.runs th a').textContent === 'w0@1'`);
    assert.match((await words()) ?? '', /^CPU 12.min.30.s; median/);
    assert.deepEqual(
      [await bars('others'), await bars('marked')],
      [20, 1],
      'an older one stands before them',
    );
    const marked = await page.locator('.spark .marked').first().getAttribute('d');
    assert.match(marked ?? '', /^M1\.5 18V0\.0$/, 'far above them all');
  },
);

servedPageTest(
  'no row of the list asks the server for anything of its own',
  { address: '', serve: serveMany },
  async ({ page }) => {
    const asked: string[] = [];
    await page.locator('.spark').first().waitFor();
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await page.reload();
    await page.locator('.spark').first().waitFor();
    assert.deepEqual(asked.filter((path) => path.startsWith('/v1/')).toSorted(), [
      '/v1/runs',
      '/v1/workloads',
    ]);
  },
);

for (const dark of [false, true]) {
  servedPageTest(
    `the list with chosen runs and a time between is accessible, ${dark ? 'dark and narrow' : 'light and wide'}`,
    {
      address: '#/?since=2020-01-01T00:00:00Z&chosen=train@2,train@3,train@4',
      serve: (folder) => serveStore(variedHistory(), folder),
      dark,
      width: dark ? 400 : 1280,
    },
    async ({ page }) => {
      await page.locator('.spark').first().waitFor();
      await page.locator('.chosen-runs li').nth(2).waitFor();
      await assertAccessible(page);
      const overflow = await page.evaluate(`document.documentElement.scrollWidth - innerWidth`);
      assert.ok(Number(overflow) <= 0, `the page is ${overflow} px too wide`);
    },
  );
}
