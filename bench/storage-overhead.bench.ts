/** What being measured costs a storage tool: fio's own IOPS, alternating runs with and without `podometer run`. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Figure, figure, median } from './figure.ts';

const MAIN = join(import.meta.dirname, '..', 'dist', 'podometer.js');
const PAIRS = 8;
const TARGET = 0.02;

const WAYS = {
  'random reads of the page cache, 4 KiB': ['--rw=randread', '--ioengine=psync'],
  'random writes past the page cache, 4 KiB, 8 at a time': [
    '--rw=randwrite',
    '--ioengine=libaio',
    '--direct=1',
    '--iodepth=8',
  ],
} as const;

function fio(folder: string, way: readonly string[]): string[] {
  const job = ['--name=job', `--directory=${folder}`, '--size=64m', '--bs=4k'];
  return ['fio', ...job, '--time_based', '--runtime=3', '--output-format=json', ...way];
}

/** Undefined where fio could not do it here. */
function iops(command: readonly string[]): number | undefined {
  const [file = '', ...args] = command;
  const { status, stdout } = spawnSync(file, args, { encoding: 'utf8' });
  if (status !== 0) return undefined;
  const { read, write } = JSON.parse(stdout.slice(stdout.indexOf('{'))).jobs[0];
  return read.iops + write.iops;
}

export async function storageOverheadFigures(): Promise<Figure[]> {
  if (!existsSync(MAIN)) return [figure('overhead', 'not built: npm run build', '', false)];
  const folder = mkdtempSync(join(tmpdir(), 'podometer-'));
  const measured = (command: readonly string[]): string[] => [
    ...[process.execPath, MAIN, 'run', '--data', join(folder, 'data'), '--interval', '100ms'],
    ...['--metrics', 'performance,time,pressure,storage', '--', ...command],
  ];
  try {
    return Object.entries(WAYS).map(([what, way]) => {
      const command = fio(folder, way);
      if (iops(command) === undefined) return figure(what, 'fio cannot do it here', '', false);
      const pairs = Array.from({ length: PAIRS }, () => [iops(command) ?? 0, iops(measured(command)) ?? 0]);
      const plain = median(pairs.map(([one = 0]) => one));
      const slower = median(pairs.map(([one = 0, other = 0]) => 1 - other / one));
      const value = `${(100 * slower).toFixed(2)} % fewer IOPS (of ${Math.round(plain).toLocaleString('en')})`;
      return figure(what, value, `< ${100 * TARGET} %`, slower < TARGET);
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

if (import.meta.main) for (const line of await storageOverheadFigures()) console.log(line);
