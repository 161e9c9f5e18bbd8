/** The members of all runs of a comparison: which is which, what they are called, and what held them up. */
import type { MeasureName } from '../../../protocol/measures.ts';
import type { RunView } from '../../../protocol/query.ts';
import { memberNoun, memberPhrase } from '../member-words.ts';
import type { ComparedRun } from '../side.ts';
import { ordinal } from '../wording.ts';
import { type MemberKeys, memberKeys } from './member-keys.ts';
import type { GroupDelta } from './tree-delta.ts';
import type { PressureDelta } from './waits.ts';

const PRESSURES = [
  'throttledSeconds',
  'psiCpuSeconds',
  'psiMemorySeconds',
  'psiIoSeconds',
] as const satisfies readonly MeasureName[];

export class MatchedMembers {
  readonly #a: readonly ComparedRun[];
  readonly #b: readonly ComparedRun[];
  readonly #by: MemberKeys['by'];
  readonly #keys: ReadonlyMap<RunView, readonly string[]>;
  /** Of the run with the most. */
  readonly #count: number;

  constructor(a: readonly ComparedRun[], b: readonly ComparedRun[]) {
    const runs = [...a, ...b].map(({ run }) => run);
    const { by, keys } = memberKeys(runs);
    this.#a = a;
    this.#b = b;
    this.#by = by;
    this.#keys = new Map(runs.map((run, i) => [run, keys[i] ?? []]));
    this.#count = Math.max(...runs.map(({ members }) => members.length));
  }

  /** By the places of the members. */
  keysOf(run: RunView): readonly string[] {
    return this.#keys.get(run) ?? [];
  }

  /** What a member is called in the runs of b, else in those of a; undefined where that differs, or no run has several. */
  nameOf(key: string): string | undefined {
    if (this.#count < 2) return undefined;
    const names = [this.#b, this.#a].map(
      (side) => new Set(side.flatMap(({ run }) => this.#nameIn(run, key))),
    );
    const [found] = names.filter(({ size }) => size > 0);
    return found?.size === 1 ? [...found][0] : undefined;
  }

  /** ` of pod `train-0``; empty where no run has several members. */
  phraseOf(key: string): string {
    if (this.#count < 2) return '';
    const name = this.nameOf(key);
    if (name !== undefined) return ` ${memberPhrase(this.#kind, name)}`;
    return this.#by === 'place'
      ? ` in the ${ordinal(Number(key) + 1)} ${this.#noun}`
      : ` in ${this.#noun} \`${key}\``;
  }

  /** `12 of 16 pods` */
  countText(some: number): string {
    return some === this.#count
      ? `all ${this.#count} ${this.#noun}s`
      : `${some} of ${this.#count} ${this.#noun}s`;
  }

  /** Of the container of these processes; of the whole run where there is none or nothing was read of it. */
  pressureOf(group: GroupDelta): PressureDelta {
    const [before, after] = [this.#a, this.#b].map((runs) => this.#meanPressures(runs, group));
    return Object.fromEntries(
      PRESSURES.map((name) => [name, (after?.[name] ?? 0) - (before?.[name] ?? 0)]),
    ) as Record<(typeof PRESSURES)[number], number>;
  }

  #meanPressures(runs: readonly ComparedRun[], { container, member }: GroupDelta): PressureDelta {
    const meanOf = (name: (typeof PRESSURES)[number]): number =>
      runs.reduce((sum, { run, containers }) => {
        const keys = this.keysOf(run);
        const own = containers.find((one) => one.name === container && keys[one.member] === member);
        return sum + (own?.[name] ?? run.measures[name] ?? 0);
      }, 0) / runs.length;
    return Object.fromEntries(PRESSURES.map((name) => [name, meanOf(name)])) as Record<
      (typeof PRESSURES)[number],
      number
    >;
  }

  #nameIn(run: RunView, key: string): string[] {
    const name = run.members[this.keysOf(run).indexOf(key)]?.name;
    return name === undefined ? [] : [name];
  }

  get #kind(): RunView['workload']['kind'] {
    return this.#b[0]?.run.workload.kind ?? 'Local';
  }

  get #noun(): string {
    return memberNoun(this.#kind);
  }
}
