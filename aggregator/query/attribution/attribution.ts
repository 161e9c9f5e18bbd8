/** The change between two sides, explained down the tree of processes, as sentences with the figures behind them. */
import type { Attribution, MeasureDelta } from '../../../protocol/comparison.ts';
import type { ComparedRun, Side } from '../side.ts';
import { inUnit, ordinal, signed, signedShare } from '../wording.ts';
import { type Cause, totalCauses, wallCauses } from './causes.ts';
import { MatchedMembers } from './matched-members.ts';
import { type ProcessUse, runTree, withinMember } from './run-tree.ts';
import { type GroupDelta, type RunTree, treeDelta } from './tree-delta.ts';
import { waitsText } from './waits.ts';

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
  a: AttributedSide,
  b: AttributedSide,
  effect: number,
): Attribution[] {
  const members = new MatchedMembers(a.runs, b.runs);
  const treeOf = ({ run, processes }: ComparedRun): RunTree =>
    runTree(processes, run.measures.wallSeconds ?? 0, members.keysOf(run));
  const groups = treeDelta(a.runs.map(treeOf), b.runs.map(treeOf));
  const typical = { a: treeOf(a.typical), b: treeOf(b.typical) };
  return measures
    .filter((one) => FIELDS[one.measure] !== undefined && isWorthExplaining(one, effect))
    .flatMap((one) => attribution(one, groups, members, typical));
}

type AttributedSide = Pick<Side, 'runs' | 'typical'>;

/** Of the runs that stand for their sides. */
interface TypicalTrees {
  readonly a: RunTree;
  readonly b: RunTree;
}

function isWorthExplaining({ verdict, a = 0, delta = 0 }: MeasureDelta, effect: number): boolean {
  if (verdict === 'more' || verdict === 'less') return true;
  const isOpen = verdict === 'unknown' || verdict === 'tooFew';
  return isOpen && delta !== 0 && Math.abs(delta) >= effect * a;
}

function attribution(
  one: MeasureDelta,
  groups: readonly GroupDelta[],
  members: MatchedMembers,
  typical: TypicalTrees,
): Attribution[] {
  const field = FIELDS[one.measure] ?? 'lifeSeconds';
  const delta = one.delta ?? 0;
  const isWall = one.measure === 'wallSeconds';
  const causes = isWall ? wallCauses(groups, delta) : totalCauses(groups, delta, field);
  if (causes.length === 0) return [];
  const said = causes.map((cause) =>
    isWall ? wallText(cause, members) : totalText(cause, one, field, members),
  );
  return [
    {
      measure: one.measure,
      delta,
      sentence: `${one.label} ${changed(one)}: ${said.join('; ')}.`,
      causes: causes.map((cause) => ({
        comm: cause.group.comm,
        ...(cause.group.container !== undefined && { container: cause.group.container }),
        ...memberOf(cause, members),
        ...(cause.place !== undefined && { place: cause.place }),
        count: cause.group.count,
        delta: cause.delta[field],
        use: { ...cause.delta },
        processes: { a: keysOf(cause, typical.a), b: keysOf(cause, typical.b) },
      })),
    },
  ];
}

function keysOf({ group, place }: Cause, tree: RunTree): string[] {
  if (group.member !== undefined) {
    const keys = tree.get(group.path)?.keys ?? [];
    return place === undefined ? [...keys] : keys.slice(place - 1, place);
  }
  const name = withinMember(group.path);
  return [...tree.values()].flatMap(({ path, keys }) => (withinMember(path) === name ? [...keys] : []));
}

function changed({ ratio, delta = 0, unit }: MeasureDelta): string {
  const difference = signed(delta, inUnit(unit));
  if (ratio === undefined) return difference;
  return `${difference} (${signedShare(ratio - 1)})`;
}

function memberOf({ group }: Cause, members: MatchedMembers): Pick<Attribution['causes'][number], 'member'> {
  const member = group.member === undefined ? undefined : members.nameOf(group.member);
  return member === undefined ? {} : { member };
}

function wallText(cause: Cause, members: MatchedMembers): string {
  const { delta, group } = cause;
  const { lifeSeconds } = delta;
  const seconds = inUnit('s')(Math.abs(lifeSeconds));
  const name = nameOf(cause, members);
  const others = cause.members > 1 ? `; so in ${members.countText(cause.members)}` : '';
  if (group.count.a === 0) return `${name}, which is new, took ${seconds}${others}`;
  if (group.count.b === 0) return `${name}, which is gone, had taken ${seconds}${others}`;
  const comparison = lifeSeconds > 0 ? 'longer' : 'less';
  return `${name} took ${seconds} ${comparison}, ${waitsText(delta, members.pressureOf(group))}${others}`;
}

function totalText(
  cause: Cause,
  { measure, unit }: MeasureDelta,
  field: keyof ProcessUse,
  members: MatchedMembers,
): string {
  const value = cause.delta[field];
  const { a, b } = cause.group.count;
  const verb = VERBS[measure] ?? 'used';
  const amount = inUnit(unit)(Math.abs(value));
  const name = nameOf(cause, members);
  const where = cause.group.member === undefined ? ` in ${members.countText(cause.members)} together` : '';
  if (a === 0) return `${name}, which is new, ${verb} ${amount}${where}`;
  if (b === 0) return `${name}, which is gone, had ${PARTICIPLES[verb] ?? verb} ${amount}${where}`;
  return `${name} ${verb} ${amount} ${value > 0 ? 'more' : 'less'}${where}`;
}

/** `the 2nd of 3 sort in container main of pod train-0` */
function nameOf({ group, place }: Cause, members: MatchedMembers): string {
  const { a, b } = group.count;
  const container = group.container === undefined ? '' : ` in container \`${group.container}\``;
  const where = `${container}${group.member === undefined ? '' : members.phraseOf(group.member)}`;
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
