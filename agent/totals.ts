/**
 * The run's measures, kept up to date at every tick: sums over the counters' growth, and peaks over the levels.
 * Integers in the measure's own scale (protocol/measures.ts).
 */
import { type MeasureName, measureByName } from '../protocol/measures.ts';
import { type ColumnName, columnById } from '../protocol/metrics.ts';

/** Which sums a counter's growth goes into. Additive columns only. */
const SUMS: Partial<Record<ColumnName, readonly MeasureName[]>> = {
  utimeTicks: ['cpuUserSeconds'],
  stimeTicks: ['cpuSystemSeconds'],
  shortLivedUserTicks: ['cpuUserSeconds', 'shortLivedCpuSeconds'],
  shortLivedSystemTicks: ['cpuSystemSeconds', 'shortLivedCpuSeconds'],
  minorFaults: ['minorFaults'],
  majorFaults: ['majorFaults'],
  rcharBytes: ['rcharBytes'],
  wcharBytes: ['wcharBytes'],
  readCalls: ['readCalls'],
  writeCalls: ['writeCalls'],
  readBytes: ['readBytes'],
  writeBytes: ['writeBytes'],
  voluntarySwitches: ['voluntarySwitches'],
  involuntarySwitches: ['involuntarySwitches'],
  runDelayNs: ['runDelaySeconds'],
  throttledUs: ['throttledSeconds'],
  oomKills: ['oomKills'],
  psiCpuSomeUs: ['psiCpuSeconds'],
  psiMemorySomeUs: ['psiMemorySeconds'],
  psiIoSomeUs: ['psiIoSeconds'],
  threadRunningMs: ['threadRunningSeconds'],
  threadSleepingMs: ['threadSleepingSeconds'],
  threadUninterruptibleMs: ['threadUninterruptibleSeconds'],
  waitLockMs: ['waitLockSeconds'],
  waitDiskMs: ['waitDiskSeconds'],
  waitNetworkMs: ['waitNetworkSeconds'],
  waitPipeMs: ['waitPipeSeconds'],
  waitTimerMs: ['waitTimerSeconds'],
  waitChildMs: ['waitChildSeconds'],
};

/** CPU use is judged over at least this long: a clock tick of 10 ms would make shorter stretches look wild. */
const CORES_WINDOW_MS = 500;

const TICK_MS = 10;
const TICK_US = 10_000;

/** How much CPU time had been used at an instant. */
interface CpuMark {
  readonly atMs: number;
  readonly cpuTicks: number;
}

export type CpuMode = 'user' | 'system';

export class RunTotals {
  readonly #values = new Map<MeasureName, number>();
  readonly #cgroupUs = { user: 0, system: 0 };
  #rssBytes = 0;
  #lastRssBytes = 0;
  #pssBytes = 0;
  readonly #read = { rss: 0, pss: 0 };
  readonly #start: CpuMark;
  #window: CpuMark;
  #windowBefore: CpuMark;

  /** `nowMs`: the start of the run, on the clock of `endTick`. */
  constructor(nowMs: number) {
    this.#start = { atMs: nowMs, cpuTicks: 0 };
    this.#window = this.#start;
    this.#windowBefore = this.#start;
  }

  add(measure: MeasureName, amount: number): void {
    this.#values.set(measure, (this.#values.get(measure) ?? 0) + amount);
  }

  set(measure: MeasureName, value: number): void {
    this.#values.set(measure, value);
  }

