/** Colours that stand beside each other or mean opposites are told apart by every kind of colour vision. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { distance, visions } from './colour-vision.ts';

/** Custom properties of the page by colour scheme. */
function palettes(): Record<'light' | 'dark', Map<string, string>> {
  const css = ['base', 'charts', 'compare']
    .map((name) =>
      readFileSync(new URL(`../../../../aggregator/page/style/${name}.css`, import.meta.url), 'utf8'),
    )
    .join('\n');
  const dark = [...css.matchAll(/prefers-color-scheme: dark\) \{\s*:root \{([^}]*)\}/g)].map(
    ([, body]) => body,
  );
  const light = [...css.matchAll(/^:root \{([^}]*)\}/gm)].map(([, body]) => body);
  const read = (bodies: readonly (string | undefined)[]) =>
    [...bodies.join('').matchAll(/--([\w-]+): (#[0-9a-f]{6})/g)].map(
      ([, name = '', value = '']) => [name, value] as const,
    );
  return { light: new Map(read(light)), dark: new Map([...read(light), ...read(dark)]) };
}

/** Neighbours in a stack; a stack ends with what has no colour of its own. */
const NEIGHBOURS = [
  ...[1, 2, 3, 4, 5, 6, 7].map((i) => [`series-${i}`, `series-${i + 1}`] as const),
  ['series-8', 'others'],
  ['others', 'short-lived'],
] as const;
/** The lines of two runs, a change for the better and for the worse, and the lines across a chart. */
const OPPOSITES = [
  ['series-1', 'series-3'],
  ['better', 'worse'],
  ['cut', 'gap'],
] as const;
const LEAST = 10;

test('the distances are those that are published', () => {
  const normal = visions.normal ?? assert.fail();
  assert.ok(Math.abs(distance('#000000', '#ffffff', normal) - 100) < 0.01);
  assert.ok(Math.abs(distance('#ff0000', '#00ff00', normal) - 170.6) < 0.2, 'red and green of sRGB');
  const red = distance('#d00000', '#607000', visions.protanopia ?? assert.fail());
  assert.ok(
    red < distance('#d00000', '#607000', normal) / 2,
    'red and green come near each other without red cones',
  );
});

for (const [scheme, colours] of Object.entries(palettes())) {
  for (const [vision, matrix] of Object.entries(visions)) {
    test(`in ${scheme}, colours that must be told apart are, to eyes of ${vision}`, () => {
      const near = [...NEIGHBOURS, ...OPPOSITES].flatMap(([one, two]) => {
        const [a, b] = [colours.get(one) ?? assert.fail(one), colours.get(two) ?? assert.fail(two)];
        const apart = distance(a, b, matrix);
        return apart < LEAST ? [`${one} ${two}: ${apart.toFixed(1)}`] : [];
      });
      assert.deepEqual(near, []);
    });
  }
}
