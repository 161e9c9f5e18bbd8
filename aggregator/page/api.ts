/** The HTTP API as this page uses it. Addresses are relative to the page's own. */
import type { CompareAnswer, CompareQuery } from '../../protocol/comparison.ts';
import type { FindingsPage, PhasesPage } from '../../protocol/findings.ts';
import type {
  Problem,
  ProcessesPage,
  RunEventsPage,
  RunView,
  SeriesAnswer,
  SeriesQuery,
} from '../../protocol/query.ts';
import type { RunsPage, RunsQuery, WorkloadsPage } from '../../protocol/run-list.ts';
import type { WallSplit } from '../../protocol/wall-split.ts';
import { readSnapshot, snapshotAnswer } from './snapshot.ts';

/** A request that was not answered as asked: what happened (`message`) and how to mend it. */
export class ApiError extends Error {
  readonly mend: string;

  constructor(message: string, mend: string, options?: { cause?: unknown }) {
    super(message, options);
    this.mend = mend;
  }
}

const snapshot = readSnapshot();

/** Whether this page is a file that holds some runs, in place of a server. */
export const isSavedFile = snapshot !== undefined;

/** What the page shows first, where its address says nothing. */
export const firstAddress = snapshot?.address ?? '';

async function answerOf<Answer>(path: string, parameters: object, signal: AbortSignal): Promise<Answer> {
  if (snapshot !== undefined) {
    const held = snapshotAnswer(snapshot, path, parameters);
    if (held !== undefined) return held as Answer;
    throw new ApiError('This saved file does not hold that.', 'It can be seen where the file was saved.');
  }
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) query.set(name, String(value));
  const response = await request(query.size === 0 ? path : `${path}?${query}`, signal);
  if (response.ok) return (await response.json()) as Answer;
  throw await refusal(response);
}

async function request(address: string, signal: AbortSignal): Promise<Response> {
  try {
    return await fetch(address, {
      signal,
      headers: { accept: 'application/json, application/problem+json' },
    });
  } catch (cause) {
    signal.throwIfAborted();
    throw new ApiError('The server does not answer.', 'See whether podometer is still serving.', { cause });
  }
}

async function refusal(response: Response): Promise<ApiError> {
  if (response.headers.get('content-type')?.startsWith('application/problem+json')) {
    const problem = (await response.json()) as Problem;
    return new ApiError(problem.detail, problem.mend);
  }
  return new ApiError(`The server answered ${response.status}.`, 'Look into the log of the server.');
}

const runPath = (ref: string) => `v1/runs/${encodeURIComponent(ref)}`;

export function listWorkloads(signal: AbortSignal): Promise<WorkloadsPage> {
  return answerOf('v1/workloads', {}, signal);
}

export function listRuns(query: RunsQuery, signal: AbortSignal): Promise<RunsPage> {
  return answerOf('v1/runs', query, signal);
}

export function readRun(ref: string, signal: AbortSignal): Promise<RunView> {
  return answerOf(runPath(ref), {}, signal);
}

export function listProcesses(ref: string, signal: AbortSignal): Promise<ProcessesPage> {
  return answerOf(`${runPath(ref)}/processes`, {}, signal);
}

export function listEvents(ref: string, signal: AbortSignal): Promise<RunEventsPage> {
  return answerOf(`${runPath(ref)}/events`, {}, signal);
}

export function listFindings(ref: string, signal: AbortSignal): Promise<FindingsPage> {
  return answerOf(`${runPath(ref)}/findings`, {}, signal);
}

export function listPhases(ref: string, signal: AbortSignal): Promise<PhasesPage> {
  return answerOf(`${runPath(ref)}/phases`, {}, signal);
}

export function readWallSplit(ref: string, signal: AbortSignal): Promise<WallSplit> {
  return answerOf(`${runPath(ref)}/wall-split`, {}, signal);
}

/** Charts draw means alone. */
export function readSeries(ref: string, query: SeriesQuery, signal: AbortSignal): Promise<SeriesAnswer> {
  return answerOf(`${runPath(ref)}/series`, { ...query, only: 'mean' }, signal);
}

export function compareSides(query: CompareQuery, signal: AbortSignal): Promise<CompareAnswer> {
  return answerOf('v1/compare', query, signal);
}

export interface RunWatcher {
  /** The run's record changed. */
  readonly changed: (run: RunView) => void;
  /** New samples can be read. */
  readonly sampled: () => void;
  /** The run has ended; nothing more follows. */
  readonly ended: () => void;
}

/** Follows a running run by server-sent events until it ends or the signal aborts; reconnects by itself. */
export function watchRun(ref: string, watcher: RunWatcher, signal: AbortSignal): void {
  if (isSavedFile) return;
  const stream = new EventSource(`${runPath(ref)}/events`);
  signal.addEventListener('abort', () => stream.close());
  stream.addEventListener('run', (event) => watcher.changed(JSON.parse(event.data) as RunView));
  stream.addEventListener('samples', () => watcher.sampled());
  stream.addEventListener('end', () => {
    stream.close();
    watcher.ended();
  });
}
