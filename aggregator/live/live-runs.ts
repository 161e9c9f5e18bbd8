/**
 * The newest figures of the runs that go on, for those who scrape or take them in elsewhere. They are few however many
 * processes come and go: per container, and per name of a process, of which each container shows the first few to use CPU
 * time. Never per pid.
 *
 * All counters here only grow while this program runs; they begin anew when it does, as counters may.
 */
import type { Batch } from '../../protocol/batch.ts';
import type { Store } from '../store/model.ts';
import { type LastRow, LiveMember } from './live-member.ts';
import type { LivePoint } from './live-point.ts';

/** A member that was silent for so long is forgotten. */
const SILENCE_MS = 300_000;

export class LiveRuns {
  readonly #store: Pick<Store, 'run' | 'directory'>;
  readonly #wallMs: () => number;
  /** By agent. */
  readonly #members = new Map<string, LiveMember>();
  #lookedAtMs: number;

  constructor(store: Pick<Store, 'run' | 'directory'>, wallMs: () => number) {
    this.#store = store;
    this.#wallMs = wallMs;
    this.#lookedAtMs = wallMs();
  }

  /**
   * Takes out of a batch what counts here, and answers what is to be called once the batch is kept for the first time. The
   * batch itself is not held until then.
   */
  prepare({ agent, run, containers, processes, blocks, ends, outcome }: Batch): () => void {
    const rows = blocks.map(({ subject, index, columns, values }): LastRow => {
      return { subject, index, columns, values: values.map((list) => Number(list[list.length - 1])) };
    });
    return () => {
      const member = this.#members.get(agent) ?? this.#begin(agent, run);
      if (member === undefined) return;
      const atMs = this.#wallMs();
      member.take({ containers, processes, rows, ends, atMs });
      // Whether or not anybody asks for the figures: an agent that was killed never tells its end.
      if (Math.abs(atMs - this.#lookedAtMs) > SILENCE_MS) this.#forgetSilent(atMs);
      if (outcome === undefined) this.#members.set(agent, member);
      else this.#members.delete(agent);
    };
  }

  /** Members whose figures are held. */
  get size(): number {
    return this.#members.size;
  }

  snapshot(): LivePoint[] {
    this.#forgetSilent(this.#wallMs());
    return [...this.#members.values()].flatMap((member) => member.points());
  }

  #forgetSilent(nowMs: number): void {
    this.#lookedAtMs = nowMs;
    for (const [agent, { seenAtMs }] of this.#members) {
      if (seenAtMs < nowMs - SILENCE_MS) this.#members.delete(agent);
    }
  }

  /** A member that was here before this program began has told its names already. */
  #begin(agent: string, run: string): LiveMember | undefined {
    const record = this.#store.run(run);
    const place = record?.members.findIndex((one) => one.agent === agent) ?? -1;
    if (record === undefined || place < 0) return undefined;
    return new LiveMember(record, place, this.#store.directory(run));
  }
}
