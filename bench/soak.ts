/**
 * node bench/soak.ts [MINUTES] [AGENTS] [KILLS]: a soak of the aggregator (30 minutes, 1,000 agents, 50 kills), whose report goes to
 * docs/reliability.md. Agents replay a run that is recorded first; the aggregator is killed at random and begins anew with another
 * clock; its disk, a small one of its own where one may be mounted, is filled twice. Ends with 1 where anything was lost or kept twice.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { Agent } from 'node:http';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { systemCode } from '../lib/errors.ts';
import { aggregatorNodeFlags } from '../protocol/image.ts';
import { freePort } from '../test/free-port.ts';
import { demoBesideIdle, record } from './recording.ts';
import { SoakAgent, type SoakTally } from './soak-agent.ts';
import { judge, type Verdict } from './soak-verdict.ts';

const EVERY_MS = 10_000;
const FULL_MS = 5000;
const WATCH_MS = 2000;
const RECORDED_INTERVAL_MS = 100;
/** Of the disk of its own: about ten times what the agents send. */
const DISK_BYTES_A_MINUTE = 100_000;
const LEAST_DISK_BYTES = 2 ** 28;
/** What the chart gives an aggregator unless it is told otherwise; nothing but Node's own bounds holds it to that here. */
const MEMORY_LIMIT_BYTES = 2 ** 29;
const DAY_MS = 86_400_000;

const [minutes = 30, agentCount = 1000, kills = 50] = process.argv.slice(2).map(Number);
const lengthMs = minutes * 60_000;

