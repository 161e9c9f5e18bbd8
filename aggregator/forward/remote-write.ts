/**
 * Prometheus remote-write, 2.0 and 1.0: one request is a protobuf message, compressed with snappy.
 *
 *     2.0  Request       symbols = 4 (string*), timeseries = 5 (TimeSeries*)
 *          TimeSeries    labels_refs = 1 (packed places in symbols: name, value, …), samples = 2, metadata = 5
 *          Metadata      type = 1 (1 counter, 2 gauge), help_ref = 3, unit_ref = 4
 *     1.0  WriteRequest  timeseries = 1 (TimeSeries*)
 *          TimeSeries    labels = 1 (Label*), samples = 2; Label: name = 1, value = 2
 *     both Sample        value = 1 (double), timestamp = 2 (ms since the Unix epoch)
 *
 * Symbol 0 is the empty string, and labels are sorted by name, as the specification asks for.
 */
import { PbfWriter } from 'pbf';
import { compress } from 'snappyjs';
import type { PrometheusSeries } from '../live/prometheus-series.ts';

export type RemoteWriteVersion = '2.0' | '1.0';

export const remoteWriteHeaders = {
  '2.0': {
    'content-type': 'application/x-protobuf;proto=io.prometheus.write.v2.Request',
    'content-encoding': 'snappy',
    'x-prometheus-remote-write-version': '2.0.0',
  },
  '1.0': {
    'content-type': 'application/x-protobuf',
    'content-encoding': 'snappy',
    'x-prometheus-remote-write-version': '0.1.0',
  },
} as const satisfies Record<RemoteWriteVersion, Record<string, string>>;

const TYPES = { counter: 1, gauge: 2 } as const;

/** The body of one request: all series at one moment, ms since the Unix epoch. */
export function encodeRemoteWrite(
  series: readonly PrometheusSeries[],
  atMs: number,
  version: RemoteWriteVersion,
): Uint8Array {
  const writer = new PbfWriter();
  if (version === '2.0') writeRequest2(writer, series, atMs);
  else for (const one of series) writer.writeMessage(1, (_, pbf) => writeSeries1(pbf, one, atMs), one);
  return compress(writer.finish());
}

class Symbols {
  readonly places = new Map<string, number>([['', 0]]);

  placeOf(text: string): number {
    const known = this.places.get(text);
    if (known !== undefined) return known;
    this.places.set(text, this.places.size);
    return this.places.size - 1;
  }
}

function writeRequest2(writer: PbfWriter, series: readonly PrometheusSeries[], atMs: number): void {
  const symbols = new Symbols();
  const references = series.map((one) => ({
    labels: labelsOf(one).flatMap((pair) => pair.map((text) => symbols.placeOf(text))),
    help: symbols.placeOf(one.help),
    unit: symbols.placeOf(one.unit),
    type: TYPES[one.type],
    value: one.value,
  }));
  for (const text of symbols.places.keys()) writer.writeStringField(4, text);
  for (const reference of references) {
    writer.writeMessage(
      5,
      ({ labels, value, ...metadata }, pbf) => {
        pbf.writePackedVarint(1, labels);
        writeSample(pbf, value, atMs);
        pbf.writeMessage(5, writeMetadata, metadata);
      },
      reference,
    );
  }
}

function writeMetadata(
  { type, help, unit }: { readonly type: number; readonly help: number; readonly unit: number },
  pbf: PbfWriter,
): void {
  pbf.writeVarintField(1, type);
  pbf.writeVarintField(3, help);
  pbf.writeVarintField(4, unit);
}

function writeSeries1(pbf: PbfWriter, series: PrometheusSeries, atMs: number): void {
  for (const label of labelsOf(series)) {
    pbf.writeMessage(
      1,
      ([name, value], inner) => {
        inner.writeStringField(1, name);
        inner.writeStringField(2, value);
      },
      label,
    );
  }
  writeSample(pbf, series.value, atMs);
}

function writeSample(pbf: PbfWriter, value: number, atMs: number): void {
  pbf.writeMessage(
    2,
    (sample, inner) => {
      inner.writeDoubleField(1, sample);
      inner.writeVarintField(2, atMs);
    },
    value,
  );
}

/** `__name__` sorts before every other label that there is. */
function labelsOf({ name, labels }: PrometheusSeries): (readonly [name: string, value: string])[] {
  return [['__name__', name], ...labels];
}
