/** Tests of the page in a real browser. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { requirePart } from '../../require-part.ts';
import { fullHistory } from './fixture-history.ts';
import type { FixtureRun } from './fixture-run.ts';
import { type FixtureServer, startFixtureServer } from './fixture-server.ts';
import { CHROMIUM, PageBrowser, type PageLook } from './page-browser.ts';

const PATIENCE_MS = 10_000;

/** One for all tests of a file. */
let started: Promise<PageBrowser> | undefined;

after(async () => {
  await (await started)?.close();
});

/** What the page is served by. */
export interface PageServer {
  readonly url: string;
  close(): Promise<void>;
}

export interface PageSession<Server extends PageServer> {
  readonly page: Page;
  readonly server: Server;
  /** Where the built page lies. */
  readonly folder: string;
}

export interface PageOptions extends PageLook {
  /** After the server's name and a slash. */
  readonly address: string;
  /** What the browser may complain of. */
  readonly allowed?: RegExp;
}

/** A test of the page in front of the fixture server; see `servedPageTest`. */
export function pageTest(
  name: string,
  options: PageOptions & { readonly history?: FixtureRun[] },
  body: (session: PageSession<FixtureServer>) => Promise<void>,
): void {
  const serve = (folder: string) => startFixtureServer(folder, options.history ?? fullHistory());
  servedPageTest(name, { ...options, serve }, body);
}

/**
 * A test of the page in the browser. Besides what its body asserts, it fails where the browser complains (errors on
 * the console, exceptions, dialogs, the content policy) and where a request leaves the origin.
 */
export function servedPageTest<Server extends PageServer>(
  name: string,
  options: PageOptions & { readonly serve: (folder: string) => Promise<Server> },
  body: (session: PageSession<Server>) => Promise<void>,
): void {
  test(name, async (t) => {
    if (!requirePart(t, 'chromium', CHROMIUM)) return;
    started ??= PageBrowser.start();
    const browser = await started;
    const { folder } = browser;
    const server = await options.serve(folder);
    const context = await browser.context(options);
    try {
      const page = await context.newPage();
      page.setDefaultTimeout(PATIENCE_MS);
      const { complaints, requests } = watched(page);
      await page.goto(`${server.url}/${options.address}`);
      await body({ page, server, folder });
      const unexpected = complaints.filter((text) => !options.allowed?.test(text));
      assert.deepEqual(unexpected, []);
      const foreign = requests.filter((address) => !address.startsWith(`${server.url}/`));
      assert.deepEqual(foreign, []);
    } finally {
      await context.close();
      await server.close();
    }
  });
}

function watched(page: Page): { complaints: string[]; requests: string[] } {
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => requests.push(request.url()));
  return { complaints, requests };
}

/**
 * Resolves when an expression of the browser's is true. It is asked from here again and again, as the page's policy
 * forbids evaluating in the page itself.
 */
export async function until(page: Page, expression: string): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await page.evaluate<boolean>(expression))) {
    assert.ok(Date.now() < deadline, `not true within ${PATIENCE_MS} ms: ${expression}`);
    await setTimeout(50);
  }
}

/** The trimmed texts of all elements that match, with plain spaces. */
export async function texts(page: Page, selector: string): Promise<string[]> {
  const all = await page.locator(selector).allTextContents();
  return all.map((text) => text.replaceAll('\u00a0', ' ').trim());
}
