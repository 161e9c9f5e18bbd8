/** The list of 10,000 runs in a real browser. `node bench/page.bench.ts` prints it. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { openStore } from '../aggregator/store/open.ts';
import { deflater } from '../lib/deflater.ts';
import type { Batch } from '../protocol/batch.ts';
import { encodeBatch } from '../protocol/codec/batch-encode.ts';
import { measureByName } from '../protocol/measures.ts';
import { serveStore } from '../test/aggregator/page/compare-server.ts';
import { CHROMIUM, PageBrowser } from '../test/aggregator/page/page-browser.ts';
import { type Figure, figure, median } from './figure.ts';
import { syntheticBatches } from './synthetic-agent.ts';

const RUNS = 10_000;
const WORKLOADS = 20;
const AT_ONCE = 32;
const LOADS = 5;
const MINUTE = 60_000;
const EPOCH_MS = Date.UTC(2026, 0, 1);
const MiB = 2 ** 20;

const ROW = '.runs tr[data-id]';
const FIRST = `document.querySelector('${ROW} th a')?.textContent`;

/** Run before the page's own scripts: when the first rows had been painted, and the longest time that a script took. */
const WATCH = `(() => {
  const painted = new MutationObserver(() => {
    if (document.querySelector('${ROW}') === null) return;
    painted.disconnect();
    requestAnimationFrame(() => setTimeout(() => { window.paintedMs = performance.now(); }));
  });
  painted.observe(document, { childList: true, subtree: true });
  window.longestMs = 0;
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) window.longestMs = Math.max(window.longestMs, duration);
  }).observe({ entryTypes: ['longtask'] });
})()`;

/** As real runs are: with a command, tags, a host, and the figures that the list shows. */
function runBatch(n: number): Batch {
  const options = {
    agent: n.toString(16).padStart(32, '0'),
    run: `run-${n}`,
    workload: `workload-${n % WORKLOADS}`,
    epochMs: EPOCH_MS + n * MINUTE,
    processes: 1,
    columns: 1,
    intervalMs: 1000,
    rowsPerBatch: 1,
  };
  const [made] = syntheticBatches(options, 1);
  if (made?.batch.declaration === undefined) throw new Error('no batch was made');
  const { batch } = made;
  const wallMs = 60_000 + ((n * 7919) % 20_000);
  const totals = {
    wallSeconds: wallMs,
    cpuUserSeconds: wallMs / 5,
    cpuSystemSeconds: wallMs / 50,
    peakRssBytes: (200 + (n % 50)) * MiB,
    readBytes: n * 1000,
    writeBytes: n * 500,
  };
  return {
    ...batch,
    declaration: {
      ...made.batch.declaration,
      command: ['make', `workload-${n % WORKLOADS}`, `SEED=${n}`],
      tags: { commit: (n * 7919).toString(16), branch: n % 3 === 0 ? 'main' : 'next' },
      host: {
        hostname: `bench-${n % 4}`,
        platform: 'linux',
        architecture: 'x64',
        kernel: '6.12.9',
        cpuModel: 'a CPU',
        cores: 16,
        memoryBytes: 32 * 1024 * MiB,
      },
    },
    totals: new Map(
      Object.entries(totals).map(([name, value]) => [measureByName(name)?.id ?? 0, Math.round(value)]),
    ),
    outcome: { endedAtMs: options.epochMs + wallMs, exitCode: n % 9 === 0 ? 1 : 0, reason: 'exited' },
  };
}

/** Until the page says so, looked at with every frame, and painted; ms since `start` was done. */
function timeUntil(page: Page, start: string, isThere: string): Promise<number> {
  return page.evaluate<number>(`new Promise((resolve) => {
    const startMs = performance.now();
    ${start};
    const look = () => {
      if (${isThere}) setTimeout(() => resolve(performance.now() - startMs));
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  })`);
}

async function watchedPage(browser: PageBrowser, url: string): Promise<Page> {
  const context = await browser.context({});
  const page = await context.newPage();
  await page.addInitScript(WATCH);
  await page.goto(url);
  await page.locator(ROW).first().waitFor();
  return page;
}

/** Every time in a browser that has loaded nothing yet. */
async function firstPaintFigure(browser: PageBrowser, url: string): Promise<Figure> {
  const spent: number[] = [];
  for (let load = 0; load < LOADS; load++) {
    const page = await watchedPage(browser, url);
    await timeUntil(page, '', 'window.paintedMs !== undefined');
    spent.push(await page.evaluate<number>('window.paintedMs'));
    await page.context().close();
  }
  const ms = median(spent);
  return figure('first paint of the rows, ms', ms.toFixed(0), '< 1,000', ms < 1000);
}

