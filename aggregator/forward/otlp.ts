/** OpenTelemetry's metrics as OTLP/HTTP takes them in JSON: the names are the conventions' own. */
import type { Column } from '../../protocol/metrics.ts';
import type { LivePoint } from '../live/live-point.ts';

/** Of the aggregation temporality: counters count from `startMs` on. */
const CUMULATIVE = 2;

/** What stands for the whole of a member; the rest are attributes of a point. */
const RESOURCE_ATTRIBUTES = new Set([
  'podometer.workload',
  'podometer.run',
  'k8s.namespace.name',
  'k8s.pod.name',
  'k8s.container.name',
  'host.name',
]);

/** An ExportMetricsServiceRequest. Times are ms since the Unix epoch. */
export function encodeOtlp(points: readonly LivePoint[], startMs: number, atMs: number): string {
  const byResource = Map.groupBy(points, ({ attributes }) =>
    JSON.stringify(Object.entries(attributes).filter(([name]) => RESOURCE_ATTRIBUTES.has(name))),
  );
  const resourceMetrics = [...byResource].map(([resource, own]) => ({
    resource: { attributes: keyValues(JSON.parse(resource)) },
    scopeMetrics: [{ scope: { name: 'podometer' }, metrics: metricsOf(own, startMs, atMs) }],
  }));
  return JSON.stringify({ resourceMetrics });
}

function metricsOf(points: readonly LivePoint[], startMs: number, atMs: number): unknown[] {
  const byName = Map.groupBy(points, ({ column }) => column.otel.name);
  return [...byName.values()].flatMap((own) => {
    const [first] = own;
    if (first === undefined) return [];
    const { column } = first;
    const dataPoints = own.map((point) => dataPoint(point, startMs, atMs));
    return [
      { name: column.otel.name, unit: column.unit, description: column.doc, ...kindOf(column, dataPoints) },
    ];
  });
}

function kindOf({ kind }: Column, dataPoints: readonly unknown[]): object {
  return kind === 'gauge'
    ? { gauge: { dataPoints } }
    : { sum: { aggregationTemporality: CUMULATIVE, isMonotonic: true, dataPoints } };
}

function dataPoint({ column, attributes, value }: LivePoint, startMs: number, atMs: number): unknown {
  const own = Object.entries(attributes).filter(([name]) => !RESOURCE_ATTRIBUTES.has(name));
  return {
    attributes: keyValues([...own, ...Object.entries(column.otel.attributes ?? {})]),
    ...(column.kind === 'counter' && { startTimeUnixNano: nanoseconds(startMs) }),
    timeUnixNano: nanoseconds(atMs),
    asDouble: value,
  };
}

function keyValues(pairs: readonly (readonly [string, string])[]): unknown[] {
  return pairs.map(([key, text]) => ({ key, value: { stringValue: text } }));
}

function nanoseconds(ms: number): string {
  return String(BigInt(Math.round(ms)) * 1_000_000n);
}
