/** What the installed package says of itself. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** This file, and the one that the build makes of it (dist/), lie one folder below. */
const ROOT = join(import.meta.dirname, '..');

export function packageVersion(): string {
  const manifest: { version: string } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  return manifest.version;
}

/** Where the build puts the page; it may not be there. */
export function pageFolder(): string {
  return join(ROOT, 'dist', 'page');
}

/** The workload that `podometer demo` measures. */
export function demoProgram(): string {
  return join(ROOT, 'examples', 'demo', 'main.js');
}
