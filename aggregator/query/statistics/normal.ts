/**
 * The share of a standard normal distribution above `z`, by the complementary error function's continued fraction and
 * series (Abramowitz and Stegun 7.1.5 and 7.1.14); good to 10 digits.
 */
export function normalTail(z: number): number {
  if (z < 0) return 1 - normalTail(-z);
  return z < 3 ? 0.5 - bodyShare(z) : tailShare(z);
}

function density(z: number): number {
  return Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
}

/** Between 0 and z. */
function bodyShare(z: number): number {
  let term = z;
  let sum = z;
  for (let k = 1; Math.abs(term) > 1e-16 * sum; k++) {
    term *= (z * z) / (2 * k + 1);
    sum += term;
  }
  return density(z) * sum;
}

const FRACTION_TERMS = 60;

function tailShare(z: number): number {
  let fraction = z;
  for (let k = FRACTION_TERMS; k > 0; k--) fraction = z + k / fraction;
  return density(z) / fraction;
}
