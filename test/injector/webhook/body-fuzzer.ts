/** Bodies that are nearly reviews. The same seed gives the same bodies. */

type Random = () => number;

/** Uniform in [0, 1): xorshift32. `seed`: not 0. */
function random(seed: number): Random {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

const STRANGE: readonly unknown[] = [
  null,
  true,
  -1,
  1e308,
  '',
  '\u0000\uffff',
  'x'.repeat(300),
  [],
  {},
  [[]],
  [null],
  { name: 5 },
  { __proto__: { polluted: true } },
  'CREATE',
  'true',
];

/** Each call gives the next one. */
export function bodyFuzzer(samples: readonly string[], seed: number): () => Buffer {
  const next = random(seed);
  const pick = <T>(values: readonly T[]): T => values[Math.floor(next() * values.length)] as T;
  const kinds = [
    (text: string) => JSON.stringify(withStrangeValue(JSON.parse(text), pick, next)),
    (text: string) => JSON.stringify(withStrangeValue(JSON.parse(text), pick, next)),
    (text: string) => text.slice(0, Math.floor(next() * text.length)),
    (text: string) => `${'['.repeat(Math.floor(next() * 2000))}${text}`,
    (text: string) => withFlippedBytes(text, next),
  ];
  return () => Buffer.from(pick(kinds)(pick(samples)));
}

/** Some field, anywhere in it, is another value, or is gone. */
function withStrangeValue(review: unknown, pick: <T>(values: readonly T[]) => T, next: Random): unknown {
  const places: [Record<string, unknown>, string][] = [];
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const key of Object.keys(value)) {
      places.push([value as Record<string, unknown>, key]);
      walk((value as Record<string, unknown>)[key]);
    }
  };
  walk(review);
  const [holder, key] = pick(places);
  if (next() < 0.2) delete holder[key];
  else holder[key] = pick(STRANGE);
  return review;
}

function withFlippedBytes(text: string, next: Random): string {
  const bytes = Buffer.from(text);
  for (let flips = 1 + Math.floor(next() * 4); flips > 0; flips--) {
    bytes[Math.floor(next() * bytes.length)] = Math.floor(next() * 256);
  }
  return bytes.toString('latin1');
}
