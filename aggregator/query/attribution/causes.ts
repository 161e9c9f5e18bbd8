/** Which processes a change comes from. */
import { type ProcessUse, withinMember } from './run-tree.ts';
import { acrossMembers, type GroupDelta } from './tree-delta.ts';

export interface Cause {
  readonly group: GroupDelta;
  /** Place in the order of starts, from 1, where one process of several is to blame; undefined: the group as a whole. */
  readonly place: number | undefined;
  /** What changed of the process or the group. */
  readonly delta: ProcessUse;
  /** Of how many members the same process changed alike. */
  readonly members: number;
}

/** A process explains a change where it changed by at least this share of it. */
const EXPLAINS = 0.5;
/** What is named beside others. */
const CONTRIBUTES = 0.2;
const MOST_CAUSES = 3;
/** One process of a group is named alone where it makes up this share of what the group changed by. */
const ALONE = 0.8;
/** Of what each of several members would have changed by, had all changed alike. */
const FAIR_SHARE = 0.5;

/**
 * Why the run took `delta` seconds longer (or shorter): from the first processes down to the ones whose lives changed by
 * most of it and whose children's did not. Of several that changed alike (a pipeline) it is the one that
 * was itself busy or held up, not those that waited for it.
 */
export function wallCauses(groups: readonly GroupDelta[], delta: number): Cause[] {
  const children = Map.groupBy(groups, ({ parentPath }) => parentPath);
  const paths = new Set(groups.map(({ path }) => path));
  const orphans = groups.filter(({ parentPath }) => parentPath !== '' && !paths.has(parentPath));
  let level = [...(children.get('') ?? []), ...orphans];
  let found: GroupDelta | undefined;
  for (;;) {
    const next = likeliest(level, children, delta);
    if (next === undefined) break;
    found = next;
    level = children.get(next.path) ?? [];
  }
  const read = (use: ProcessUse): number => use.lifeSeconds;
  const several = contributors(level, delta, read);
  if (several.length > 1) return several;
  if (found === undefined) return several;
  const name = withinMember(found.path);
  const alike = groups.filter(
    (group) => withinMember(group.path) === name && read(group.delta) / delta >= EXPLAINS,
  );
  return [{ ...causeOf(found, read), members: alike.length }];
}

function likeliest(
  level: readonly GroupDelta[],
  children: ReadonlyMap<string, readonly GroupDelta[]>,
  delta: number,
): GroupDelta | undefined {
  const share = (seconds: number): number => Math.min(1, Math.round((10 * seconds) / delta) / 10);
  return level
    .filter((group) => group.delta.lifeSeconds / delta >= EXPLAINS)
    .map((group) => ({
      group,
      active: share(activeSeconds(group, children)),
      life: share(group.delta.lifeSeconds),
    }))
    .sort((a, b) => b.active - a.active || b.life - a.life || a.group.endSeconds - b.group.endSeconds)[0]
    ?.group;
}

/** By how much it and all below it were longer busy, or held up by what is no process of the run. */
function activeSeconds(group: GroupDelta, children: ReadonlyMap<string, readonly GroupDelta[]>): number {
  const { cpuSeconds, diskSeconds, queueSeconds, timerSeconds, networkSeconds } = group.delta;
  const own = cpuSeconds + diskSeconds + queueSeconds + timerSeconds + networkSeconds;
  return (children.get(group.path) ?? []).reduce((sum, child) => sum + activeSeconds(child, children), own);
}

/**
 * Of a total that all processes add to (CPU time, bytes), those that changed most, the largest first. What many members
 * add a little to each is told of all of them together, and else of the one that did it.
 */
export function totalCauses(groups: readonly GroupDelta[], delta: number, field: keyof ProcessUse): Cause[] {
  const read = (use: ProcessUse): number => use[field];
  const alike = Map.groupBy(groups, ({ path }) => withinMember(path));
  const merged = [...alike.values()].map((ofMembers) =>
    ofMembers.length === 1 ? (ofMembers[0] as GroupDelta) : acrossMembers(ofMembers),
  );
  return contributors(merged, delta, read).map((cause) => {
    const whole = read(cause.delta);
    const ofMembers = alike.get(withinMember(cause.group.path)) ?? [];
    const alone = ofMembers.find((group) => read(group.delta) / whole >= ALONE);
    if (alone !== undefined) return causeOf(alone, read);
    const share = FAIR_SHARE / ofMembers.length;
    return { ...cause, members: ofMembers.filter((group) => read(group.delta) / whole >= share).length };
  });
}

function contributors(
  groups: readonly GroupDelta[],
  delta: number,
  read: (use: ProcessUse) => number,
): Cause[] {
  const inOrder = groups
    .map((group) => causeOf(group, read))
    .filter((cause) => read(cause.delta) / delta >= CONTRIBUTES)
    .sort((a, b) => read(b.delta) / delta - read(a.delta) / delta);
  const [first] = inOrder;
  if (first === undefined) return [];
  return read(first.delta) / delta >= ALONE ? [first] : inOrder.slice(0, MOST_CAUSES);
}

function causeOf(group: GroupDelta, read: (use: ProcessUse) => number): Cause {
  const whole = read(group.delta);
  const changes = group.processes.map(read);
  const place = changes.findIndex((change) => change / whole >= ALONE);
  const one = group.processes[place];
  const isOneOfSeveral = changes.length > 1 && one !== undefined && group.count.a === group.count.b;
  return isOneOfSeveral
    ? { group, place: place + 1, delta: one, members: 1 }
    : { group, place: undefined, delta: group.delta, members: 1 };
}
