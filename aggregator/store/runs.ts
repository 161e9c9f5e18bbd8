/** Records of runs: made, changed, found, listed. */
import { PodometerError } from '../../protocol/errors.ts';
import type { RunDeclaration } from '../../protocol/run.ts';
import {
  counterKey,
  type KeyRange,
  memberKey,
  numberKey,
  orderKeys,
  orderRange,
  type Seal,
  type StoredRun,
} from './keys.ts';
import type { ClusterNews, MemberRecord, RunRecord, Thinned } from './model.ts';
import { partsToMerge } from './parts-to-merge.ts';
import { readPods, removePods, withPodEnds, writePods } from './pods.ts';
import type { Tables } from './tables.ts';

export function readRun(tables: Tables, id: string): RunRecord | undefined {
  const stored = tables.runs.get(id);
  return stored && toRecord(tables, stored);
}

type OrderRange = KeyRange & { readonly exclusiveStart?: true };

/** No cursor stays open from one turn of the event loop to the next. */
const KEYS_AT_ONCE = 200;

/** Newest first. Each record is read when it is asked for; one that was removed meanwhile is left out. */
export function* listRuns(tables: Tables, workload?: string): Generator<RunRecord> {
  let range: OrderRange = orderRange(workload);
  for (;;) {
    const keys = [...tables.order.getKeys({ ...range, limit: KEYS_AT_ONCE })] as [string, number, string][];
    for (const [, , id] of keys) {
      const record = readRun(tables, id);
      if (record !== undefined) yield record;
    }
    const last = keys.at(-1);
    if (last === undefined || keys.length < KEYS_AT_ONCE) return;
    range = { ...range, start: last, exclusiveStart: true };
  }
}

export function findByNumber(tables: Tables, workload: string, number: number): RunRecord | undefined {
  const id = number > 0 ? tables.numbers.get(numberKey(workload, number)) : undefined;
  return typeof id === 'string' ? readRun(tables, id) : undefined;
}

/** The record as it is given out: with its members, and whether nothing of it is left in the log. */
export function toRecord(tables: Tables, { seal, ...stored }: StoredRun): RunRecord {
  const pods = stored.workload.namespace === undefined ? [] : readPods(tables, stored.id);
  const members = withPodEnds(readMembers(tables, stored.id), pods);
  const sealed = members.every((member, place) => member.lastSequence === seal.through[place]);
  const thinned = thinnedTo(seal);
  return {
    ...stored,
    members,
    ...(pods.length > 0 && { pods }),
    sealed,
    ...(partsToMerge(seal, false).length > 0 && { isScattered: true }),
    ...(thinned && { thinned }),
  };
}

function thinnedTo({ parts, samplesFrom = 0, levelsFrom = 0 }: Seal): Thinned | undefined {
  const last = parts.at(-1);
  if (last === undefined || last >= samplesFrom) return undefined;
  return last < levelsFrom ? 'summary' : 'levels';
}

export function readMembers(tables: Tables, id: string): MemberRecord[] {
  const members: MemberRecord[] = [];
  for (let member = tables.members.get(memberKey(id, 0)); member !== undefined; ) {
    members.push(member);
    member = tables.members.get(memberKey(id, members.length));
  }
  return members;
}

/** The record of a run that was not there, with the next number of its workload. Within a write transaction. */
export function createRun(tables: Tables, id: string, declaration: RunDeclaration): StoredRun {
  const { workload, startedAtMs, intervalMs, metrics, command, tags, host, agentVersion } = declaration;
  return enterRun(tables, {
    id,
    workload,
    startedAtMs,
    intervalMs,
    metrics,
    ...(command && { command }),
    tags: tags ?? {},
    pinned: false,
    ...(host && { host }),
    agentVersion,
    seal: { parts: [], nextPart: 0, through: [] },
  });
}

/** Makes a run known, with the next number of its workload. Within a write transaction. */
export function enterRun(tables: Tables, unnumbered: Omit<StoredRun, 'number'>): StoredRun {
  const { id, workload } = unnumbered;
  const number = Number(tables.numbers.get(counterKey(workload.name)) ?? 0) + 1;
  const run: StoredRun = { ...unnumbered, number };
  tables.numbers.put(counterKey(workload.name), number);
  tables.numbers.put(numberKey(workload.name, number), id);
  for (const key of orderKeys(run)) tables.order.put(key, true);
  tables.runs.put(id, run);
  return run;
}

/**
 * What a later declaration, or that of a further member, adds: tags, and the host where none was known. The rest was
 * said by the first. Within a write transaction.
 */
export function amendRun(tables: Tables, run: StoredRun, { tags, host }: RunDeclaration): void {
  const known = run.host ?? host;
  tables.runs.put(run.id, { ...run, tags: { ...run.tags, ...tags }, ...(known && { host: known }) });
}

/** Changes what people may change: tags, note and pin. Within a write transaction. Throws PODO_RUN_NOT_FOUND. */
export function changeRun(tables: Tables, id: string, change: (record: RunRecord) => RunRecord): RunRecord {
  const stored = requireRun(tables, id);
  const { tags, pinned, note } = change(toRecord(tables, stored));
  const { note: _, ...rest } = stored;
  const changed: StoredRun = { ...rest, tags, pinned, ...(note !== undefined && { note }) };
  tables.runs.put(id, changed);
  return toRecord(tables, changed);
}

/** As KeptStore.noteCluster. Within a write transaction. */
export function noteCluster(
  tables: Tables,
  id: string,
  { pods = [], ending, concluded }: ClusterNews,
): RunRecord {
  const { ending: endingBefore, ...rest } = requireRun(tables, id);
  const kept = ending === null ? undefined : (ending ?? endingBefore);
  const changed: StoredRun = { ...rest, ...(kept && { ending: kept }), ...(concluded && { concluded }) };
  if (ending !== undefined || concluded !== undefined) tables.runs.put(id, changed);
  writePods(tables, id, pods);
  return toRecord(tables, changed);
}

/**
 * Takes a run out of sight, its number left unused for ever, and marks what it leaves behind for sweeping. Within a write
 * transaction. Throws PODO_RUN_NOT_FOUND.
 */
export function removeRun(tables: Tables, id: string): void {
  const run = requireRun(tables, id);
  for (const [place, member] of readMembers(tables, id).entries()) {
    tables.agents.remove(member.agent);
    tables.members.remove(memberKey(id, place));
  }
  removePods(tables, id);
  for (const key of orderKeys(run)) tables.order.remove(key);
  tables.numbers.remove(numberKey(run.workload.name, run.number));
  tables.runs.remove(id);
  tables.sweeps.put(id, true);
}

/** Throws PODO_RUN_NOT_FOUND. */
export function requireRun(tables: Tables, id: string): StoredRun {
  const run = tables.runs.get(id);
  if (run !== undefined) return run;
  throw new PodometerError(
    'PODO_RUN_NOT_FOUND',
    `There is no run ${id}`,
    'List the runs with `podometer runs`.',
  );
}
