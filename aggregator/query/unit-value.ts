/**
 * A stored integer in the unit that people read. A scale below one is applied as a division, so that 57 ticks of
 * 10 ms are 0.57 s and not 0.5700000000000001 s.
 */
export function unitValue(stored: number, { scale }: { readonly scale: number }): number {
  return scale < 1 ? stored / Math.round(1 / scale) : stored * scale;
}
