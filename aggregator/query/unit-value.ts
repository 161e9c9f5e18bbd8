/**
 * A stored integer in the unit that people read. A scale below one is applied as a division, so that 57 ticks of
 * 10 ms are 0.57 s and not 0.5700000000000001 s.
 */
export function unitValue(stored: number, { scale }: { readonly scale: number }): number {
  return scale < 1 ? stored / Math.round(1 / scale) : stored * scale;
}

/** To eight significant digits or more: a number of all its 17 takes three times as long to write as JSON, and twice the room. */
export function rounded(value: number): number {
  const factor = roundingFactor(Math.abs(value));
  return factor === undefined ? value : Math.round(value * factor) / factor;
}

function roundingFactor(size: number): number | undefined {
  if (size >= 1e6) return size >= 1e9 ? 1 : 1e1;
  if (size >= 1) return size >= 1e3 ? 1e4 : 1e7;
  return size >= 1e-3 ? 1e10 : undefined;
}