  peak(measure: MeasureName, value: number): void {
    if (value > (this.#values.get(measure) ?? -1)) this.#values.set(measure, value);
  }

  get(measure: MeasureName): number {
    return this.#values.get(measure) ?? 0;
  }

  /** CPU time of all processes so far, in clock ticks of 10 ms. */
  get cpuTicks(): number {
    return this.get('cpuUserSeconds') + this.get('cpuSystemSeconds');
  }

  /** Sum of the resident sets at the last tick, in bytes. */
  get rssBytes(): number {
    return this.#lastRssBytes;
  }

  /** CPU time of a cgroup that holds nothing but targets, in µs: with it goes what no sample of a process saw. */
  cgroupCpu(mode: CpuMode, us: number): void {
    this.#cgroupUs[mode] += us;
  }

  /** Notes the resident set of one living process at the present tick. */
  resident(bytes: number): void {
    this.#rssBytes += bytes;
    this.#read.rss += 1;
  }

  /** Notes the proportional set of one living process, where it was read at the present tick. */
  proportional(bytes: number): void {
    this.#pssBytes += bytes;
    this.#read.pss += 1;
  }

  /** Closes the present tick: `nowMs` is monotonic. */
  endTick(nowMs: number): void {
    // No process lives in 0 bytes: what was seen only after its end was never read.
    if (this.#rssBytes > 0) this.peak('peakRssBytes', this.#rssBytes);
    this.#lastRssBytes = this.#rssBytes;
    this.#rssBytes = 0;
    this.#endRound();
    if (nowMs - this.#window.atMs < CORES_WINDOW_MS) return;
    this.#judgeCores(this.#window, nowMs);
    this.#windowBefore = this.#window;
    this.#window = { atMs: nowMs, cpuTicks: this.cpuTicks };
  }

  /** Readings of different moments make no sum: pages that one gives up count in the others from then on. */
  #endRound(): void {
    const { rss, pss } = this.#read;
    if (pss > 0 && pss === rss) this.peak('peakPssBytes', this.#pssBytes);
    this.#pssBytes = 0;
    this.#read.rss = 0;
    this.#read.pss = 0;
  }

  /**
   * Closes the run. Its last window is judged together with the one before, so that it is not too short; and what the
   * cgroups counted and no tick saw lifts the peak to the average at least.
   */
  finish(nowMs: number): void {
    this.#judgeCores(this.#windowBefore, nowMs);
    const all = this.#withUnseenCpu();
    const cpuTicks = (all.get('cpuUserSeconds') ?? 0) + (all.get('cpuSystemSeconds') ?? 0);
    this.#judgeCores(this.#start, nowMs, cpuTicks);
  }

  /** Measure id → integer, as a batch carries it. */
  toMap(): Map<number, number> {
    const entries = [...this.#withUnseenCpu()].map(([name, value]): [number, number] => [idOf(name), value]);
    return new Map(entries.sort((a, b) => a[0] - b[0]));
  }

  /** What the cgroups counted and no process was seen to use: last moments, and children that nobody waited for. */
  #withUnseenCpu(): ReadonlyMap<MeasureName, number> {
    const userTicks = Math.round(this.#cgroupUs.user / TICK_US);
    const unseen = userTicks + Math.round(this.#cgroupUs.system / TICK_US) - this.cpuTicks;
    if (unseen <= 0) return this.#values;
    const user = Math.min(unseen, Math.max(0, userTicks - this.get('cpuUserSeconds')));
    return new Map(this.#values)
      .set('cpuUserSeconds', this.get('cpuUserSeconds') + user)
      .set('cpuSystemSeconds', this.get('cpuSystemSeconds') + unseen - user)
      .set('shortLivedCpuSeconds', this.get('shortLivedCpuSeconds') + unseen);
  }

  #judgeCores({ atMs, cpuTicks }: CpuMark, nowMs: number, cpuTicksNow = this.cpuTicks): void {
    if (nowMs <= atMs) return;
    const usedMs = (cpuTicksNow - cpuTicks) * TICK_MS;
    this.peak('peakCores', Math.round((1000 * usedMs) / (nowMs - atMs)));
  }
}

/** What a column does to the totals: a counter's growth is added, a level is a peak or one part of a sum. */
type Effect =
  | { readonly kind: 'sum'; readonly measures: readonly MeasureName[] }
  | { readonly kind: 'peak'; readonly measure: MeasureName }
  | { readonly kind: 'resident' }
  | { readonly kind: 'proportional' }
  | { readonly kind: 'cgroup'; readonly mode: CpuMode };

function effectOf(columnId: number, ownsCgroup: boolean): Effect | undefined {
  const name = columnById(columnId)?.name as ColumnName | undefined;
  if (ownsCgroup && name === 'cpuUserUs') return { kind: 'cgroup', mode: 'user' };
  if (ownsCgroup && name === 'cpuSystemUs') return { kind: 'cgroup', mode: 'system' };
  if (name === 'peakRssBytes') return { kind: 'peak', measure: 'peakProcessRssBytes' };
  if (name === 'rssBytes') return { kind: 'resident' };
  if (name === 'pssBytes') return { kind: 'proportional' };
  const measures = name === undefined ? undefined : SUMS[name];
  return measures && { kind: 'sum', measures };
}

/** Carries one subject's rows into the totals. */
export class MeasureFeed {
  readonly #totals: RunTotals;
  readonly #effects: readonly (Effect | undefined)[];
  readonly #last: Float64Array;
  readonly #isKnown: Uint8Array;
  #residentBytes = 0;

  /**
   * `columns`: column ids. `fromZero`: the subject began within the run, so its first values count too; otherwise
   * they are the point that growth is counted from. `ownsCgroup`: the subject is a container whose cgroup holds its
   * processes alone.
   */
  constructor(totals: RunTotals, columns: readonly number[], fromZero: boolean, ownsCgroup = false) {
    this.#totals = totals;
    this.#effects = columns.map((id) => effectOf(id, ownsCgroup));
    this.#last = new Float64Array(columns.length).fill(fromZero ? 0 : Number.NaN);
    this.#isKnown = new Uint8Array(columns.length);
  }

  /** `values` in the order of the columns; NaN is passed over. A measure that was read is there, be it zero. */
  note(values: Float64Array): void {
    for (let c = 0; c < this.#effects.length; c++) {
      const effect = this.#effects[c];
      const value = values[c] as number;
      if (effect === undefined || Number.isNaN(value)) continue;
      if (effect.kind === 'resident') this.#resident(value);
      else if (effect.kind === 'proportional') this.#totals.proportional(value);
      else if (effect.kind === 'peak') this.#totals.peak(effect.measure, value);
      else if (effect.kind === 'cgroup') this.#totals.cgroupCpu(effect.mode, this.#growth(c, value));
      else this.#add(effect.measures, c, value);
    }
  }

  /** The same values as before: nothing grew, and what is resident still is. */
  repeat(): void {
    if (this.#residentBytes > 0) this.#totals.resident(this.#residentBytes);
  }

  #resident(bytes: number): void {
    this.#residentBytes = bytes;
    this.#totals.resident(bytes);
  }

  #growth(column: number, value: number): number {
    const last = this.#last[column] as number;
    this.#last[column] = value;
    return Number.isNaN(last) ? 0 : Math.max(0, value - last);
  }

  #add(measures: readonly MeasureName[], column: number, value: number): void {
    const growth = this.#growth(column, value);
    // A first value, be it zero, makes the measure known; after that only growth changes it.
    if (growth === 0 && this.#isKnown[column] === 1) return;
    this.#isKnown[column] = 1;
    for (const measure of measures) this.#totals.add(measure, growth);
  }
}

function idOf(name: MeasureName): number {
  const measure = measureByName(name);
  if (measure === undefined) throw new Error(`no measure ${name}`);
  return measure.id;
}
