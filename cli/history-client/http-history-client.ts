/** The history that an aggregator keeps, by its HTTP API: the one that the page uses. */
import { createWriteStream } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import type { CompareOptions } from '../../aggregator/query/compare.ts';
import type { SideExpressions } from '../../aggregator/query/compare-runs.ts';
import { keepBackup } from '../../aggregator/store/backup.ts';
import type { CompareAnswer, CompareQuery } from '../../protocol/comparison.ts';
import type { DeviationsPage } from '../../protocol/deviation.ts';
import type { FindingsPage, PhasesPage } from '../../protocol/findings.ts';
import type { NeedsQuery, WorkloadNeeds } from '../../protocol/needs.ts';
import type {
  ExportFormat,
  ProcessesPage,
  RunEventsPage,
  RunPatch,
  RunView,
  SeriesAnswer,
  SeriesQuery,
} from '../../protocol/query.ts';
import type { RunsPage, RunsQuery } from '../../protocol/run-list.ts';
import type { WallSplit } from '../../protocol/wall-split.ts';
import type { AggregatorConnection } from '../cluster/aggregator-connection.ts';
import { answerFailure, brokenOff } from './answer-failure.ts';
import type { HistoryClient } from './history-client.ts';

const JSON_TYPE = 'application/json';

export class HttpHistoryClient implements HistoryClient {
  readonly #aggregator: AggregatorConnection;

  constructor(aggregator: AggregatorConnection) {
    this.#aggregator = aggregator;
  }

  runs(query: RunsQuery): Promise<RunsPage> {
    return this.#read('/v1/runs', query);
  }

  run(reference: string): Promise<RunView> {
    return this.#read(runPath(reference));
  }

  async processes(reference: string) {
    return (await this.#read<ProcessesPage>(`${runPath(reference)}/processes`)).processes;
  }

  async findings(reference: string) {
    return (await this.#read<FindingsPage>(`${runPath(reference)}/findings`)).findings;
  }

  async phases(reference: string) {
    return (await this.#read<PhasesPage>(`${runPath(reference)}/phases`)).phases;
  }

  wallSplit(reference: string): Promise<WallSplit> {
    return this.#read(`${runPath(reference)}/wall-split`);
  }

  series(reference: string, query: SeriesQuery): Promise<SeriesAnswer> {
    return this.#read(`${runPath(reference)}/series`, query);
  }

  async events(reference: string) {
    return (await this.#read<RunEventsPage>(`${runPath(reference)}/events`)).events;
  }

  async deviations(reference: string) {
    return (await this.#read<DeviationsPage>(`${runPath(reference)}/deviations`)).deviations;
  }

  compare(sides: SideExpressions, options: CompareOptions) {
    return this.#read<CompareAnswer>('/v1/compare', compareQuery(sides, options));
  }

  compareAsFile(sides: SideExpressions, options: CompareOptions) {
    return this.#stream('/v1/compare/export', compareQuery(sides, options));
  }

  needs(workload: string, runs: number): Promise<WorkloadNeeds> {
    const query: NeedsQuery = { workload, runs };
    return this.#read('/v1/needs', query);
  }

  export(reference: string, format: ExportFormat) {
    return this.#stream(`${runPath(reference)}/export`, { format });
  }

  async update(reference: string, patch: RunPatch): Promise<RunView> {
    return parsed(await this.#ask('PATCH', runPath(reference), JSON.stringify(patch)));
  }

  async remove(reference: string): Promise<void> {
    (await this.#ask('DELETE', runPath(reference))).resume();
  }

  backup(file: string): Promise<void> {
    return keepBackup(file, async (draft) => {
      const answer = await this.#ask('GET', '/v1/backup');
      const output = createWriteStream(draft, { flags: 'wx', flush: true });
      try {
        await pipeline(answer, output);
      } catch (error) {
        throw answer.errored === null ? error : brokenOff(this.#aggregator.namespace, error);
      }
    });
  }

  async #read<T>(path: string, query: object = {}): Promise<T> {
    return parsed(await this.#ask('GET', withQuery(path, query)));
  }

  async *#stream(path: string, query: object): AsyncGenerator<Uint8Array> {
    const answer = await this.#ask('GET', withQuery(path, query));
    try {
      yield* answer;
    } catch (error) {
      throw brokenOff(this.#aggregator.namespace, error);
    }
  }

  /** A good answer. */
  async #ask(method: string, path: string, body?: string): Promise<IncomingMessage> {
    const headers = {
      accept: `${JSON_TYPE}, application/problem+json`,
      ...(body !== undefined && { 'content-type': JSON_TYPE, 'content-length': Buffer.byteLength(body) }),
    };
    const answer = await this.#aggregator.send({
      method,
      path,
      headers,
      ...(body !== undefined && { body }),
    });
    const status = answer.statusCode ?? 0;
    if (status < 300) return answer;
    throw answerFailure(this.#aggregator.namespace, status, await text(answer));
  }
}

function runPath(reference: string): string {
  return `/v1/runs/${encodeURIComponent(reference)}`;
}

function withQuery(path: string, query: object): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) parameters.set(name, String(value));
  return parameters.size === 0 ? path : `${path}?${parameters}`;
}

function compareQuery(
  { a, b }: SideExpressions,
  { leaveOut = [], measures, effect }: CompareOptions,
): CompareQuery {
  return {
    a,
    b,
    ...(leaveOut.length > 0 && { leaveOut: leaveOut.join() }),
    ...(measures !== undefined && { measures: measures.join() }),
    ...(effect !== undefined && { effect }),
  };
}

async function parsed<T>(answer: IncomingMessage): Promise<T> {
  return JSON.parse(await text(answer));
}
