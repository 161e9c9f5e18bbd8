/**
 * The two-sided p of Student's t, by the incomplete beta function's continued fraction (Abramowitz and Stegun 26.5.8 and
 * 26.7.1); good to 10 digits.
 */
export function studentP(t: number, freedom: number): number {
  return incompleteBeta(freedom / (freedom + t * t), freedom / 2, 0.5);
}

function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const logBeta = logGamma(a) + logGamma(b) - logGamma(a + b);
  const front = Math.exp(a * Math.log(x) + b * Math.log(1 - x) - logBeta) / a;
  return front / (1 + fraction(x, a, b));
}

const FRACTION_TERMS = 400;

/** d1 x / (1 + d2 x / (1 + …)), from its far end. */
function fraction(x: number, a: number, b: number): number {
  let value = 0;
  for (let k = FRACTION_TERMS; k > 0; k--) {
    const half = Math.floor(k / 2);
    const d =
      k % 2 === 0
        ? (half * (b - half)) / ((a + k - 1) * (a + k))
        : (-(a + half) * (a + b + half)) / ((a + k - 1) * (a + k));
    value = (d * x) / (1 + value);
  }
  return value;
}

/** Stirling's series after a shift to where it is exact. */
function logGamma(x: number): number {
  let shift = 0;
  let z = x;
  for (; z < 15; z++) shift -= Math.log(z);
  const inverse = 1 / (z * z);
  const series = (1 / 12 - inverse * (1 / 360 - inverse * (1 / 1260 - inverse / 1680))) / z;
  return shift + (z - 0.5) * Math.log(z) - z + Math.log(2 * Math.PI) / 2 + series;
}
