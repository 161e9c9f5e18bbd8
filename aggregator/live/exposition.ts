/** Live figures as OpenMetrics text. */
import type { LivePoint } from './live-point.ts';
import { type PrometheusSeries, prometheusSeries } from './prometheus-series.ts';

/** Lines without an end of the text. */
export function expositionOf(points: readonly LivePoint[]): string[] {
  const families = Map.groupBy(points.map(prometheusSeries), ({ family }) => family);
  return [...families.values()].flatMap(familyLines);
}

function familyLines(series: readonly PrometheusSeries[]): string[] {
  const [first] = series;
  if (first === undefined) return [];
  const { family, type, unit, help } = first;
  return [
    `# TYPE ${family} ${type}`,
    ...(unit === '' ? [] : [`# UNIT ${family} ${unit}`]),
    `# HELP ${family} ${escaped(help)}`,
    ...series.map(({ name, labels, value }) => `${name}{${labels.map(labelText).join()}} ${value}`),
  ];
}

function labelText([name, value]: readonly [string, string]): string {
  return `${name}="${escaped(value)}"`;
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');
}
