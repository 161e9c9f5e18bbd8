/**
 * The agent in a pod of twenty processes, beside process-exporter scraped at the same pace and pidstat, on the same
 * processes at the same time. Needs root, and `npm run build`. Alone it prints its figures, of as long a run as is asked for:
 *
 *     node bench/agent.bench.ts --minutes 60
 *     node bench/agent.bench.ts --minutes 10 --interval 10ms
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { duration, type Kind, numberFrom } from '../lib/config.ts';
import { agentNodeEnvironment, agentNodeFlags } from '../protocol/image.ts';
import { LEAST_INTERVAL_MS, MOST_INTERVAL_MS } from '../protocol/limits.ts';
import { agentEnv, identities } from '../test/e2e/pod/pod-agent.ts';
import { PodWorld, podWorldSkip } from '../test/e2e/pod/pod-world.ts';
import { type Figure, figure } from './figure.ts';

const BUILT = join(import.meta.dirname, '..', 'dist', 'podometer-agent.cjs');
const PROCESSES = 20;
const EXPORTER_PORT = 19_000 + (process.pid % 1000);
const TICKS_PER_SECOND = 100;
const MIB = 2 ** 20;
/** What comes and goes with the garbage collector, which a mean over a quarter of the time does not even out. */
const MOST_GROWTH_BYTES = MIB;
/** Half of them wake ten times a second and compute a little, half wait for ever. */
const WORK =
  'for (1..10) { last if fork == 0 } while (1) { select undef, undef, undef, 0.1; $x++ for 1..5000 }';
const WAIT = 'for (1..9) { last if fork == 0 } sleep 1e9';

interface Use {
  readonly cpuSeconds: number;
  readonly rssBytes: number;
  readonly anonBytes: number;
}

/** utime and stime of /proc/PID/stat; VmRSS and RssAnon of /proc/PID/status. */
function useOf(pid: number): Use {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const bytes = (name: string): number =>
    1024 * Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? Number.NaN);
  return {
    cpuSeconds: (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND,
    rssBytes: bytes('VmRSS'),
    anonBytes: bytes('RssAnon'),
  };
}

interface Aggregator {
  readonly server: Server;
  readonly url: string;
  readonly ca: string;
  bytes(): number;
}

/** Takes batches as an aggregator does, over TLS, and counts their bytes. */
async function countingAggregator(folder: string): Promise<Aggregator> {
  let bytes = 0;
  const [keyFile, certFile] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const names = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const elliptic = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'];
  spawnSync('openssl', [
    'req',
    '-x509',
    ...elliptic,
    '-nodes',
    '-keyout',
    keyFile,
    '-out',
    certFile,
    ...names,
  ]);
  const [key, cert] = [readFileSync(keyFile, 'utf8'), readFileSync(certFile, 'utf8')];
  const server = createServer({ key, cert }, (request, response) => {
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
    });
    request.on('end', () => response.end('{"accepted":true,"duplicate":false}'));
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { server, url, ca: cert, bytes: () => bytes };
}

function installed(command: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${command}`]).status === 0;
}

/** process-exporter with a group for each of the processes, or undefined where it is not installed. */
function startExporter(world: PodWorld): ChildProcess | undefined {
  if (!installed('prometheus-process-exporter')) return undefined;
  const config = join(world.folder, 'exporter.yml');
  writeFileSync(config, 'process_names:\n  - name: "{{.Comm}}-{{.PID}}"\n    comm: [perl]\n');
  const args = ['-config.path', config, '-web.listen-address', `127.0.0.1:${EXPORTER_PORT}`];
  return spawn('prometheus-process-exporter', args, { stdio: 'ignore' });
}

async function scrape(): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${EXPORTER_PORT}/metrics`);
  return (await answer.arrayBuffer()).byteLength;
}

interface Measured {
  readonly agent: Use;
  readonly agentBytes: number;
  /** After a tenth of the time. */
  readonly early: Use;
  /** Every second. */
  readonly anonBytes: readonly number[];
  readonly exporter: { readonly use: Use; readonly bytes: number } | undefined;
  readonly pidstat: Use | undefined;
}

