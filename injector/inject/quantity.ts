/** Kubernetes quantities as numbers: cpu in millicores, everything else in its own unit (bytes, pieces). */
const SUFFIXES: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

const QUANTITY = /^[+-]?(\d+(?:\.\d*)?|\.\d+)(?:([numkMGTPE]|[KMGTPE]i)|[eE]([+-]?\d+))?$/;

/** The plain number that a quantity stands for, or undefined where the text is none. */
export function parseQuantity(text: string): number | undefined {
  const [, digits, suffix = '', exponent = '0'] = QUANTITY.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const size = Number(digits) * (SUFFIXES[suffix] ?? Number.NaN) * 10 ** Number(exponent);
  return text.startsWith('-') ? -size : size;
}

/** Rounded up, as the API server does; undefined where the text is no quantity. A manifest may hold a bare number. */
export function amountOf(resource: string, quantity: string | number | undefined): number | undefined {
  const size = quantity === undefined ? undefined : parseQuantity(String(quantity));
  // What is left of a product of decimal fractions must not count as one more.
  return size === undefined ? undefined : Math.ceil(size * (isCpu(resource) ? 1000 : 1) - 1e-6);
}

/** The shortest exact text of an amount. */
export function quantityText(resource: string, amount: number): string {
  if (isCpu(resource)) return amount % 1000 === 0 ? String(amount / 1000) : `${amount}m`;
  const unit =
    ['Gi', 'Mi', 'Ki'].find((suffix) => amount > 0 && amount % (SUFFIXES[suffix] ?? 1) === 0) ?? '';
  return `${amount / (SUFFIXES[unit] ?? 1)}${unit}`;
}

function isCpu(resource: string): boolean {
  return resource === 'cpu';
}
