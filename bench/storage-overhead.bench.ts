/**
 * What being measured costs a storage tool: fio's own IOPS, by pairs that lie close together in time, for a disk is as
 * fast as whoever else uses it lets it be. While fio runs the sampler is stopped and let go on in turn: the cost of
 * sampling. Whole runs, plain and measured in turn, have the cost of the start as well, and far more noise.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Figure, figure, median, medianInterval } from './figure.ts';

const MAIN = join(import.meta.dirname, '..', 'dist', 'podometer.js');
const TARGET = 0.02;
const RUNS = 12;
const RUN_SECONDS = 10;
const TURNS = 60;
const TURN_MS = 800;
/** Until podometer has started and sent its first batches. */
const SETTLED_MS = 2500;
/** fio's log has a mean for each. */
const LOG_MS = 100;

const WAYS = {
  'random reads of the page cache, 4 KiB': ['--rw=randread', '--ioengine=psync', '--invalidate=0'],
  'random writes past the page cache, 4 KiB, 8 at a time': [
    '--rw=randwrite',
    '--ioengine=libaio',
    '--direct=1',
    '--iodepth=8',
  ],
} as const;

interface Pair {
  readonly plain: number;
  readonly measured: number;
}

interface Comparison {
  readonly pairs: readonly Pair[];
  /** Nobody was measured in either side of these: what they differ by is the noise. */
  readonly nothing: readonly Pair[];
}

interface Turn {
  readonly isSampled: boolean;
  /** Wall time, as fio's log has it. */
  readonly fromMs: number;
  readonly untilMs: number;
}

/** As `podometer storage` calls it. */
function fio(folder: string, way: readonly string[], seconds: number): string[] {
  const always = ['fio', '--output-format=json', '--eta=never', '--thread'];
  const job = ['--name=job', `--directory=${folder}`, '--size=64m', '--bs=4k'];
  return [...always, ...job, '--time_based', `--runtime=${seconds}`, ...way];
}

function measuring(folder: string, command: readonly string[]): string[] {
  return [
    ...[process.execPath, MAIN, 'run', '--data', join(folder, 'data'), '--interval', '100ms'],
    ...['--metrics', 'performance,time,pressure,storage', '--', ...command],
  ];
}

/** Throws where it failed: a pair without one of its sides tells nothing. */
function iops([file = '', ...args]: readonly string[]): number {
  const { status, stdout, stderr } = spawnSync(file, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${file} ended with ${status}: ${stderr.slice(-500)}`);
  const { read, write } = JSON.parse(stdout.slice(stdout.indexOf('{'))).jobs[0];
  return read.iops + write.iops;
}

/** Each measured run stands between two plain ones, and is held against their mean: a drift falls on both. */
function wholeRuns(plain: readonly string[], measured: readonly string[]): Comparison {
  const triples = Array.from({ length: RUNS }, () => {
    const [before, between, after] = [iops(plain), iops(measured), iops(plain)];
    return {
      pair: { plain: (before + after) / 2, measured: between },
      nothing: { plain: before, measured: after },
    };
  });
  return { pairs: triples.map(({ pair }) => pair), nothing: triples.map(({ nothing }) => nothing) };
}

/** Two turns make a pair; the one that comes first changes. */
async function takeTurns(podometer: number): Promise<Turn[]> {
  const turns: Turn[] = [];
  for (let i = 0; i < TURNS * 2; i += 1) {
    const isSampled = i % 4 === 0 || i % 4 === 3;
    process.kill(podometer, isSampled ? 'SIGCONT' : 'SIGSTOP');
    const fromMs = Date.now();
    await delay(TURN_MS);
    turns.push({ isSampled, fromMs, untilMs: Date.now() });
  }
  process.kill(podometer, 'SIGCONT');
  return turns;
}

function meanIops(log: string): (turn: Pick<Turn, 'fromMs' | 'untilMs'>) => number {
  const lines = log.trim().split('\n');
  const means = lines.map((line) => line.split(',').map(Number));
  return ({ fromMs, untilMs }) => {
    const within = means.filter(([endMs = 0]) => endMs - LOG_MS >= fromMs && endMs <= untilMs);
    return within.reduce((sum, [, value = 0]) => sum + value, 0) / within.length;
  };
}

/** The halves of turns in which nobody sampled are the pairs of nothing. */
async function turnsOf(folder: string, way: readonly string[]): Promise<Comparison> {
  const seconds = Math.ceil((2 * SETTLED_MS + 2 * TURNS * TURN_MS) / 1000);
  const log = [`--write_iops_log=${folder}/log`, `--log_avg_msec=${LOG_MS}`, '--log_unix_epoch=1'];
  const command = [...fio(folder, way, seconds), ...log, '--per_job_logs=0'];
  const [file = '', ...args] = measuring(folder, command);
  const program = spawn(file, args, { stdio: 'ignore' });
  const ended = once(program, 'exit');
  await delay(SETTLED_MS);
  const turns = await takeTurns(program.pid ?? 0);
  await ended;
  const mean = meanIops(readFileSync(`${folder}/log_iops.log`, 'utf8'));
  const sampled = turns.filter(({ isSampled }) => isSampled);
  const stopped = turns.filter(({ isSampled }) => !isSampled);
  return {
    pairs: sampled.map((turn, i) => ({ plain: mean(stopped[i] ?? turn), measured: mean(turn) })),
    nothing: stopped.map(({ fromMs, untilMs }) => {
      const middleMs = (fromMs + untilMs) / 2;
      return { plain: mean({ fromMs, untilMs: middleMs }), measured: mean({ fromMs: middleMs, untilMs }) };
    }),
  };
}

const percent = (share: number): string => (100 * share).toFixed(2);

function lossOf(pairs: readonly Pair[]): { readonly text: string; readonly high: number } {
  const losses = pairs.map(({ plain, measured }) => 1 - measured / plain);
  const [low, high] = medianInterval(losses);
  return { text: `${percent(median(losses))} % (${percent(low)} to ${percent(high)})`, high };
}

/** Met where the whole interval is below the target. */
function lossFigure(what: string, { pairs, nothing }: Comparison): Figure {
  const { text, high } = lossOf(pairs);
  const plain = Math.round(median(pairs.map((pair) => pair.plain))).toLocaleString('en');
  const value = `${text} fewer IOPS of ${plain}; where nothing differs ${lossOf(nothing).text}`;
  return figure(what, value, `< ${100 * TARGET} %`, high < TARGET);
}

async function figuresOf(folder: string, what: string, way: readonly string[]): Promise<Figure[]> {
  const command = fio(folder, way, RUN_SECONDS);
  try {
    iops(fio(folder, way, 1));
  } catch {
    return [figure(what, 'fio cannot do it here', '', false)];
  }
  return [
    lossFigure(`${what}: while it is sampled`, await turnsOf(folder, way)),
    lossFigure(`${what}: whole runs`, wholeRuns(command, measuring(folder, command))),
  ];
}

export async function storageOverheadFigures(): Promise<Figure[]> {
  if (!existsSync(MAIN)) return [figure('overhead', 'not built: npm run build', '', false)];
  const folder = mkdtempSync(join(tmpdir(), 'podometer-'));
  try {
    const figures: Figure[] = [];
    for (const [what, way] of Object.entries(WAYS)) figures.push(...(await figuresOf(folder, what, way)));
    return figures;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

if (import.meta.main) for (const line of await storageOverheadFigures()) console.log(line);