async function measure(seconds: number, intervalMs: number): Promise<Measured> {
  const ends: (() => unknown)[] = [];
  const world = await PodWorld.start({ after: (end) => ends.push(end) });
  const aggregator = await countingAggregator(world.folder);
  ends.push(() => aggregator.server.close());
  try {
    for (const [name, program] of [
      ['worker', WORK],
      ['waiter', WAIT],
    ] as const) {
      await world.startContainer({ name, identity: identities.app, command: ['perl', '-e', program] });
    }
    const agent = await world.startContainer({
      name: 'podometer-agent',
      identity: identities.tracer,
      command: [
        process.execPath,
        ...agentNodeFlags(intervalMs),
        join(world.source, 'dist', 'podometer-agent.cjs'),
      ],
      env: {
        ...agentEnv(world, {
          PODOMETER_AGGREGATOR_URL: aggregator.url,
          PODOMETER_CA: aggregator.ca,
          PODOMETER_INTERVAL: `${intervalMs}ms`,
        }),
        ...agentNodeEnvironment(aggregator.ca),
      },
    });
    await sleep(1000);
    const pid = world.outerPid(agent.pid);
    const exporter = startExporter(world);
    const pidstat = installed('pidstat')
      ? spawn(
          'pidstat',
          ['-h', '-u', '-r', '-d', '-w', '-C', 'perl', String(Math.max(1, intervalMs / 1000))],
          {
            stdio: 'ignore',
          },
        )
      : undefined;
    ends.push(
      () => exporter?.kill(),
      () => pidstat?.kill(),
    );
    let scraped = 0;
    let early = useOf(pid);
    const startMs = performance.now();
    const scrapeEveryMs = Math.max(1000, intervalMs);
    const anonBytes: number[] = [];
    for (let at = scrapeEveryMs; at <= seconds * 1000; at += scrapeEveryMs) {
      await sleep(Math.max(0, startMs + at - performance.now()));
      if (exporter !== undefined) scraped += await scrape().catch(() => 0);
      const use = useOf(pid);
      anonBytes.push(use.anonBytes);
      if (at <= seconds * 100) early = use;
    }
    return {
      agent: useOf(pid),
      agentBytes: aggregator.bytes(),
      early,
      anonBytes,
      exporter: exporter?.pid === undefined ? undefined : { use: useOf(exporter.pid), bytes: scraped },
      pidstat: pidstat?.pid === undefined ? undefined : useOf(pidstat.pid),
    };
  } finally {
    for (const end of ends.toReversed()) await end();
  }
}

function meanOfQuarter(values: readonly number[], quarter: 0 | 1 | 2 | 3): number {
  const length = values.length / 4;
  const own = values.slice(Math.floor(quarter * length), Math.ceil((quarter + 1) * length));
  return own.reduce((a, b) => a + b, 0) / own.length;
}

function figuresOf(measured: Measured, seconds: number): Figure[] {
  const { agent, agentBytes, early, anonBytes, exporter, pidstat } = measured;
  const growthBytes = meanOfQuarter(anonBytes, 3) - meanOfQuarter(anonBytes, 1);
  const settled = { ...agent, cpuSeconds: (agent.cpuSeconds - early.cpuSeconds) / 0.9 };
  const mib = (bytes: number): string => `${(bytes / MIB).toFixed(1)} MiB`;
  const hours = seconds / 3600;
  const perHour = (use: Use): string => `${(use.cpuSeconds / hours).toFixed(1)} s`;
  const perProcessHour = (bytes: number): string => `${(bytes / 1024 / hours / PROCESSES).toFixed(1)} KiB`;
  return [
    figure(`RSS after ${seconds} s`, mib(agent.rssBytes), '≤ 60 MiB', agent.rssBytes <= 60 * MIB),
    figure('of it anonymous', mib(agent.anonBytes), '≤ 15 MiB', agent.anonBytes <= 15 * MIB),
    figure(
      'anonymous memory grown from the second quarter of that time to the last',
      mib(growthBytes),
      `≤ ${mib(MOST_GROWTH_BYTES)}`,
      growthBytes <= MOST_GROWTH_BYTES,
    ),
    figure('CPU per hour, its start apart', perHour(settled), '', true),
    figure('CPU of its start', `${(early.cpuSeconds).toFixed(2)} s`, '', true),
    figure('sent per process and hour', perProcessHour(agentBytes), '', true),
    ...(exporter === undefined
      ? []
      : [
          figure('process-exporter: RSS', mib(exporter.use.rssBytes), '', true),
          figure('process-exporter: anonymous', mib(exporter.use.anonBytes), '', true),
          figure('process-exporter: CPU per hour', perHour(exporter.use), '', true),
          figure('process-exporter: scraped per process and hour', perProcessHour(exporter.bytes), '', true),
        ]),
    ...(pidstat === undefined ? [] : [figure('pidstat: CPU per hour', perHour(pidstat), '', true)]),
  ];
}

export async function agentFigures(seconds = 60, intervalMs = 1000): Promise<Figure[]> {
  if (podWorldSkip !== false) return [figure('the agent', podWorldSkip, '', false)];
  if (!existsSync(BUILT)) return [figure('the agent', 'not built: npm run build', '', false)];
  return figuresOf(await measure(seconds, intervalMs), seconds);
}

function option(name: string, text: string, { parse, rule }: Kind<number>): number {
  const value = parse(text);
  if (value === undefined) throw new Error(`${name} is "${text}"; it must be ${rule}`);
  return value;
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      minutes: { type: 'string', default: '1' },
      interval: { type: 'string', default: '1s' },
    },
  });
  const seconds = 60 * option('--minutes', values.minutes, numberFrom(0.1, 24 * 60));
  const intervalMs = option('--interval', values.interval, duration(LEAST_INTERVAL_MS, MOST_INTERVAL_MS));
  for (const { what, value, target, met } of await agentFigures(seconds, intervalMs)) {
    process.stdout.write(`${met ? ' ' : '!'} ${what}: ${value} ${target}\n`);
  }
}
