/** The p of each of several tests, raised for there being several. */

/** So that the chance of a single false alarm among all tests stays below the level that they are held to (Holm 1979). May exceed 1. */
export function holm(ps: readonly number[]): number[] {
  const adjusted = [...ps];
  let greatest = 0;
  inOrder(ps).forEach((test, rank) => {
    greatest = Math.max(greatest, (ps[test] as number) * (ps.length - rank));
    adjusted[test] = greatest;
  });
  return adjusted;
}

/**
 * So that, of the differences named, the share that is none stays below the level (Benjamini and Hochberg 1995). Where there is
 * no difference at all, that is the chance of naming any.
 */
export function benjaminiHochberg(ps: readonly number[]): number[] {
  const adjusted = new Array<number>(ps.length).fill(1);
  let least = 1;
  inOrder(ps)
    .toReversed()
    .forEach((test, fromLast) => {
      const rank = ps.length - fromLast;
      least = Math.min(least, ((ps[test] as number) * ps.length) / rank);
      adjusted[test] = least;
    });
  return adjusted;
}

/** The places of the tests, that with the least p first. */
function inOrder(ps: readonly number[]): number[] {
  return [...ps.keys()].sort((i, j) => (ps[i] as number) - (ps[j] as number));
}
