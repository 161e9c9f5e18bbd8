/** Of three tries the least: a machine that lets the sampler wait makes a bound wider, and says so in it. */
export async function leastOfThree(boundMs: () => Promise<number>): Promise<number> {
  return Math.min(await boundMs(), await boundMs(), await boundMs());
}
