/** Many agents that push real batches over HTTP to an aggregator of its own process, which seals meanwhile as it does in service. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../test/free-port.ts';
import { type Figure, figure } from './figure.ts';
import { demoBesideIdle, record } from './recording.ts';
import { SoakAgent, type SoakTally } from './soak-agent.ts';

const AGENTS = 1000;
const EVERY_MS = 10_000;
/** In which every agent sends its first batch, which makes a run. */
const WARM_UP_MS = 12_000;
const MEASURED_MS = 40_000;
const MOST_MS = 100;

export async function pushFigures(): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'podometer-'));
  const { batches } = await record(demoBesideIdle(folder, 1), 100);
  const port = await freePort();
  const program = join(import.meta.dirname, 'soak-aggregator.ts');
  const aggregator = spawn(process.execPath, [program, join(folder, 'data'), String(port), '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const connections = new Agent({ keepAlive: true });
  try {
    await once(aggregator.stdout, 'data');
    const tally: SoakTally = { latenciesMs: [], failures: new Map(), acknowledged: 0, repeated: 0 };
    const agents = Array.from(
      { length: AGENTS },
      (_, i) => new SoakAgent(i, batches, port, connections, tally),
    );
    const running = agents.map((agent) => agent.run(EVERY_MS));
    await delay(WARM_UP_MS);
    tally.latenciesMs.length = 0;
    const cpuBefore = cpuSeconds(aggregator.pid);
    await delay(MEASURED_MS);
    const sorted = tally.latenciesMs.toSorted((a, b) => a - b);
    const cpuShare = ((cpuSeconds(aggregator.pid) - cpuBefore) * 1000) / MEASURED_MS;
    for (const agent of agents) agent.stop();
    await Promise.all(running);
    const at = (share: number) => Number(sorted[Math.floor(share * (sorted.length - 1))]);
    return [
      figure(
        `${AGENTS} agents, a batch each every ${EVERY_MS / 1000} s: acknowledged within, ms: median, 99 %, longest`,
        [0.5, 0.99, 1].map((share) => at(share).toFixed(0)).join(', '),
        `99 % ≤ ${MOST_MS}`,
        at(0.99) <= MOST_MS,
      ),
      figure('the aggregator meanwhile, of one core', `${(100 * cpuShare).toFixed(0)} %`, '', true),
      figure(
        'requests that failed',
        String([...tally.failures.values()].reduce((a, b) => a + b, 0)),
        '0',
        tally.failures.size === 0,
      ),
    ];
  } finally {
    connections.destroy();
    const ended = once(aggregator, 'exit');
    aggregator.kill('SIGKILL');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  }
}

/** utime and stime of /proc/PID/stat, in ticks of 10 ms. */
function cpuSeconds(pid: number | undefined): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
