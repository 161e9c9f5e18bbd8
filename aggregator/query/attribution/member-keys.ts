/**
 * Which member of one run is which of another. A pod's place in its run is the order in which it arrived, which says
 * nothing; its name tells its rank (of an Indexed Job and a JobSet before the random ending, of a StatefulSet at the end).
 */

interface RunOfMembers {
  readonly members: readonly { readonly name: string }[];
}

/** What Kubernetes ends a generated name with: five of its 27 safe letters. */
const RANDOM_ENDING = /-[bcdfghjklmnpqrstvwxz2456789]{5}$/;

export interface MemberKeys {
  /** What tells a member of one run from the others. */
  readonly by: 'rank' | 'name' | 'place';
  /** For each run its members' keys, by their places: the same key is the same member. */
  readonly keys: readonly (readonly string[])[];
}

/** By rank where the names tell it, else by name where the runs share them, else by place. */
export function memberKeys(runs: readonly RunOfMembers[]): MemberKeys {
  const names = runs.map(({ members }) => members.map(({ name }) => name));
  const ranks = ranksOf(names).map(retriesApart);
  if (areShared(ranks)) return { by: 'rank', keys: ranks };
  const own = names.map(retriesApart);
  if (areShared(own)) return { by: 'name', keys: own };
  return { by: 'place', keys: names.map((all) => all.map((_, place) => String(place))) };
}

/** What is left of the names without their random endings and without what all names of a run begin with. */
function ranksOf(runs: readonly (readonly string[])[]): string[][] {
  const stable = runs.map((names) => names.map((name) => name.replace(RANDOM_ENDING, '').split('-')));
  const beginnings = stable.map(sharedParts);
  const longest = Math.max(
    0,
    ...stable.flatMap((names, run) => {
      const from = beginnings[run];
      return from === undefined ? [] : names.map(({ length }) => length - from);
    }),
  );
  // A single member shares its whole name with itself: its rank is as long as those of the others.
  return stable.map((names, run) =>
    names.map((parts) => parts.slice(beginnings[run] ?? parts.length - longest).join('-')),
  );
}

/** How many parts all names begin with; undefined where they are all the same. */
function sharedParts(names: readonly (readonly string[])[]): number | undefined {
  const [first = []] = names;
  const differs = first.findIndex((part, i) => names.some((parts) => parts[i] !== part));
  return differs < 0 ? undefined : differs;
}

/** A retry has the rank of the pod before it, and comes after it. */
function retriesApart(names: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return names.map((name) => {
    const earlier = seen.get(name) ?? 0;
    seen.set(name, earlier + 1);
    return earlier === 0 ? name : `${name} (${earlier + 1})`;
  });
}

/** Whether every member is called something, and the run with the most of them has all that the others have. */
function areShared(keys: readonly (readonly string[])[]): boolean {
  const most = new Set(keys.reduce((longest, one) => (one.length > longest.length ? one : longest), []));
  return keys.every((own) => own.every((key) => key !== '' && most.has(key)));
}
