/** Where the processes of a run lived, in words: its members (pods) and their containers. Everything here is pure. */
import type { ProcessView } from '../../../protocol/query.ts';

type Placed = Pick<ProcessView, 'member' | 'container'>;

/** The name of a place for a heading; undefined for all where there is but one. */
export function placeNames(processes: readonly Placed[]): (process: Placed) => string | undefined {
  const hasMembers = new Set(processes.map(({ member }) => member)).size > 1;
  const hasContainers = new Set(processes.map(({ container }) => container)).size > 1;
  return ({ member, container = 'no container' }) =>
    hasMembers || hasContainers
      ? [...(hasMembers ? [member] : []), ...(hasContainers ? [container] : [])].join(' · ')
      : undefined;
}

/** A name for each process by its key: with its member where there are several, with its container where it is not alone so. */
export function processLabels(processes: readonly ProcessView[]): Map<string, string> {
  const members = [...new Set(processes.map(({ member }) => member))];
  const shared = sharedStart(members);
  const labelled = processes.map((process) => {
    const { comm, pid, member, container, key } = process;
    const own = member.length > shared.length ? `…${member.slice(shared.length)}` : member;
    const where = members.length > 1 ? ` · ${shared === '' ? member : own}` : '';
    return { key, container, label: `${comm} ${pid}${where}` };
  });
  const counts = Map.groupBy(labelled, ({ label }) => label);
  return new Map(
    labelled.map(({ key, container, label }) => {
      const isAlone = counts.get(label)?.length === 1 || container === undefined;
      return [key, isAlone ? label : `${label} · ${container}`];
    }),
  );
}

/** What all names begin with, up to a hyphen; empty where there is one name. */
function sharedStart(names: readonly string[]): string {
  const [first = '', ...others] = names;
  if (others.length === 0) return '';
  const differs = [...first].findIndex((letter, i) => others.some((name) => name[i] !== letter));
  return first.slice(0, first.lastIndexOf('-', differs < 0 ? first.length : differs) + 1);
}
