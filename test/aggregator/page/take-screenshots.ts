/** Draws docs/screenshots anew, or those whose names are given: `node test/aggregator/page/take-screenshots.ts [NAME…]`. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page, PageScreenshotOptions } from 'playwright-core';
import { openStore } from '../../../aggregator/store/open.ts';
import { clusterHistory, clusterRef } from './cluster-history.ts';
import { serveComparison, serveStore } from './compare-server.ts';
import { earlierRuns, finishedRef, fullHistory, hostileRef } from './fixture-history.ts';
import { startFixtureServer } from './fixture-server.ts';
import { PageBrowser, type PageLook } from './page-browser.ts';
import type { PageServer } from './page-session.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const MARGIN_PX = 8;
const wanted = new Set(process.argv.slice(2));
const browser = await PageBrowser.start();

type Clip = NonNullable<PageScreenshotOptions['clip']>;

const allLooks: Readonly<Record<string, PageLook>> = {
  light: {},
  dark: { dark: true },
  'light-narrow': { width: 400 },
  'dark-narrow': { width: 400, dark: true },
};
const oneLook: Readonly<Record<string, PageLook>> = { light: {} };

interface Picture {
  readonly serve: () => Promise<PageServer>;
  readonly address: string;
  /** There when everything is drawn. */
  readonly ready: string;
  readonly looks: Readonly<Record<string, PageLook>>;
  /** What of the page is shown; default: all. */
  readonly part?: string;
  /** The last that is shown. */
  readonly through?: string;
  /** A bar stands where the window ends: no more than a window is shown. */
  readonly isWindowful?: true;
}

const serveFixtures = () =>
  startFixtureServer(browser.folder, [
    ...fullHistory().filter((run) => run.view().ref !== hostileRef),
    ...earlierRuns(),
  ]);
const compare = '#/compare?a=train@1..6&b=train@7..12';
const drawn = '.wall-bar, .findings li';

const pictures: Readonly<Record<string, Picture>> = {
  runs: {
    serve: serveFixtures,
    address: '#/?chosen=train@11,train@12',
    ready: '.chosen-runs li',
    looks: allLooks,
    isWindowful: true,
  },
  run: {
    serve: serveFixtures,
    address: `#/runs/${encodeURIComponent(finishedRef)}`,
    ready: drawn,
    looks: allLooks,
  },
  'run-zoom': {
    serve: serveFixtures,
    address: `#/runs/${encodeURIComponent(finishedRef)}?from=20000&to=40000`,
    ready: drawn,
    looks: oneLook,
    part: '.run-view > section:has(.board)',
  },
  'run-cluster': {
    serve: () => serveStore(clusterHistory(), browser.folder),
    address: `#/runs/${encodeURIComponent(clusterRef)}`,
    ready: drawn,
    looks: oneLook,
    through: '.gantt',
  },
  compare: {
    serve: () => serveComparison(browser.folder),
    address: compare,
    ready: '.chart:nth-child(4) canvas',
    looks: allLooks,
  },
  'compare-phases': {
    serve: () => serveComparison(browser.folder),
    address: `${compare}&align=phase`,
    ready: '.chart:nth-child(4) canvas',
    looks: oneLook,
    part: '.overlay',
  },
  'demo-run': {
    serve: serveDemo,
    address: '#/runs/demo%40latest',
    ready: drawn,
    looks: { '': {} },
    through: '.gantt',
  },
};

/** The second run of the demo, measured here and now, without the paths of this machine. */
async function serveDemo(): Promise<PageServer> {
  const data = mkdtempSync(join(tmpdir(), 'podometer-demo-'));
  const env = { ...process.env, PATH: `${dirname(process.execPath)}:${process.env.PATH}` };
  for (const level of ['1', '9']) {
    const demo = ['node', 'examples/demo/main.js', '--compression-level', level];
    const tag = `compression-level=${level}`;
    const options = ['--name', 'demo', '--tag', tag, '--data', data];
    spawnSync(process.execPath, ['cli/main.ts', 'run', ...options, '--', ...demo], {
      cwd: root,
      env,
      stdio: 'inherit',
    });
  }
  const store = await openStore(data);
  const server = await serveStore(store, browser.folder);
  return {
    url: server.url,
    close: async () => {
      await server.close();
      await store.close();
      rmSync(data, { recursive: true });
    },
  };
}

async function downTo(page: Page, selector: string): Promise<Clip> {
  const box = await page.locator(selector).first().boundingBox();
  const { width, height } = page.viewportSize() ?? { width: 0, height: 0 };
  return { x: 0, y: 0, width, height: box === null ? height : Math.ceil(box.y + box.height + MARGIN_PX) };
}

for (const [name, { serve, address, ready, looks, part, through, isWindowful = false }] of Object.entries(
  pictures,
)) {
  if (wanted.size > 0 && !wanted.has(name)) continue;
  const server = await serve();
  for (const [suffix, look] of Object.entries(looks)) {
    const context = await browser.context(look);
    const page = await context.newPage();
    await page.goto(`${server.url}/${address}`);
    await page.locator(ready).first().waitFor();
    await page.waitForLoadState('networkidle');
    const path = join(root, 'docs/screenshots', `${[name, suffix].filter(Boolean).join('-')}.png`);
    if (part === undefined) {
      const clip = through === undefined ? undefined : await downTo(page, through);
      await page.screenshot({
        path,
        fullPage: !isWindowful,
        animations: 'disabled',
        ...(clip && { clip }),
      });
    } else await page.locator(part).screenshot({ path, animations: 'disabled' });
    await context.close();
  }
  await server.close();
}
await browser.close();
