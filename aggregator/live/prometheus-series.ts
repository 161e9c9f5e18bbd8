/** Live figures by the names that Prometheus gives to what OpenTelemetry sends it. */
import type { Column } from '../../protocol/metrics.ts';
import type { LivePoint } from './live-point.ts';

export interface PrometheusSeries {
  /** Of the family, without `_total`. */
  readonly family: string;
  /** As it is stored: a counter's has `_total`. */
  readonly name: string;
  readonly type: Column['kind'];
  /** `seconds`, `bytes` or none. */
  readonly unit: string;
  readonly help: string;
  /** Sorted by name, without the name of the series itself. */
  readonly labels: readonly (readonly [name: string, value: string])[];
  readonly value: number;
}

const UNITS = { s: 'seconds', By: 'bytes', '1': '' } as const;

export function prometheusSeries({ column, attributes, value }: LivePoint): PrometheusSeries {
  const unit = UNITS[column.unit];
  const family = `${underscored(column.otel.name)}${unit === '' ? '' : `_${unit}`}`;
  const all = Object.entries({ ...attributes, ...column.otel.attributes });
  return {
    family,
    name: column.kind === 'counter' ? `${family}_total` : family,
    type: column.kind,
    unit,
    help: column.doc,
    labels: all
      .map(([name, text]) => [underscored(name), text] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
    value,
  };
}

function underscored(name: string): string {
  return name.replaceAll(/[^a-zA-Z0-9_]/g, '_');
}
