/**
 * The p of each of several tests, raised so that the chance of a single false alarm among all of them stays below the
 * level they are held to (Holm 1979). `share`: the part of the level that this family of tests has for itself.
 */
export function holm(ps: readonly number[], share = 1): number[] {
  const order = [...ps.keys()].sort((i, j) => (ps[i] as number) - (ps[j] as number));
  const adjusted = new Array<number>(ps.length).fill(1);
  let greatest = 0;
  order.forEach((test, rank) => {
    greatest = Math.max(greatest, (ps[test] as number) * ((ps.length - rank) / share));
    adjusted[test] = Math.min(1, greatest);
  });
  return adjusted;
}
