/** Reads manifests that are named on the command line. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { PodometerError } from '../../protocol/errors.ts';
import type { CommandContext } from '../command.ts';
import { type Manifest, parseManifest } from './manifest.ts';

type Surroundings = Pick<CommandContext, 'cwd' | 'readInput'>;

/** `file`: `-` is the standard input. Throws PODO_MANIFEST_MALFORMED. */
export async function readManifest(file: string, { cwd, readInput }: Surroundings): Promise<Manifest> {
  if (file === '-') return parseManifest(await readInput(), 'the standard input');
  return parseManifest(textOf(resolve(cwd, file), file), file);
}

function textOf(path: string, file: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new PodometerError(
      'PODO_MANIFEST_MALFORMED',
      `${file} cannot be read: ${(error as Error).message}`,
      'Name a file of Kubernetes objects, or - for the standard input.',
      { cause: error },
    );
  }
}
