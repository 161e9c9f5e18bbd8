/** The built page and a browser to look at it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContext, chromium } from 'playwright-core';
import { build } from 'vite';

export const CHROMIUM = '/usr/bin/chromium';

const ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export interface PageLook {
  /** CSS pixels; default 1280. */
  readonly width?: number;
  readonly dark?: boolean;
}

export class PageBrowser {
  /** Where the built page lies. */
  readonly folder: string;
  readonly #browser: Browser;

  private constructor(folder: string, browser: Browser) {
    this.folder = folder;
    this.#browser = browser;
  }

  /** Builds the page into a folder of its own and starts the browser. */
  static async start(): Promise<PageBrowser> {
    const folder = await mkdtemp(join(tmpdir(), 'podometer-page-'));
    await build({
      configFile: fileURLToPath(new URL('../../../aggregator/page/vite.config.ts', import.meta.url)),
      build: { outDir: folder },
      logLevel: 'error',
    });
    return new PageBrowser(folder, await chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS }));
  }

  /** A window without history or cookies. */
  context({ width = 1280, dark = false }: PageLook): Promise<BrowserContext> {
    return this.#browser.newContext({
      viewport: { width, height: 900 },
      colorScheme: dark ? 'dark' : 'light',
      timezoneId: 'UTC',
    });
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await rm(this.folder, { recursive: true });
  }
}
