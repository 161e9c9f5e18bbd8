/**
 * Real pairs of programs, each measured several times in turn and compared: the sentences that docs/comparing.md has as
 * examples. `node bench/pairs.ts [RUNS] [NAME…]`; the throttled disk takes root and cgroup v1.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compareRuns } from '../aggregator/query/compare-runs.ts';
import { readFindings } from '../aggregator/query/findings/findings.ts';
import { openStore } from '../aggregator/store/open.ts';
import { randomNumbers } from './synthetic-agent.ts';

const MAIN = join(import.meta.dirname, '..', 'cli', 'main.ts');
const MB = 2 ** 20;
const RUNS = 5;
const OPTIONS = ['--interval', '50ms', '--metrics', 'performance,time,pressure,threads'];
const THROTTLE = `/sys/fs/cgroup/blkio/podometer-pairs-${process.pid}`;
const LEAK =
  'const kept = []; const more = setInterval(() => kept.push(Buffer.alloc(KEPT, 1)), 100); setTimeout(() => process.exit(), 14000)';

/** A program and another of the same name, as shell scripts in a folder with `input`: 48 MiB of text. */
type Pair = readonly [before: string, after: string];

const PAIRS: Readonly<Record<string, Pair>> = {
  gzip: ['gzip -1 < input > output', 'gzip -9 < input > output'],
  sort: ['sort -S 200M input > output', 'sort -S 1M input > output'],
  leak: [node(LEAK.replace('KEPT', '0')), node(LEAK.replace('KEPT', '500_000'))],
  pack: [pack(1), pack(9)],
  disk: [write(''), write(`echo $$ > ${THROTTLE}/cgroup.procs;`)],
};

function node(script: string): string {
  return `exec ${process.execPath} -e '${script}'`;
}

/** A job of several steps, of which one changes. */
function pack(level: number): string {
  return `md5sum input; gzip -${level} < input > output; sort -S 200M input > sorted`;
}

function write(before: string): string {
  return `${before} md5sum input; dd if=input of=output bs=1M count=16 oflag=direct`;
}

async function run(folder: string, name: string, script: string): Promise<void> {
  const command = [
    'run',
    '--data',
    join(folder, 'data'),
    '--name',
    name,
    ...OPTIONS,
    '--',
    'sh',
    '-c',
    script,
  ];
  const program = spawn(process.execPath, [MAIN, ...command], { cwd: folder, stdio: 'ignore' });
  await once(program, 'close');
}

/** In turn, so that whatever changes on the machine meanwhile falls on both. */
async function sentencesOf(folder: string, name: string, runs: number): Promise<string[]> {
  const [before, after] = PAIRS[name] ?? [];
  if (before === undefined || after === undefined)
    throw new Error(`${name} is none of ${Object.keys(PAIRS)}`);
  for (let i = 0; i < runs; i += 1) {
    await run(folder, name, before);
    await run(folder, `${name}-after`, after);
  }
  const store = await openStore(join(folder, 'data'), { readOnly: true });
  try {
    const finished = () => 'finished' as const;
    const sides = { a: `${name}@1..${runs}`, b: `${name}-after@1..${runs}` };
    const { conclusions, attributions, phases } = await compareRuns(store, finished, sides);
    const latest = store.runByNumber(`${name}-after`, runs);
    const found = latest === undefined ? [] : readFindings(store, finished, latest);
    return [
      ...conclusions,
      ...attributions.map(({ sentence }) => sentence),
      ...(phases?.sentence === undefined ? [] : [phases.sentence]),
      ...found.map(({ sentence }) => `Stands out: ${sentence}`),
    ];
  } finally {
    await store.close();
  }
}

/** Words that gzip can press and sort has to sort. */
function writeInput(file: string): void {
  const random = randomNumbers(5);
  const words = Array.from({ length: 5000 }, () =>
    random()
      .toString(36)
      .slice(2, 4 + 8 * random()),
  );
  const line = () => Array.from({ length: 8 }, () => words[Math.floor(5000 * random() ** 2)]).join(' ');
  const block = Array.from({ length: 100_000 }, line).join('\n');
  writeFileSync(file, block.repeat(Math.ceil((48 * MB) / block.length)).slice(0, 48 * MB));
}

/** Undefined where this machine cannot slow down its disk. */
function throttled(folder: string): string | undefined {
  const { dev } = statSync(folder);
  const disk = `${Math.floor(dev / 256)}:${dev % 256}`;
  if (process.getuid?.() !== 0 || !existsSync('/sys/fs/cgroup/blkio/tasks')) return undefined;
  mkdirSync(THROTTLE, { recursive: true });
  writeFileSync(join(THROTTLE, 'blkio.throttle.write_bps_device'), `${disk} ${4 * MB}`);
  return THROTTLE;
}

const [runs = String(RUNS), ...names] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'podometer-pairs-'));
const slow = throttled(folder);
writeInput(join(folder, 'input'));
for (const name of names.length > 0 ? names : Object.keys(PAIRS)) {
  if (name === 'disk' && slow === undefined) {
    process.stdout.write('disk: needs root and the controller blkio of cgroup v1\n');
    continue;
  }
  const sentences = await sentencesOf(folder, name, Number(runs));
  process.stdout.write(`${name}\n${sentences.map((sentence) => `  ${sentence}\n`).join('')}`);
}
rmSync(folder, { recursive: true });
if (slow !== undefined) rmdirSync(slow);
