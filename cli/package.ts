/** What the installed package says of itself. */
import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';

const manifestPath = (): string => findPackageJSON(import.meta.url) ?? '';

export function packageVersion(): string {
  const manifest: { version: string } = JSON.parse(readFileSync(manifestPath(), 'utf8'));
  return manifest.version;
}

/** Where the build puts the page; it may not be there. */
export function pageFolder(): string {
  return join(dirname(manifestPath()), 'dist', 'page');
}

/** The workload that `podometer demo` measures. */
export function demoProgram(): string {
  return join(dirname(manifestPath()), 'examples', 'demo', 'main.js');
}
