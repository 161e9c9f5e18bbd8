/** The page of a long run in a real browser, in front of a real store: `node bench/page-run.bench.ts` prints it. */
import { existsSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import type { CDPSession, Page } from 'playwright-core';
import { buildServer } from '../aggregator/server.ts';
import type { Store } from '../aggregator/store/model.ts';
import { systemClock } from '../lib/clock.ts';
import { CHROMIUM, PageBrowser } from '../test/aggregator/page/page-browser.ts';
import { type Figure, figure, median } from './figure.ts';
import { fill, withStore } from './filled-store.ts';

const HOUR_MS = 3_600_000;
const DAY = {
  agent: '1'.repeat(32),
  run: 'run-1',
  workload: 'day',
  epochMs: Date.UTC(2026, 2, 1),
  processes: 200,
  /** What the charts of a run ask for and such a process has. */
  columns: ['utimeTicks', 'stimeTicks', 'rssBytes', 'readBytes', 'writeBytes'],
  intervalMs: 1000,
  rowsPerBatch: 60,
} as const;
const LOOKS = 12;
const HASTY_LOOKS = 5;
const HASTE_MS = 60;
const PATIENCE_MS = 120_000;
const MiB = 2 ** 20;

/** Resolves to the ms since the page was opened when an expression is true and what it tells of has been painted. */
const paintedAt = (expression: string): string => `new Promise((resolve) => {
  const look = () => {
    if (${expression}) requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now())));
    else setTimeout(look, 2);
  };
  look();
})`;

const CHARTS_DRAWN = `(() => {
  const charts = [...document.querySelectorAll('.chart')];
  return charts.length > 0 && charts.every((one) => one.matches('.nothing') || one.querySelector('canvas'));
})()`;
const A_CHART_DRAWN = `document.querySelector('.chart canvas')`;
const SETTLED = `document.querySelector('.board')?.getAttribute('aria-busy') === 'false'`;

/** What a person meets who opens the day and looks closer, again and again. */
export async function measurePage(store: Store): Promise<Figure[]> {
  const browser = await PageBrowser.start();
  const app = await buildServer({
    store,
    clock: systemClock,
    stateOf: () => 'finished',
    pageFolder: browser.folder,
  });
  try {
    await app.listen({ port: 0, host: '127.0.0.1' });
    const { port } = app.server.address() as AddressInfo;
    const page = await (await browser.context({})).newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    return await figuresOf(page, `http://127.0.0.1:${port}/#/runs/day%401`);
  } finally {
    await browser.close();
    await app.close();
  }
}

async function figuresOf(page: Page, address: string): Promise<Figure[]> {
  await page.addInitScript(NOTE_ANSWERS);
  await page.goto(address, { waitUntil: 'commit' });
  const firstMs = await page.evaluate<number>(paintedAt(A_CHART_DRAWN));
  const chartsMs = await page.evaluate<number>(paintedAt(CHARTS_DRAWN));
  const listsMs = await page.evaluate<number>(
    paintedAt(`document.querySelector('.gantt-row') && document.querySelector('.wall-bar') && ${SETTLED}`),
  );
  await page.waitForLoadState('networkidle');
  const cdp = await page.context().newCDPSession(page);
  const before = await heapOf(cdp);
  await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
  const busyBefore = await busyMs(cdp);
  const looks: Look[] = [];
  for (let i = 0; i < LOOKS; i++) looks.push(await look(page, (i + 1) * HOUR_MS, (i + 2) * HOUR_MS));
  const busy = ((await busyMs(cdp)) - busyBefore) / LOOKS;
  const after = await heapOf(cdp);
  const hastyMs = await hastyLooks(page);
  const finer = median(looks.map(({ finerMs }) => finerMs));
  const whole = median(looks.map(({ wholeMs }) => wholeMs));
  return [
    figure('opened: the first chart drawn, ms', firstMs.toFixed(0), '', true),
    figure('opened: every chart drawn, ms', chartsMs.toFixed(0), '< 1000', chartsMs < 1000),
    figure('its processes by name, their lives and the wall time split, ms', listsMs.toFixed(0), '', true),
    figure(
      'an hour of it looked closer at: finer data drawn in every chart, ms',
      finer.toFixed(0),
      '< 200',
      finer < 200,
    ),
    figure('with a point for each pixel, ms', whole.toFixed(0), '', true),
    figure(
      `the last of ${HASTY_LOOKS} looks, ${HASTE_MS} ms apart: finer data drawn in every chart, ms`,
      hastyMs.toFixed(0),
      '',
      true,
    ),
    figure('of both, CPU time of the page, drawing included, ms', busy.toFixed(0), '< 200', busy < 200),
    figure(
      `JS heap, and what ${LOOKS} such looks add, MiB`,
      `${(before / MiB).toFixed(1)}, ${((after - before) / MiB).toFixed(1)}`,
      '< 32, < 4',
      before < 32 * MiB && after - before < 4 * MiB,
    ),
  ];
}

interface Look {
  readonly finerMs: number;
  readonly wholeMs: number;
}

/** From the change of the address until every chart has been drawn finer, and until they are whole. */
async function look(page: Page, fromMs: number, toMs: number): Promise<Look> {
  const startedAt = await turnTo(page, fromMs, toMs);
  const finerAt = await page.evaluate<number>(paintedAt(isAnswered(fromMs)));
  const wholeAt = await page.evaluate<number>(paintedAt(SETTLED));
  return { finerMs: finerAt - startedAt, wholeMs: wholeAt - startedAt };
}

/** From the last change of the address until every chart has been drawn finer. */
async function hastyLooks(page: Page): Promise<number> {
  let [fromMs, startedAt] = [0, 0];
  for (let i = 0; i < HASTY_LOOKS; i++) {
    if (i > 0) await setTimeout(HASTE_MS);
    fromMs = (LOOKS + 1 + i) * HOUR_MS;
    startedAt = await turnTo(page, fromMs, fromMs + HOUR_MS);
  }
  return (await page.evaluate<number>(paintedAt(isAnswered(fromMs)))) - startedAt;
}

function turnTo(page: Page, fromMs: number, toMs: number): Promise<number> {
  return page.evaluate<number>(
    `(location.hash = '#/runs/day%401?from=${fromMs}&to=${toMs}', performance.now())`,
  );
}

const isAnswered = (fromMs: number): string =>
  `globalThis.answered.filter((url) => url.includes('from=${fromMs}')).length >= document.querySelectorAll('.chart').length`;

/** Notes the addresses of the series that the page has been told. */
const NOTE_ANSWERS = `
  globalThis.answered = [];
  const { fetch: ask } = globalThis;
  globalThis.fetch = async (address, options) => {
    const response = await ask(address, options);
    const read = response.json.bind(response);
    response.json = async () => {
      const body = await read();
      if (String(address).includes('/series')) answered.push(String(address));
      return body;
    };
    return response;
  };
`;

/** CPU time of the page's main thread. */
async function busyMs(cdp: CDPSession): Promise<number> {
  const { metrics } = await cdp.send('Performance.getMetrics');
  return 1000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0);
}

async function heapOf(cdp: CDPSession): Promise<number> {
  await cdp.send('HeapProfiler.collectGarbage');
  const { usedSize } = await cdp.send('Runtime.getHeapUsage');
  return usedSize;
}

export async function pageRunFigures(): Promise<Figure[]> {
  if (!existsSync(CHROMIUM)) return [figure('not measured', `needs ${CHROMIUM}`, '', true)];
  return withStore(async (store) => {
    await fill(store, DAY, (24 * HOUR_MS) / DAY.intervalMs / DAY.rowsPerBatch);
    await store.seal(DAY.run);
    return measurePage(store);
  });
}

if (import.meta.main) {
  for (const { what, value, target, met } of await pageRunFigures()) {
    process.stdout.write(`${what}: ${value} (${target}: ${met ? 'met' : 'not met'})\n`);
  }
}
