/** Kubernetes quantities of CPU and memory. */

const FACTORS: Readonly<Record<string, number>> = {
  '': 1,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

/** `250m` is 0.25, `1Gi` is 2^30; undefined for what is no quantity. */
export function parseQuantity(text: string): number | undefined {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)([a-zA-Z]*)$/.exec(text.trim()) ?? [];
  const factor = FACTORS[unit];
  return number === undefined || factor === undefined ? undefined : Number(number) * factor;
}

const MILLICORES_STEP = 10;

/** Rounded up to 10m, at least that. */
export function cpuQuantity(cores: number): string {
  return `${Math.max(1, Math.ceil((cores * 1000) / MILLICORES_STEP - 1e-9)) * MILLICORES_STEP}m`;
}

/** Rounded up to whole MiB. */
export function memoryQuantity(bytes: number): string {
  return `${Math.max(1, Math.ceil(bytes / 2 ** 20 - 1e-9))}Mi`;
}
