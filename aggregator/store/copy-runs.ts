/**
 * Runs go from one store into another as they lie on disk, in steps that may be cut off anywhere:
 *
 *     1 draft    the run's id is marked in `sweeps`: what follows is deleted by a sweep, should it never be finished
 *     2 copy     slices and batches, about 1 MB a transaction, on condition that the draft is still ours; nobody reads
 *                them yet
 *     3 compare  where the other store has sealed or thinned the run meanwhile: 2 again, with what is not here yet
 *     4 show     in one transaction the run gets its number, its members and its directory
 */
import { randomUUID } from 'node:crypto';
import { setImmediate as pause } from 'node:timers/promises';
import { PodometerError } from '../../protocol/errors.ts';
import type { Databases } from './databases.ts';
import { type Draft, memberKey } from './keys.ts';
import { writePods } from './pods.ts';
import { type BulkKey, isKeptBy, type RunImage, type RunOrigin } from './run-origin.ts';
import { enterRun } from './runs.ts';
import type { Sweeper } from './sweeper.ts';
import type { Tables } from './tables.ts';

/** Of one transaction: few enough that other writers wait for some ms only. */
const DEFAULT_STEP_BYTES = 2 ** 20;
const MOST_AT_ONCE = 500;

interface Entry extends BulkKey {
  readonly bytes: Uint8Array;
}

export class RunCopier {
  readonly #databases: Databases;
  readonly #sweeper: Sweeper;
  readonly #wallMs: () => number;
  readonly #stepBytes: number;

  constructor(databases: Databases, sweeper: Sweeper, wallMs: () => number, stepBytes = DEFAULT_STEP_BYTES) {
    this.#databases = databases;
    this.#sweeper = sweeper;
    this.#wallMs = wallMs;
    this.#stepBytes = stepBytes;
  }

  /** As KeptStore.copy. */
  async copy(id: string, from: RunOrigin): Promise<'added' | 'repeated'> {
    const copier = randomUUID();
    if (!(await this.#begin(id, copier))) return 'repeated';
    try {
      for (let image = requireImage(from, id); ; ) {
        await this.#copyBulk(from, image, copier);
        const after = requireImage(from, id);
        if (isKeptBy(image, after)) {
          await this.#inDraft(id, copier, (tables) => show(tables, image));
          break;
        }
        image = after;
      }
    } catch (error) {
      await this.#giveUp(id, copier);
      throw error;
    }
    await this.#sweeper.sweep(id);
    return 'added';
  }

  /** False where the run is here. What another copier or a removed run has left is deleted first. */
  async #begin(id: string, copier: string): Promise<boolean> {
    for (;;) {
      const answer = await this.#databases.transaction((tables) => {
        if (tables.runs.doesExist(id)) return 'known';
        if (tables.sweeps.doesExist(id)) return 'littered';
        tables.sweeps.put(id, this.#draft(copier));
        return 'begun';
      });
      if (answer !== 'littered') return answer === 'begun';
      await this.#sweeper.sweep(id);
    }
  }

  async #copyBulk(from: RunOrigin, image: RunImage, copier: string): Promise<void> {
    const here = this.#databases;
    let step: Entry[] = [];
    let stepBytes = 0;
    const write = async () => {
      here.requireRoom(stepBytes);
      await this.#inDraft(image.run.id, copier, (tables) => {
        for (const { table, key, bytes } of step) tables[table].put(key, bytes);
      });
      step = [];
      stepBytes = 0;
    };
    for (const place of from.bulkKeys(image)) {
      if (here.tables[place.table].doesExist(place.key)) continue;
      const bytes = from.bytes(place);
      if (bytes === undefined) continue;
      step.push({ ...place, bytes });
      stepBytes += bytes.length;
      if (stepBytes < this.#stepBytes && step.length < MOST_AT_ONCE) continue;
      await write();
      await pause();
    }
    if (step.length > 0) await write();
  }

  /** One transaction, on condition that nobody has swept the draft. Throws PODO_BUSY. */
  #inDraft(id: string, copier: string, change: (tables: Tables) => void): Promise<void> {
    return this.#databases.transaction((tables) => {
      if (!isOurs(tables, id, copier)) throw takenOver(id);
      tables.sweeps.put(id, this.#draft(copier));
      change(tables);
    });
  }

  async #giveUp(id: string, copier: string): Promise<void> {
    if (isOurs(this.#databases.refresh(), id, copier)) await this.#sweeper.sweep(id);
  }

  #draft(copier: string): Draft {
    return { copier, atMs: this.#wallMs() };
  }
}

function isOurs(tables: Tables, id: string, copier: string): boolean {
  const mark = tables.sweeps.get(id);
  return typeof mark === 'object' && mark.copier === copier;
}

/** Makes the run known. Throws PODO_IMPORT_MALFORMED. */
function show(tables: Tables, { run, members, pods, directory }: RunImage): void {
  const { id } = run;
  for (const { agent } of members) requireFree(tables, id, agent);
  const { number: _, ...unnumbered } = run;
  enterRun(tables, unnumbered);
  for (const [place, member] of members.entries()) {
    tables.members.put(memberKey(id, place), member, member.lastSequence + 1);
    tables.agents.put(member.agent, [id, place]);
  }
  writePods(tables, id, pods);
  if (directory !== undefined) tables.directories.put(id, directory);
  tables.sweeps.put(id, true);
}

function requireFree(tables: Tables, id: string, agent: string): void {
  const [other] = tables.agents.get(agent) ?? [];
  if (other === undefined) return;
  throw new PodometerError(
    'PODO_IMPORT_MALFORMED',
    `Agent ${agent} of run ${id} is one of run ${other} here`,
    'Delete that run first, or leave this one out.',
  );
}

/** Throws PODO_RUN_NOT_FOUND. */
function requireImage(from: RunOrigin, id: string): RunImage {
  const image = from.image(id);
  if (image !== undefined) return image;
  throw new PodometerError(
    'PODO_RUN_NOT_FOUND',
    `Run ${id} is not in the other history, or was removed from it`,
    'List its runs with `podometer runs --data`.',
  );
}

function takenOver(id: string): PodometerError {
  return new PodometerError(
    'PODO_BUSY',
    `Run ${id} is being taken in by another process too, which goes on`,
    'Import it again when that has ended.',
  );
}