/** To the rows that match, one of them the oldest of all; the rest after the last letter included. */
async function filterFigure(page: Page): Promise<Figure> {
  const write = (words: string) => `{
    const field = document.querySelector('[name=text]');
    field.value = '${words}';
    field.dispatchEvent(new Event('input', { bubbles: true }));
  }`;
  const spent: number[] = [];
  for (const words of ['seed=7 workload-7', 'make seed=42 next', 'seed=1 commit=1eef']) {
    const isFound = `/^workload-/.test(${FIRST} ?? '') && document.querySelector('.runs-view h1 + *').textContent !== '10,000 runs'`;
    spent.push(await timeUntil(page, write(words), isFound));
    await timeUntil(
      page,
      write(''),
      `document.querySelector('.runs-view h1 + *').textContent === '10,000 runs'`,
    );
  }
  const ms = median(spent);
  return figure(
    'from the last letter of a search to its runs, ms (200 of them for more letters)',
    ms.toFixed(0),
    '< 1,000',
    ms < 1000,
  );
}

async function sortFigure(page: Page): Promise<Figure> {
  const before = await page.evaluate<string>(FIRST);
  const press = `[...document.querySelectorAll('.runs thead button')].find(({ textContent }) => textContent === 'Wall').click()`;
  const ms = await timeUntil(page, press, `${FIRST} !== '${before}'`);
  await page.getByRole('button', { name: 'Started' }).click();
  await page.locator(ROW, { hasText: before }).waitFor();
  return figure('all runs sorted by wall time, ms', ms.toFixed(0), '< 1,000', ms < 1000);
}

async function scrollFigures(page: Page): Promise<Figure[]> {
  const last = `document.querySelector('${ROW}:last-child')?.getAttribute('aria-rowindex') === '${RUNS + 1}'`;
  await page.evaluate('window.longestMs = 0');
  const startMs = performance.now();
  let [pulls, isThere] = [0, false];
  while (!isThere && pulls < 1000) {
    pulls += 1;
    await page.evaluate('scrollTo(0, document.body.scrollHeight)');
    await page.waitForTimeout(20);
    isThere = await page.evaluate<boolean>(last);
  }
  const ms = performance.now() - startMs;
  const longestMs = await page.evaluate<number>('window.longestMs');
  const rows = await page.evaluate<number>(`document.querySelectorAll('${ROW}').length`);
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  await session.send('Performance.enable');
  const { metrics } = await session.send('Performance.getMetrics');
  const metric = (name: string) => metrics.find((one) => one.name === name)?.value ?? 0;
  const heapMiB = metric('JSHeapUsedSize') / MiB;
  return [
    figure(
      'scrolled to the last run as fast as the rows come, ms',
      isThere ? ms.toFixed(0) : 'never',
      '< 10,000',
      isThere && ms < 10_000,
    ),
    figure('longest task of the page meanwhile, ms', longestMs.toFixed(0), '< 200', longestMs < 200),
    figure(
      "the page's memory with all of them read, MiB of JavaScript; rows that are elements",
      `${heapMiB.toFixed(0)}; ${rows}`,
      '< 100; < 100',
      heapMiB < 100 && rows < 100,
    ),
  ];
}

export async function pageFigures(): Promise<Figure[]> {
  if (!existsSync(CHROMIUM)) {
    return [figure('the list in a browser', `skipped: needs ${CHROMIUM} of the package chromium`, '', false)];
  }
  const folder = mkdtempSync(join(tmpdir(), 'podometer-'));
  const store = await openStore(folder);
  const browser = await PageBrowser.start();
  try {
    for (let n = 0; n < RUNS; n += AT_ONCE) {
      const some = Array.from({ length: Math.min(AT_ONCE, RUNS - n) }, (_, i) => runBatch(n + i));
      await Promise.all(some.map((batch) => store.append(encodeBatch(batch, deflater), batch)));
    }
    const server = await serveStore(store, browser.folder);
    try {
      const paint = await firstPaintFigure(browser, server.url);
      const page = await watchedPage(browser, server.url);
      return [paint, await filterFigure(page), await sortFigure(page), ...(await scrollFigures(page))];
    } finally {
      await server.close();
    }
  } finally {
    await browser.close();
    await store.close();
    rmSync(folder, { recursive: true });
  }
}

if (import.meta.main) {
  for (const { what, value, target, met } of await pageFigures()) {
    process.stdout.write(`${what}: ${value} (${target}: ${met ? 'met' : 'not met'})\n`);
  }
}
