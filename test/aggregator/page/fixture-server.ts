/** A small stand-in for the aggregator: the page's files under a strict policy, and the API's answers from fixtures. */
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { CompareAnswer } from '../../../protocol/comparison.ts';
import type { Problem, RunView } from '../../../protocol/query.ts';
import type { FixtureRun } from './fixture-run.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

export interface FixtureServer {
  readonly url: string;
  readonly history: FixtureRun[];
  /** Sends an event to everyone who watches the run. */
  emit(ref: string, event: 'run' | 'samples' | 'end'): void;
  /** Resolves when someone watches the run. */
  watched(ref: string): Promise<void>;
  /** Answers every API request with this problem from now on; undefined ends that. */
  fail(problem: Problem | undefined): void;
  close(): Promise<void>;
}

export async function startFixtureServer(pageFolder: string, history: FixtureRun[]): Promise<FixtureServer> {
  const watchers = new Map<string, Set<ServerResponse>>();
  let failure: Problem | undefined;

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (!url.pathname.startsWith('/v1/')) return sendFile(pageFolder, url.pathname, response);
    if (failure) return sendProblem(response, failure);
    const [, ref, part] = /^\/v1\/runs\/([^/]+)(?:\/([\w-]+))?$/.exec(url.pathname) ?? [];
    if (ref === undefined) return sendJson(response, collection(url, history));
    const run = find(history, decodeURIComponent(ref));
    if (!run) return sendProblem(response, notFound(decodeURIComponent(ref)));
    if (part === 'events' && request.headers.accept === 'text/event-stream') {
      return watch(watchers, run.spec.id, response);
    }
    sendJson(response, partOf(run, part, url.searchParams));
  };

  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    history,
    emit(ref, event) {
      const run = find(history, ref);
      const data = event === 'samples' ? {} : run?.view();
      for (const watcher of watchers.get(run?.spec.id ?? '') ?? []) {
        watcher.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
      }
    },
    async watched(ref) {
      const id = find(history, ref)?.spec.id ?? '';
      while (!watchers.get(id)?.size) await setTimeout(10);
    },
    fail(problem) {
      failure = problem;
    },
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function find(history: readonly FixtureRun[], ref: string): FixtureRun | undefined {
  return history.find((run) => run.spec.id === ref || run.view().ref === ref);
}

function collection(url: URL, history: readonly FixtureRun[]): unknown {
  const runs = history.map((run) => run.view());
  if (url.pathname === '/v1/compare') return comparison(url, history);
  if (url.pathname === '/v1/workloads') {
    const groups = [...Map.groupBy(runs, (run) => run.workload.name).values()];
    return {
      workloads: groups.map((group) => ({
        workload: group[0]?.workload,
        runs: group.length,
        latest: group[0],
        recent: group.toReversed().map(({ number, measures }) => ({ number, ...measures })),
      })),
    };
  }
  const workload = url.searchParams.get('workload');
  const until = url.searchParams.get('until') ?? '9';
  const since = url.searchParams.get('since') ?? '0';
  const wanted = runs.filter(
    ({ workload: own, startedAt }) =>
      (!workload || own.name === workload) && startedAt >= since && startedAt <= until,
  );
  if (url.searchParams.get('order') === 'asc') wanted.reverse();
  const from = Number(url.searchParams.get('cursor') ?? 0);
  const to = from + Number(url.searchParams.get('limit'));
  return { runs: wanted.slice(from, to), ...(to < wanted.length ? { nextCursor: String(to) } : {}) };
}

function sideOf({ id, ref, startedAt }: RunView): CompareAnswer['sides']['a'] {
  return { label: ref, runs: [{ id, ref, startedAt, marks: [], leftOut: false }] };
}

function comparison(url: URL, history: readonly FixtureRun[]): CompareAnswer | undefined {
  const [a, b] = ['a', 'b'].map((side) => find(history, url.searchParams.get(side) ?? '')?.view());
  if (!a || !b) return undefined;
  const wall = [a.measures.wallSeconds ?? 0, (b.measures.wallSeconds ?? 0) * 1.1] as const;
  return {
    a,
    b,
    sides: { a: sideOf(a), b: sideOf(b) },
    settings: { alpha: 0.05, effect: 0.03, confidence: 0.95, resamples: 2000, seed: 1, leaveOut: [] },
    conclusions: ['One run a side cannot show whether a difference is more than noise.'],
    attributions: [],
    cautions: ['The hosts differ: 16 cores and 8 cores.'],
    measures: [
      {
        measure: 'wallSeconds',
        better: 'lower',
        verdict: 'unknown',
        family: 'headline',
        label: 'wall time',
        unit: 's',
        a: wall[0],
        b: wall[1],
        delta: wall[1] - wall[0],
        ratio: wall[1] / wall[0],
        history: { runs: 9, median: wall[0], spread: 1.4 },
      },
      {
        measure: 'peakRssBytes',
        better: 'lower',
        verdict: 'unknown',
        family: 'headline',
        label: 'peak memory',
        unit: 'By',
        a: 2 ** 30,
        b: 2 ** 30,
        delta: 0,
        ratio: 1,
      },
      {
        measure: 'oomKills',
        better: 'lower',
        verdict: 'unknown',
        family: 'other',
        label: 'OOM kills',
        unit: '1',
        b: 1,
      },
    ],
    processes: [
      {
        comm: 'python3',
        a: { count: 4, cpuSeconds: 240, wallSeconds: 320 },
        b: { count: 4, cpuSeconds: 251, wallSeconds: 352 },
      },
    ],
  };
}

function partOf(run: FixtureRun, part: string | undefined, query: URLSearchParams): unknown {
  if (part === 'processes') return { processes: run.processes() };
  if (part === 'series') return run.series(query);
  if (part === 'events') return { events: run.events() };
  if (part === 'findings') return { findings: run.findings() };
  if (part === 'phases') return { phases: run.phases() };
  if (part === 'wall-split') return run.wallSplit();
  return run.view();
}

function watch(watchers: Map<string, Set<ServerResponse>>, id: string, response: ServerResponse): void {
  const set = watchers.get(id) ?? new Set();
  watchers.set(id, set.add(response));
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  response.flushHeaders();
  response.on('close', () => set.delete(response));
}

function notFound(ref: string): Problem {
  return {
    type: 'about:blank',
    title: 'No such run',
    status: 404,
    detail: `There is no run ${ref}.`,
    code: 'PODO_RUN_NOT_FOUND',
    mend: 'List the runs that there are with `podometer runs`.',
  };
}

function sendJson(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function sendProblem(response: ServerResponse, problem: Problem): void {
  response
    .writeHead(problem.status, { 'content-type': 'application/problem+json' })
    .end(JSON.stringify(problem));
}

async function sendFile(folder: string, path: string, response: ServerResponse): Promise<void> {
  const file = join(folder, normalize(path === '/' ? '/index.html' : path));
  try {
    const body = await readFile(file);
    response.writeHead(200, {
      'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
      'content-security-policy': "default-src 'self'",
    });
    response.end(body);
  } catch {
    response.writeHead(404).end();
  }
}
