/** Takes batches in: each once, in order, its run's records brought up to date in the same transaction. */
import { PodometerError } from '../../protocol/errors.ts';
import type { RunDeclaration } from '../../protocol/run.ts';
import type { Databases } from './databases.ts';
import { logKey, memberKey } from './keys.ts';
import type { Acknowledgement, BatchHead, MemberRecord } from './model.ts';
import { amendRun, createRun, readMembers } from './runs.ts';
import type { Sweeper } from './sweeper.ts';
import type { Tables } from './tables.ts';
import { Sequencer } from './write-order.ts';

/** What an agent says of itself. */
interface Said {
  readonly name: string;
  readonly podUid?: string | undefined;
  readonly writer?: MemberRecord['writer'] | undefined;
}

/** A member and the version of its record. */
interface KnownMember {
  readonly place: number;
  readonly record: MemberRecord;
  readonly version: number;
}

export class Appender {
  readonly #databases: Databases;
  readonly #wallMs: () => number;
  readonly #sweeper: Sweeper;
  readonly #byAgent = new Sequencer();

  constructor(databases: Databases, sweeper: Sweeper, wallMs: () => number) {
    this.#databases = databases;
    this.#sweeper = sweeper;
    this.#wallMs = wallMs;
  }

  /** As Store.append. An agent's batches may be given without waiting for those before. */
  append(bytes: Uint8Array, batch: BatchHead): Promise<Acknowledgement> {
    return this.#byAgent.run(batch.agent, async () => {
      this.#databases.requireRoom(bytes.length);
      return batch.declaration === undefined
        ? await this.#appendSamples(bytes, batch)
        : await this.#appendDeclared(bytes, batch, batch.declaration);
    });
  }

  /** The usual batch: only its member's record and the log change, so it is written in the background. */
  async #appendSamples(bytes: Uint8Array, batch: BatchHead): Promise<Acknowledgement> {
    const member = findMember(this.#databases.refresh(), batch);
    if (isKept(member, batch)) return acknowledge(batch, true);
    if (member === undefined) throw undeclared(batch);
    const key = memberKey(batch.run, member.place);
    const isWritten = await this.#databases.write(
      (tables) =>
        putBatch(
          tables,
          member.place,
          this.#advance(batch, bytes.length, member.record, member.record),
          batch,
          bytes,
        ),
      { table: 'members', key, version: member.version },
    );
    // Another process has written for this agent, or has removed the run: look again.
    return isWritten ? acknowledge(batch, false) : this.#appendSamples(bytes, batch);
  }

  /** A batch that may make a run or a member, or change what is said of them. */
  async #appendDeclared(
    bytes: Uint8Array,
    batch: BatchHead,
    declaration: RunDeclaration,
  ): Promise<Acknowledgement> {
    const acknowledgement = await this.#databases.transaction((tables) => {
      const member = findMember(tables, batch);
      if (isKept(member, batch)) return acknowledge(batch, true);
      if (isBeingRemoved(tables, batch.run)) return undefined;
      const place = member?.place ?? readMembers(tables, batch.run).length;
      const said = {
        name: declaration.member,
        podUid: declaration.podUid,
        writer: declaration.writer ?? member?.record.writer,
      };
      declareRun(tables, batch.run, declaration);
      putBatch(tables, place, this.#advance(batch, bytes.length, said, member?.record), batch, bytes);
      if (member === undefined) tables.agents.put(batch.agent, [batch.run, place]);
      return acknowledge(batch, false);
    });
    if (acknowledgement !== undefined) return acknowledgement;
    await this.#sweeper.sweep(batch.run);
    return this.#appendDeclared(bytes, batch, declaration);
  }

  #advance(batch: BatchHead, length: number, said: Said, before?: MemberRecord): MemberRecord {
    const bytesBefore = before === undefined ? 0 : before.bytes;
    const outcome = batch.outcome ?? before?.outcome;
    const results = batch.results ?? before?.results;
    return {
      agent: batch.agent,
      name: said.name,
      ...(said.podUid !== undefined && { podUid: said.podUid }),
      epochMs: batch.epochMs,
      lastSequence: batch.sequence,
      lastSeenMs: this.#wallMs(),
      ...(bytesBefore !== undefined && { bytes: bytesBefore + length }),
      totals: batch.totals.size > 0 ? [...batch.totals] : (before?.totals ?? []),
      ...(results && { results }),
      ...(outcome && { outcome }),
      ...(said.writer && { writer: said.writer }),
    };
  }
}

/**
 * The member that this batch's agent is, undefined where it is its first batch. Throws where the batch is neither the
 * next of its agent nor one before it.
 */
function findMember(tables: Tables, batch: BatchHead): KnownMember | undefined {
  const [run, place] = tables.agents.get(batch.agent) ?? [batch.run, 0];
  if (run !== batch.run) throw ofAnotherRun(batch, run);
  const entry = tables.members.getEntry(memberKey(run, place));
  const isKnown = entry?.value.agent === batch.agent;
  const expected = isKnown ? entry.value.lastSequence + 1 : 0;
  if (batch.sequence > expected) throw outOfOrder(tables, batch, expected);
  return isKnown ? { place, record: entry.value, version: entry.version ?? 0 } : undefined;
}

function isKept(member: KnownMember | undefined, batch: BatchHead): boolean {
  return member !== undefined && batch.sequence <= member.record.lastSequence;
}

function acknowledge({ agent, sequence }: BatchHead, duplicate: boolean): Acknowledgement {
  return { agent, sequence, duplicate };
}

/** A run of this id was removed, or is half copied, and what there is of it is not deleted yet. */
function isBeingRemoved(tables: Tables, id: string): boolean {
  return tables.sweeps.doesExist(id) && tables.runs.get(id) === undefined;
}

function declareRun(tables: Tables, id: string, declaration: RunDeclaration): void {
  const run = tables.runs.get(id);
  if (run === undefined) createRun(tables, id, declaration);
  else amendRun(tables, run, declaration);
}

function putBatch(
  tables: Tables,
  place: number,
  member: MemberRecord,
  batch: BatchHead,
  bytes: Uint8Array,
): void {
  tables.log.put(logKey(batch.run, place, batch.sequence), bytes);
  tables.members.put(memberKey(batch.run, place), member, batch.sequence + 1);
}

function outOfOrder(tables: Tables, { run, agent, sequence }: BatchHead, expected: number): PodometerError {
  if (expected === 0 && tables.runs.get(run) === undefined) {
    return new PodometerError(
      'PODO_RUN_NOT_FOUND',
      `Batch ${sequence} belongs to run ${run}, which is not here; it may have been removed`,
      'Stop sending this run, or send it again from batch 0 on.',
    );
  }
  return new PodometerError(
    'PODO_BATCH_OUT_OF_ORDER',
    `Batch ${sequence} of agent ${agent} came where batch ${expected} is expected`,
    `Send batch ${expected} first.`,
  );
}

function undeclared({ run, agent }: BatchHead): PodometerError {
  return new PodometerError(
    'PODO_BATCH_MALFORMED',
    `The first batch of agent ${agent} does not declare its run ${run}`,
    'Send the declaration in batch 0.',
  );
}

function ofAnotherRun({ run, agent }: BatchHead, before: string): PodometerError {
  return new PodometerError(
    'PODO_BATCH_MALFORMED',
    `The batch of agent ${agent} names run ${run}; those before named ${before}`,
    'Start a new agent instance for a new run.',
  );
}