/** A disk of its own, so that filling it harms nobody; false where none may be mounted. */
function mountDisk(folder: string): boolean {
  try {
    const size = Math.max(LEAST_DISK_BYTES, agentCount * minutes * DISK_BYTES_A_MINUTE);
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${Math.round(size)}`, 'tmpfs', folder], {
      stdio: 'ignore',
    });
    return true;
  } catch {
    return false;
  }
}

class Aggregator {
  /** Without the pages of the store's file, which the system takes back as it likes. */
  readonly anonymousMb: number[] = [];
  readonly #folder: string;
  readonly #port: number;
  #child: ChildProcess | undefined;

  constructor(folder: string, port: number) {
    this.#folder = folder;
    this.#port = port;
  }

  async start(clockOffsetMs: number): Promise<void> {
    const program = join(import.meta.dirname, 'soak-aggregator.ts');
    const flags = aggregatorNodeFlags(MEMORY_LIMIT_BYTES);
    const args = [...flags, program, this.#folder, String(this.#port), String(clockOffsetMs)];
    this.#child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    if (this.#child.stdout !== null) await once(this.#child.stdout, 'data');
  }

  async kill(): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  watch(): void {
    const status = readFileSync(`/proc/${this.#child?.pid}/status`, 'utf8');
    const [, anonymousKb] = /RssAnon:\s+(\d+)/.exec(status) ?? [];
    // A process that was just killed has none.
    if (anonymousKb !== undefined) this.anonymousMb.push(Number(anonymousKb) / 1024);
  }
}

/** At random moments, which no two things share. */
async function disturb(aggregator: Aggregator, disk: string | undefined): Promise<number> {
  const moments = Array.from({ length: kills }, () => Math.random() * lengthMs).sort((a, b) => a - b);
  const fills = disk === undefined ? [] : [lengthMs / 3, (2 * lengthMs) / 3];
  const startMs = performance.now();
  let filled = 0;
  for (const moment of moments) {
    await delay(Math.max(0, startMs + moment - performance.now()));
    if (disk !== undefined && moment > Number(fills[filled] ?? Number.POSITIVE_INFINITY)) {
      await fillFor(disk);
      filled += 1;
    }
    await aggregator.kill();
    await aggregator.start(Math.round((Math.random() - 0.5) * 2 * DAY_MS));
  }
  await delay(Math.max(0, startMs + lengthMs - performance.now()));
  return filled;
}

async function fillFor(disk: string): Promise<void> {
  const filler = join(disk, 'filler');
  const chunk = Buffer.alloc(2 ** 24);
  for (let left = freeBytes(disk); left > 0; left = freeBytes(disk)) {
    appendAsFits(filler, chunk.subarray(0, left));
    await delay(1);
  }
  await delay(FULL_MS);
  rmSync(filler);
}

/** The aggregator writes meanwhile: what was free a moment ago may be so no more. */
function appendAsFits(file: string, bytes: Uint8Array): void {
  try {
    appendFileSync(file, bytes);
  } catch (error) {
    if (systemCode(error) !== 'ENOSPC') throw error;
  }
}

function freeBytes(disk: string): number {
  const { bavail, bsize } = statfsSync(disk);
  return bavail * bsize;
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

function report(
  tally: SoakTally,
  { wrong, ...found }: Verdict,
  anonymousMb: readonly number[],
  filled: number,
): string {
  const latencies = tally.latenciesMs.toSorted((a, b) => a - b);
  const third = Math.max(1, Math.floor(anonymousMb.length / 3));
  const mean = (list: readonly number[]) => list.reduce((sum, value) => sum + value, 0) / list.length;
  const failures = [...tally.failures].map(([what, count]) => `${count} × ${what}`).join(', ');
  const rows = [
    ['agents, each with a batch every 10 s', agentCount.toLocaleString('en')],
    ['kills of the aggregator (SIGKILL), each with a clock that jumped by up to a day', String(kills)],
    ['times that its disk was full', filled === 0 ? 'none: no disk may be mounted here' : String(filled)],
    [
      'runs; batches; samples of one column',
      [found.runs, found.batches, found.samples].map((n) => n.toLocaleString('en')).join('; '),
    ],
    ['batches that were acknowledged as repeated', tally.repeated.toLocaleString('en')],
    ['requests that failed and were sent again', failures || 'none'],
    [
      'acknowledgement, ms: median, 99 %, longest',
      [0.5, 0.99, 1].map((q) => quantile(latencies, q).toFixed(0)).join(', '),
    ],
    [
      'memory of the aggregator (anonymous), MiB: first third, last third, most',
      [mean(anonymousMb.slice(0, third)), mean(anonymousMb.slice(-third)), Math.max(...anonymousMb)]
        .map((mb) => mb.toFixed(0))
        .join(', '),
    ],
    ['**lost, kept twice or damaged**', wrong.length === 0 ? '**nothing**' : `**${wrong.length}**`],
  ];
  const machine = `${cpus()[0]?.model.trim()}, ${cpus().length} CPUs, Node ${process.version}`;
  return `# Reliability

Written by \`npm run soak\` on ${new Date().toISOString().slice(0, 10)} (${minutes} minutes; ${machine}). Agents, recorded from a real run, and the
aggregator share the machine.

| what | figure |
| --- | --- |
${rows.map(([what, value]) => `| ${what} | ${value} |`).join('\n')}

Afterwards every run was read: the last batch that its agent heard an acknowledgement of must be the last one kept, the samples must be as many as were sent, and
\`podometer check\` must find no damage.
${wrong
  .slice(0, 20)
  .map((one) => `\n- ${one}`)
  .join('')}`;
}

const root = mkdtempSync(join(tmpdir(), 'podometer-soak-'));
const isMounted = mountDisk(root);
const folder = join(root, 'data');
try {
  const work = mkdtempSync(join(tmpdir(), 'podometer-recording-'));
  const { batches } = await record(demoBesideIdle(work, 1), RECORDED_INTERVAL_MS);
  rmSync(work, { recursive: true });
  const port = await freePort();
  const aggregator = new Aggregator(folder, port);
  await aggregator.start(0);
  const tally: SoakTally = { latenciesMs: [], failures: new Map(), acknowledged: 0, repeated: 0 };
  const connections = new Agent({ keepAlive: true, maxSockets: 256 });
  const agents = Array.from(
    { length: agentCount },
    (_, i) => new SoakAgent(i, batches, port, connections, tally),
  );
  const running = agents.map((agent) => agent.run(EVERY_MS));
  const watching = setInterval(() => {
    try {
      aggregator.watch();
    } catch {
      // Between a kill and the next start there is nothing to look at.
    }
  }, WATCH_MS);
  const filled = await disturb(aggregator, isMounted ? root : undefined);
  for (const agent of agents) agent.stop();
  await Promise.all(running);
  clearInterval(watching);
  connections.destroy();
  await aggregator.kill();
  const expected = new Map(agents.flatMap((agent) => [...agent.expected]));
  const verdict = await judge(folder, expected);
  const text = report(tally, verdict, aggregator.anonymousMb, filled);
  writeFileSync(join(import.meta.dirname, '..', 'docs', 'reliability.md'), text);
  process.stdout.write(text);
  process.exitCode = verdict.wrong.length === 0 ? 0 : 1;
} finally {
  if (isMounted) execFileSync('umount', ['--lazy', root]);
  rmSync(root, { recursive: true, force: true });
}
