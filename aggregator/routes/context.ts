/** What every route works with. */
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify';
import Type from 'typebox';
import type { RunView } from '../../protocol/query.ts';
import type { Access, RunVerb } from '../access/access.ts';
import type { Admission } from '../ingest/admission.ts';
import type { LiveRuns } from '../live/live-runs.ts';
import { resolveRun } from '../query/resolve-run.ts';
import { runView, type StateOf } from '../query/run-view.ts';
import type { RunRecord, Store } from '../store/model.ts';
import type { BatchCounters } from './batch-counters.ts';
import type { InTurn } from './turns.ts';

export type App = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

export interface RouteContext {
  readonly store: Store;
  readonly stateOf: StateOf;
  readonly access: Access;
  readonly counters: BatchCounters;
  readonly admission: Admission;
  readonly live: LiveRuns;
  /** Of what is reckoned from many samples. */
  readonly inTurn: InTurn;
  /** How often a followed run is looked at, ms. */
  readonly followMs: number;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Answered without a token and whatever the Host header says: probes of the platform. */
    readonly open?: boolean;
    /** What a role must allow; by default it follows from the method and the address. */
    readonly verb?: RunVerb;
  }
}

/** The run in the address. */
export const RunParams = Type.Object({
  id: Type.String({
    description: 'Id, the first 6 or more characters of one, WORKLOAD@N, WORKLOAD@latest or WORKLOAD@-1',
  }),
});

/** Throws PODO_RUN_NOT_FOUND. */
export function runOf({ store }: RouteContext, params: { readonly id: string }): RunRecord {
  return resolveRun(store, params.id);
}

export function viewOf({ stateOf }: RouteContext, record: RunRecord): RunView {
  return runView(record, stateOf(record));
}
