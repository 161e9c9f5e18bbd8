/** Makes the batches of one member out of what is known of it as a whole, of a bounded size each. */
import { deflater } from '../../lib/deflater.ts';
import type { Batch, Block, SubjectKindOnWire } from '../../protocol/batch.ts';
import { encodeBatch } from '../../protocol/codec/batch-encode.ts';
import { MOST_ROWS } from '../../protocol/codec/block.ts';
import type { RunDeclaration } from '../../protocol/run.ts';

type Records = {
  readonly [K in 'containers' | 'processes' | 'storage' | 'outputs' | 'ends' | 'events']: NonNullable<
    Batch[K]
  >[number];
};

/** A series, or a piece of it. Times are ms since the run's start and strictly increasing. */
export interface SeriesPiece {
  readonly subject: SubjectKindOnWire;
  readonly index: number;
  readonly column: number;
  readonly times: readonly number[];
  readonly values: readonly number[];
}

export interface MadeMember {
  readonly run: string;
  readonly agent: string;
  readonly epochMs: number;
  readonly declaration: RunDeclaration;
}

type Ending = Pick<Batch, 'totals' | 'outcome' | 'results'>;

/** Of one batch: far below what a batch may hold, whatever the length of its texts. */
const MOST_CELLS = 100_000;
const MOST_TEXT = 2 ** 20;

const NO_TOTALS: Ending = { totals: new Map() };

export class BatchMaker {
  readonly #member: MadeMember;
  readonly #send: (bytes: Uint8Array) => Promise<unknown>;
  #records: { [K in keyof Records]: Records[K][] } = noRecords();
  #pieces: SeriesPiece[] = [];
  #cells = 0;
  #text = 0;
  #sequence = 0;

  constructor(member: MadeMember, send: (bytes: Uint8Array) => Promise<unknown>) {
    this.#member = member;
    this.#send = send;
  }

  /** Times of the record are ms since `epochMs`, those of events since the start of the run. */
  async add<K extends keyof Records>(kind: K, record: Records[K]): Promise<void> {
    this.#records[kind].push(record);
    this.#text += JSON.stringify(record).length;
    if (this.#text >= MOST_TEXT) await this.#flush(NO_TOTALS);
  }

  async series(piece: SeriesPiece): Promise<void> {
    for (let from = 0; from < piece.times.length; from += MOST_ROWS) {
      const times = piece.times.slice(from, from + MOST_ROWS);
      this.#pieces.push({ ...piece, times, values: piece.values.slice(from, from + MOST_ROWS) });
      this.#cells += times.length;
      if (this.#cells >= MOST_CELLS) await this.#flush(NO_TOTALS);
    }
  }

  /** The last batch. */
  finish(ending: Ending): Promise<void> {
    return this.#flush(ending);
  }

  async #flush(ending: Ending): Promise<void> {
    const { run, agent, epochMs, declaration } = this.#member;
    const { ticks, blocks } = blocksOf(this.#pieces, epochMs - declaration.startedAtMs);
    const { storage, outputs, ...records } = this.#records;
    const batch: Batch = {
      run,
      agent,
      epochMs,
      sequence: this.#sequence++,
      ...(this.#sequence === 1 && { declaration }),
      ...records,
      ...(storage.length > 0 && { storage }),
      ...(outputs.length > 0 && { outputs }),
      ticks,
      blocks,
      ...ending,
    };
    this.#records = noRecords();
    this.#pieces = [];
    this.#cells = 0;
    this.#text = 0;
    await this.#send(encodeBatch(batch, deflater));
  }
}

function noRecords(): { [K in keyof Records]: Records[K][] } {
  return { containers: [], processes: [], storage: [], outputs: [], ends: [], events: [] };
}

function blocksOf(pieces: readonly SeriesPiece[], offsetMs: number): { ticks: number[]; blocks: Block[] } {
  const times = [...new Set(pieces.flatMap((piece) => piece.times))].sort((a, b) => a - b);
  const placeOf = new Map(times.map((time, place) => [time, place]));
  const blocks = pieces.map(({ subject, index, column, times: own, values }) => ({
    subject,
    index,
    columns: [column],
    ticks: own.map((time) => placeOf.get(time) as number),
    values: [values],
  }));
  return { ticks: times.map((time) => time - offsetMs), blocks };
}
