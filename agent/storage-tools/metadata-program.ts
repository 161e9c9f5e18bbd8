/** The program of metadata.ts: makes, finds and removes files, and prints a MetadataReport as JSON. */
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  rmdirSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

export interface MetadataRequest {
  readonly folder: string;
  readonly files: number;
  readonly filesInFolder: number;
  readonly fileBytes: number;
  readonly isSynced: boolean;
}

/** Of one kind of step, over all files. */
export interface StepReport {
  readonly perSecond: number;
  readonly p50Seconds: number;
  readonly p99Seconds: number;
  readonly maxSeconds: number;
}

export interface MetadataReport {
  readonly create: StepReport;
  readonly stat: StepReport;
  readonly unlink: StepReport;
}

/** The loop and the clock cost about 1 µs a file beside the call itself. */
function measured(paths: readonly string[], step: (path: string) => void): StepReport {
  const took = new Float64Array(paths.length);
  const startNs = process.hrtime.bigint();
  let beforeNs = startNs;
  paths.forEach((path, i) => {
    step(path);
    const nowNs = process.hrtime.bigint();
    took[i] = Number(nowNs - beforeNs) / 1e9;
    beforeNs = nowNs;
  });
  took.sort();
  const at = (share: number): number => took[Math.ceil(share * took.length) - 1] ?? 0;
  return {
    perSecond: paths.length / (Number(beforeNs - startNs) / 1e9),
    p50Seconds: at(0.5),
    p99Seconds: at(0.99),
    maxSeconds: at(1),
  };
}

function run({ folder, files, filesInFolder, fileBytes, isSynced }: MetadataRequest): MetadataReport {
  const content = Buffer.alloc(fileBytes, 'podometer ');
  const folders = Array.from({ length: Math.ceil(files / filesInFolder) }, (_, i) => join(folder, `d${i}`));
  const paths = Array.from({ length: files }, (_, i) =>
    join(folders[Math.floor(i / filesInFolder)] ?? folder, `f${i}`),
  );
  for (const one of folders) mkdirSync(one);
  const create = measured(paths, (path) => {
    const file = openSync(path, 'wx');
    // A full disk takes a part of it, and refuses the rest at the next call.
    for (let written = 0; written < fileBytes; ) written += writeSync(file, content, written);
    if (isSynced) fsyncSync(file);
    closeSync(file);
  });
  const stat = measured(paths, (path) => void statSync(path));
  const unlink = measured(paths, unlinkSync);
  for (const one of folders) rmdirSync(one);
  return { create, stat, unlink };
}

try {
  process.stdout.write(`${JSON.stringify(run(JSON.parse(process.argv[2] ?? '')))}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
