/** The change between two sides, explained down the tree of processes, as sentences with the figures behind them. */
import type { Attribution, MeasureDelta } from '../../../protocol/comparison.ts';
import type { MeasureName } from '../../../protocol/measures.ts';
import type { ComparedRun } from '../side.ts';
import { inUnit, signed, signedShare } from '../wording.ts';
import { type Cause, totalCauses, wallCauses } from './causes.ts';
import { type ProcessUse, runTree } from './run-tree.ts';
import { type GroupDelta, treeDelta } from './tree-delta.ts';
import { type PressureDelta, waitsText } from './waits.ts';

/** Which figure of a process explains which measure. */
const FIELDS: Readonly<Record<string, keyof ProcessUse>> = {
  wallSeconds: 'lifeSeconds',
  cpuSeconds: 'cpuSeconds',
  peakRssBytes: 'peakRssBytes',
  readBytes: 'readBytes',
  writeBytes: 'writeBytes',
};

const VERBS: Readonly<Record<string, string>> = {
  cpuSeconds: 'used',
  peakRssBytes: 'held',
  readBytes: 'read',
  writeBytes: 'wrote',
};

const PARTICIPLES: Readonly<Record<string, string>> = { wrote: 'written' };

/** Of each headline measure that changed by what is worth naming, whether or not so few runs can tell it from chance. */
export function attributions(
  measures: readonly MeasureDelta[],
  a: readonly ComparedRun[],
  b: readonly ComparedRun[],
  effect: number,
): Attribution[] {
  const groups = treeDelta(a.map(treeOf), b.map(treeOf));
  return measures
    .filter((one) => FIELDS[one.measure] !== undefined && isWorthExplaining(one, effect))
    .flatMap((one) => attribution(one, groups, a, b));
}

function isWorthExplaining({ verdict, a = 0, delta = 0 }: MeasureDelta, effect: number): boolean {
  if (verdict === 'more' || verdict === 'less') return true;
  const isOpen = verdict === 'unknown' || verdict === 'tooFew';
  return isOpen && delta !== 0 && Math.abs(delta) >= effect * a;
}

function treeOf({ run, processes }: ComparedRun): ReturnType<typeof runTree> {
  return runTree(processes, run.measures.wallSeconds ?? 0);
}

function attribution(
  one: MeasureDelta,
  groups: readonly GroupDelta[],
  a: readonly ComparedRun[],
  b: readonly ComparedRun[],
): Attribution[] {
  const field = FIELDS[one.measure] ?? 'lifeSeconds';
  const delta = one.delta ?? 0;
  const isWall = one.measure === 'wallSeconds';
  const causes = isWall ? wallCauses(groups, delta) : totalCauses(groups, delta, field);
  if (causes.length === 0) return [];
  const said = causes.map((cause) =>
    isWall ? wallText(cause, pressureOf(cause, a, b)) : totalText(cause, one, field),
  );
  return [
    {
      measure: one.measure,
      delta,
      sentence: `${one.label} ${changed(one)}: ${said.join('; ')}.`,
      causes: causes.map((cause) => ({
        comm: cause.group.comm,
        ...(cause.group.container !== undefined && { container: cause.group.container }),
        ...(cause.place !== undefined && { place: cause.place }),
        count: cause.group.count,
        delta: cause.delta[field],
        use: { ...cause.delta },
      })),
    },
  ];
}

function changed({ ratio, delta = 0, unit }: MeasureDelta): string {
  const difference = signed(delta, inUnit(unit));
  if (ratio === undefined) return difference;
  return `${difference} (${signedShare(ratio - 1)})`;
}

function wallText(cause: Cause, pressure: PressureDelta): string {
  const { delta, group } = cause;
  const { lifeSeconds } = delta;
  const seconds = inUnit('s')(Math.abs(lifeSeconds));
  if (group.count.a === 0) return `${nameOf(cause)}, which is new, took ${seconds}`;
  if (group.count.b === 0) return `${nameOf(cause)}, which is gone, had taken ${seconds}`;
  const comparison = lifeSeconds > 0 ? 'longer' : 'less';
  return `${nameOf(cause)} took ${seconds} ${comparison}, ${waitsText(delta, pressure)}`;
}

function totalText(cause: Cause, { measure, unit }: MeasureDelta, field: keyof ProcessUse): string {
  const value = cause.delta[field];
  const { a, b } = cause.group.count;
  const verb = VERBS[measure] ?? 'used';
  const amount = inUnit(unit)(Math.abs(value));
  if (a === 0) return `${nameOf(cause)}, which is new, ${verb} ${amount}`;
  if (b === 0) return `${nameOf(cause)}, which is gone, had ${PARTICIPLES[verb] ?? verb} ${amount}`;
  return `${nameOf(cause)} ${verb} ${amount} ${value > 0 ? 'more' : 'less'}`;
}

/** `the 2nd of 3 sort in container main` */
function nameOf({ group, place }: Cause): string {
  const { a, b } = group.count;
  const where = group.container === undefined ? '' : ` in container \`${group.container}\``;
  const name = `\`${group.comm}\``;
  if (place !== undefined) return `the ${ordinal(place)} of ${Math.round(b)} ${name}${where}`;
  const [before, now] = [Math.round(a), Math.round(b)];
  if (before === now) return now === 1 ? `${name}${where}` : `the ${number(now)} ${name}${where}`;
  if (a === 0 || b === 0) return `${name}${where}`;
  return `${name}${where} (${number(before)} processes, now ${number(now)})`;
}

function number(value: number): string {
  return inUnit('1')(value);
}

function ordinal(place: number): string {
  const ending = { one: 'st', two: 'nd', few: 'rd', other: 'th', zero: 'th', many: 'th' };
  return `${place}${ending[new Intl.PluralRules('en', { type: 'ordinal' }).select(place)]}`;
}

const PRESSURES = [
  'throttledSeconds',
  'psiCpuSeconds',
  'psiMemorySeconds',
  'psiIoSeconds',
] as const satisfies readonly MeasureName[];

/** Of the process's container; of the whole run where there is none or nothing was read of it. */
function pressureOf({ group }: Cause, a: readonly ComparedRun[], b: readonly ComparedRun[]): PressureDelta {
  const meanOf = (runs: readonly ComparedRun[], name: (typeof PRESSURES)[number]): number =>
    runs.reduce((sum, one) => {
      const container = one.containers.find(({ name: own }) => own === group.container);
      return sum + (container?.[name] ?? one.run.measures[name] ?? 0);
    }, 0) / runs.length;
  return Object.fromEntries(PRESSURES.map((name) => [name, meanOf(b, name) - meanOf(a, name)])) as Record<
    (typeof PRESSURES)[number],
    number
  >;
}
