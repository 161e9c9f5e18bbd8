/**
 * The built page as one file that opens without a server: its script and its style inline, what it shows as JSON, and a
 * policy that allows these by their hashes and nothing else.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemCode } from '../../lib/errors.ts';
import { PodometerError } from '../../protocol/errors.ts';
import { type PageSnapshot, SNAPSHOT_ELEMENT } from '../../protocol/snapshot.ts';

/** `folder`: of the built page. Throws PODO_PAGE_NOT_BUILT. */
export function pageFile(snapshot: PageSnapshot, folder: string | undefined): Iterable<string> {
  const page = builtPage(folder);
  return piecesOf(page, snapshot);
}

function* piecesOf({ script, style, body }: BuiltPage, snapshot: PageSnapshot): Generator<string> {
  yield `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="content-security-policy" content="${policy(script, style)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Podometer</title>
<style>${style}</style>
</head>
${body}
<script type="application/json" id="${SNAPSHOT_ELEMENT}">`;
  yield embeddedJson(snapshot);
  yield `</script>\n<script type="module">${script}</script>\n</html>\n`;
}

function policy(script: string, style: string): string {
  return [
    "default-src 'none'",
    `script-src ${hashOf(script)}`,
    `style-src ${hashOf(style)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

/** No text of it can end the element that holds it. */
export function embeddedJson(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}

interface BuiltPage {
  readonly script: string;
  readonly style: string;
  /** Without its end tag, as what follows belongs to it. */
  readonly body: string;
}

function builtPage(folder: string | undefined): BuiltPage {
  const index = readPage(folder, 'index.html');
  const fileOf = (pattern: RegExp): string => readPage(folder, pattern.exec(index)?.[1] ?? '');
  return {
    script: inlineScript(fileOf(/<script[^>]* src="\.\/([^"]+)"/)),
    style: fileOf(/<link[^>]* href="\.\/([^"]+\.css)"/),
    body: /<body>.*(?=<\/body>)/s.exec(index)?.[0] ?? '',
  };
}

/**
 * A script as it may stand within its element: without what would end that, and what the reader of HTML would replace. Both
 * can only stand in strings and patterns, where an escape means the same.
 */
function inlineScript(script: string): string {
  return script.replaceAll(/<(?=\/?script)/gi, '\\x3c').replaceAll('\0', '\\x00');
}

function readPage(folder: string | undefined, name: string): string {
  try {
    return readFileSync(join(folder ?? '', name), 'utf8');
  } catch (cause) {
    if (folder !== undefined && systemCode(cause) !== 'ENOENT') throw cause;
    throw new PodometerError(
      'PODO_PAGE_NOT_BUILT',
      'The page has not been built, and an HTML file is made from it',
      'Run `npm run build`, or choose another format.',
      { cause },
    );
  }
}
