/** The page in front of the aggregator's own server, so that both mean the same by the API. */
import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { localAccess } from '../../../aggregator/access/local-access.ts';
import { buildServer } from '../../../aggregator/server.ts';
import { systemClock } from '../../../lib/clock.ts';
import {
  FakeStore,
  member,
  openMember,
  processEntry,
  run,
  series,
  stateOf,
  totalsOf,
} from '../fake-store.ts';
import { type PageServer, servedPageTest, texts, until } from './page-session.ts';

const TOKEN = 'a-token';
const SECONDS = 20;

/** Counts at this many units per second, read every 100 ms; nothing was read from 8 s to 12 s. */
function samples(perSecond: number): [ms: number, value: number][] {
  const ticks = Array.from({ length: SECONDS * 10 }, (_, n) => (n + 1) * 100);
  const read = ticks.filter((ms) => ms <= 8000 || ms >= 12_000);
  return read.map((ms) => [ms, Math.round((ms / 1000) * perSecond)]);
}

const totals = totalsOf({
  wallSeconds: SECONDS * 1000,
  cpuUserSeconds: SECONDS * 150,
  peakRssBytes: 2 ** 26,
});

function trainStore(): FakeStore {
  const store = new FakeStore();
  const running = openMember({ totals });
  for (const [number, one] of [member({ totals }), running].entries()) {
    store.put(
      run(number + 1, { members: [one] }),
      {
        processes: [
          processEntry({ index: 0, comm: 'sh' }),
          processEntry({ index: 1, comm: 'python3', parent: 0, startMs: 50 }),
        ],
        events: [{ atMs: 12_000, kind: 'gap', value: 39, message: '39 ticks were missed' }],
      },
      [
        series('utimeTicks', samples(50)),
        series('utimeTicks', samples(100), { index: 1 }),
        series('rssBytes', samples(2 ** 20), { index: 1 }),
      ],
    );
  }
  return store;
}

interface RealServer extends PageServer {
  readonly store: FakeStore;
}

async function serveReal(pageFolder: string): Promise<RealServer> {
  const store = trainStore();
  const app = await buildServer({
    store,
    clock: systemClock,
    stateOf,
    access: localAccess({ token: TOKEN }),
    pageFolder,
    followMs: 50,
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = app.server.address() as AddressInfo;
  return { store, url: `http://127.0.0.1:${port}`, close: () => app.close() };
}

servedPageTest(
  'the address with the token opens a run, which is followed to its end',
  { address: `?token=${TOKEN}#/runs/train%402`, serve: serveReal },
  async ({ page, server }) => {
    await until(page, `document.querySelectorAll('.chart canvas').length === 2`);
    assert.equal(await page.locator('.run-head .state').textContent(), 'running');
    assert.deepEqual(await texts(page, '.processes tbody th'), ['sh', 'python3']);
    assert.deepEqual(await texts(page, '.events .kind'), ['gap']);
    await page.locator('.plot').first().focus();
    const shownAt = async (share: number) => {
      const box = await page.locator('.u-over').first().boundingBox();
      assert.ok(box);
      await page.mouse.move(box.x + box.width * share, box.y + 20);
      return texts(page, '.chart:first-child .legend-value');
    };
    assert.deepEqual(await shownAt(0.25), ['1.00', '0.5'], 'cores of python3 and sh');
    assert.deepEqual(await shownAt(0.5), ['–', '–'], 'in the gap nothing is known');
    await server.store.update('run-train-0002', (record) => ({ ...record, members: [member({ totals })] }));
    await until(page, `document.querySelector('.run-head .state').textContent === 'exit 0'`);
  },
);

servedPageTest(
  'runs are listed and compared',
  { address: `?token=${TOKEN}`, serve: serveReal },
  async ({ page }) => {
    await page.getByLabel('Choose train@1').check();
    await page.getByLabel('Choose train@2').check();
    await page.locator('button.compare').click();
    await page.getByRole('heading', { name: 'train@1 and train@2' }).waitFor();
    assert.deepEqual((await texts(page, 'table tbody tr:first-child > *')).slice(0, 6), [
      'wall time',
      'no change',
      '0',
      '',
      '20.0 s',
      '20.0 s',
    ]);
  },
);

servedPageTest(
  'without the token the page is not served at all',
  { address: '', serve: serveReal, allowed: /status of 401/ },
  async ({ page }) => {
    assert.match((await page.textContent('body')) ?? '', /PODO_UNAUTHORIZED/);
  },
);
