/** Makes a run again out of what `podometer export --format json` wrote of it. */
import Type from 'typebox';
import { Compile } from 'typebox/compile';
import { clusterEvents } from '../../aggregator/store/cluster-events.ts';
import type { KeptStore } from '../../aggregator/store/model.ts';
import { PodometerError } from '../../protocol/errors.ts';
import {
  EXPORT_VERSION,
  ExportedDocument,
  type ExportedMember,
  type ExportedSeries,
} from '../../protocol/exported-run.ts';
import { columnByName } from '../../protocol/metrics.ts';
import type { ProcessView } from '../../protocol/query.ts';
import type { RunDeclaration, RunEvent } from '../../protocol/run.ts';
import type { BatchMaker } from './batch-maker.ts';
import { makeRun } from './made-run.ts';
import { malformed } from './malformed.ts';

/** `document`: what the file holds, as it was parsed. Throws PODO_IMPORT_MALFORMED. */
export async function importRun(
  store: KeptStore,
  path: string,
  document: unknown,
): Promise<{ readonly id: string; readonly outcome: 'added' | 'repeated' }> {
  const exported = checked(path, document);
  const { run, pods, ending, concluded } = exported;
  const startedAtMs = Date.parse(run.startedAt);
  const outcome = await makeRun(
    store,
    run.id,
    async (workshop) => {
      for (const [place, member] of exported.members.entries()) {
        const declaration = declarationOf(exported, startedAtMs, member);
        const { agent, epochMs, lastSeenMs } = member;
        const maker = workshop.member({ run: run.id, agent, epochMs, declaration }, lastSeenMs);
        await fill(maker, exported, place, epochMs - startedAtMs);
        await maker.finish({
          totals: new Map(member.totals),
          ...(member.outcome && { outcome: member.outcome }),
          ...(member.results && { results: member.results }),
        });
      }
    },
    async (made) => {
      const { note, pinned } = run;
      await made.update(run.id, (record) => ({ ...record, ...(note !== undefined && { note }), pinned }));
      const news = { ...(pods && { pods }), ...(ending && { ending }), ...(concluded && { concluded }) };
      if (Object.keys(news).length > 0) await made.noteCluster(run.id, news);
    },
  );
  return { id: run.id, outcome };
}

const Versioned = Type.Object({ version: Type.Integer() });

function checked(path: string, document: unknown): ExportedDocument {
  const { version = 1 } = Compile(Versioned).Check(document) ? document : {};
  if (version < EXPORT_VERSION) throw tooOld(path);
  if (version > EXPORT_VERSION) throw tooNew(path, version);
  const check = Compile(ExportedDocument);
  if (!check.Check(document)) {
    const [error] = check.Errors(document);
    throw malformed(
      `${path} is no whole export of a run: ${error?.instancePath || '/'} ${error?.message ?? 'is not valid'}`,
    );
  }
  if (document.thinned !== undefined) throw thinned(path);
  return document;
}

function declarationOf(
  { run }: ExportedDocument,
  startedAtMs: number,
  { name, podUid, writer }: ExportedMember,
): RunDeclaration {
  const { workload, intervalMs, metrics, command, tags, host, agentVersion } = run;
  return {
    workload,
    startedAtMs,
    member: name,
    ...(podUid !== undefined && { podUid }),
    intervalMs,
    metrics,
    ...(command && { command }),
    tags,
    ...(host && { host }),
    agentVersion,
    ...(writer && { writer }),
  };
}

/** `offsetMs`: from the start of the run to the member's time zero. */
async function fill(
  maker: BatchMaker,
  exported: ExportedDocument,
  place: number,
  offsetMs: number,
): Promise<void> {
  const ofMember = ({ member }: { readonly member: number }) => member === place;
  const containers = exported.containers.filter(ofMember);
  for (const { index, name } of containers) await maker.add('containers', { index, name });
  for (const { member: _, kind, index, container, place: where, name } of exported.storage.filter(ofMember))
    await maker.add('storage', { kind, index, container, place: where, name });
  for (const { index, name, decimals } of exported.outputs.filter(ofMember))
    await maker.add('outputs', { index, name, decimals });
  const indexOf = new Map(containers.map(({ index, name }) => [name, index]));
  for (const process of exported.processes) await addProcess(maker, process, place, offsetMs, indexOf);
  if (place === 0) for (const event of ownEvents(exported)) await maker.add('events', event);
  for (const one of exported.series.filter(ofMember))
    await maker.series({ ...one, column: columnOf(one), times: increasing(one) });
}

async function addProcess(
  maker: BatchMaker,
  process: ProcessView,
  place: number,
  offsetMs: number,
  containers: ReadonlyMap<string, number>,
): Promise<void> {
  const { key, pid, parent, role, startMs, comm, args, container, endMs, endBoundMs = 0, exitCode } = process;
  const [member, index] = placesOf(key);
  if (member !== place) return;
  await maker.add('processes', {
    index,
    pid,
    parent: parent === undefined ? undefined : placesOf(parent)[1],
    role,
    startMs: startMs - offsetMs,
    comm,
    args,
    container: container === undefined ? undefined : containers.get(container),
  });
  if (endMs === undefined) return;
  await maker.add('ends', { index, endMs: endMs - offsetMs, boundMs: endBoundMs, exitCode });
}

function placesOf(key: string): readonly [member: number, index: number] {
  const [, member, index] = /^(\d+)\.(\d+)$/.exec(key) ?? [];
  if (index === undefined) throw malformed(`The process key "${key}" is not MEMBER.INDEX`);
  return [Number(member), Number(index)];
}

/** Without those that are made from what is known of its pods: they will be made again. */
function ownEvents({ events, run, pods, concluded }: ExportedDocument): RunEvent[] {
  const startedAtMs = Date.parse(run.startedAt);
  const told = clusterEvents({ startedAtMs, ...(pods && { pods }), ...(concluded && { concluded }) });
  const made = new Set(told.map(identity));
  return events.filter((event) => !made.has(identity(event)));
}

function identity({ atMs, kind, value, message }: RunEvent): string {
  return JSON.stringify([atMs, kind, value, message]);
}

function columnOf({ column }: ExportedSeries): number {
  const known = columnByName(column)?.id ?? Number(/^column (\d+)$/.exec(column)?.[1] ?? Number.NaN);
  if (!Number.isNaN(known)) return known;
  throw malformed(`There is no column "${column}"`);
}

function increasing({ times, values, column }: ExportedSeries): number[] {
  const isIncreasing = times.every((time, i) => i === 0 || time > (times[i - 1] as number));
  if (isIncreasing && times.length === values.length) return times;
  throw malformed(`A series of ${column} has not one value for each of its times, or they do not increase`);
}

function tooOld(path: string): PodometerError {
  return new PodometerError(
    'PODO_IMPORT_MALFORMED',
    `${path} was exported by an older podometer, which left out members, containers, devices, volumes and outputs`,
    'Export the run again with this version, or import the history that it lies in.',
  );
}

function tooNew(path: string, version: number): PodometerError {
  return new PodometerError(
    'PODO_IMPORT_MALFORMED',
    `${path} is an export of version ${version}; this podometer reads version ${EXPORT_VERSION}`,
    'Upgrade podometer.',
  );
}

function thinned(path: string): PodometerError {
  return new PodometerError(
    'PODO_IMPORT_MALFORMED',
    `${path} is of a run whose samples retention had given up, and holds means in their place`,
    'Import the history that it lies in, or a backup of it: there it is copied as it is.',
  );
}
