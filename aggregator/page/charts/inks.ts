/** Colours of the style sheet for the canvas, which cannot read it by itself. */
const read = new Map<string, string>();

matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => read.clear());

/** The value of the custom property `--NAME` in the present colour scheme. */
export function colour(name: string): string {
  const known = read.get(name);
  if (known !== undefined) return known;
  const value = getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  read.set(name, value);
  return value;
}

/** Calls back whenever the colour scheme changes. */
export function onColourScheme(redraw: () => void, signal: AbortSignal): void {
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw, { signal });
}
