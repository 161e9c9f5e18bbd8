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
  return [...familyHead(first), ...series.map((one) => `${seriesName(one)} ${one.value}`)];
}

/** What stands once before the samples of a family. */
export function familyHead({ family, type, unit, help }: Omit<PrometheusSeries, 'value'>): string[] {
  return [
    `# TYPE ${family} ${type}`,
    ...(unit === '' ? [] : [`# UNIT ${family} ${unit}`]),
    `# HELP ${family} ${escaped(help)}`,
  ];
}

/** With its labels, as it stands before a value. */
export function seriesName({ name, labels }: Pick<PrometheusSeries, 'name' | 'labels'>): string {
  return `${name}{${labels.map(labelText).join()}}`;
}

function labelText([name, value]: readonly [string, string]): string {
  return `${name}="${escaped(value)}"`;
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');
}
