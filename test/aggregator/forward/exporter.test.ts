import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PbfReader } from 'pbf';
import { uncompress } from 'snappyjs';
import { otlpExporter, remoteWriteExporter } from '../../../aggregator/forward/exporter.ts';
import type { Moment } from '../../../aggregator/forward/moment.ts';
import { point, receiver } from './receiver.ts';

const AT_MS = 1_800_000_000_123;
const moment: Moment = {
  atMs: AT_MS,
  startMs: AT_MS - 60_000,
  points: [
    point('utimeTicks', 1.5, { 'podometer.run': 'train@1', 'process.executable.name': 'python' }),
    point('rssBytes', 4096, { 'podometer.run': 'train@1', 'process.executable.name': 'python' }),
  ],
};
const timeoutMs = 5000;
const confirmed = { 'x-prometheus-remote-write-samples-written': '2' };

/** A message as [tag, value] pairs; what is bytes stays bytes. */
function fields(bytes: Uint8Array): [number, Uint8Array | number][] {
  const list: [number, Uint8Array | number][] = [];
  const reader = new PbfReader(bytes);
  reader.readFields((tag, _, pbf) => {
    if (pbf.type === 2) list.push([tag, pbf.readBytes()]);
    else list.push([tag, pbf.type === 1 ? pbf.readDouble() : pbf.readVarint()]);
  }, undefined);
  return list;
}

const text = (value: Uint8Array | number | undefined) => Buffer.from(value as Uint8Array).toString();
const inner = (value: Uint8Array | number | undefined) => fields(value as Uint8Array);

test('remote-write 2.0 sends symbols, samples and what the figures mean', async (t) => {
  const { url, received } = await receiver(t, [{ status: 204, headers: confirmed }]);
  assert.deepEqual(await remoteWriteExporter({ url, timeoutMs })(moment), { kind: 'sent' });
  const [{ headers, body } = { headers: {}, body: Buffer.alloc(0) }, ...others] = received;
  assert.deepEqual(others, []);
  assert.equal(headers['content-type'], 'application/x-protobuf;proto=io.prometheus.write.v2.Request');
  assert.equal(headers['x-prometheus-remote-write-version'], '2.0.0');
  const message = fields(uncompress(body));
  const symbols = message.filter(([tag]) => tag === 4).map(([, value]) => text(value));
  assert.equal(symbols[0], '');
  const series = message.filter(([tag]) => tag === 5).map(([, value]) => inner(value));
  const [references, sample, metadata] = series[0]?.map(([, value]) => value) ?? [];
  const labels: string[] = [];
  const packed = new PbfReader(references as Uint8Array);
  while (packed.pos < packed.length) labels.push(symbols[packed.readVarint()] ?? 'missing');
  assert.deepEqual(labels, [
    ...['__name__', 'process_cpu_time_seconds_total', 'cpu_mode', 'user'],
    ...['podometer_run', 'train@1', 'process_executable_name', 'python'],
  ]);
  assert.deepEqual(inner(sample), [
    [1, 1.5],
    [2, AT_MS],
  ]);
  const [type, help, unit] = inner(metadata).map(([, value]) => Number(value));
  assert.deepEqual([type, symbols[unit ?? 0]], [1, 'seconds']);
  assert.match(symbols[help ?? 0] ?? '', /CPU time in user mode/);
});

for (const [what, answer] of [
  ['refuses 2.0', { status: 415 }],
  ['takes 2.0 for an empty message', { status: 204 }],
] as const) {
  test(`a receiver that ${what} gets the same in 1.0, and from then on 1.0 alone`, async (t) => {
    const { url, received } = await receiver(t, [answer, { status: 204 }]);
    const send = remoteWriteExporter({ url, timeoutMs });
    assert.deepEqual([await send(moment), await send(moment)], [{ kind: 'sent' }, { kind: 'sent' }]);
    const versions = received.map(({ headers }) => headers['x-prometheus-remote-write-version']);
    assert.deepEqual(versions, ['2.0.0', '0.1.0', '0.1.0']);
    const [series] = fields(uncompress(received[1]?.body ?? Buffer.alloc(0)));
    const labels = inner(series?.[1]).filter(([tag]) => tag === 1);
    assert.deepEqual(labels.map(([, label]) => inner(label).map(([, value]) => text(value)))[0], [
      '__name__',
      'process_cpu_time_seconds_total',
    ]);
  });
}

test('a receiver that is away or busy gets it later, one that refuses does not', async (t) => {
  const verdict = async (status: number) => {
    const { url } = await receiver(t, [{ status, headers: confirmed }]);
    return (await remoteWriteExporter({ url, timeoutMs })(moment)).kind;
  };
  assert.deepEqual(await Promise.all([503, 429, 400, 404].map(verdict)), [
    'later',
    'later',
    'refused',
    'refused',
  ]);
  const url = new URL('http://127.0.0.1:1/');
  assert.equal((await remoteWriteExporter({ url, timeoutMs })(moment)).kind, 'later');
});

test('OTLP sends sums and gauges by their own names, grouped by run', async (t) => {
  const { url, received } = await receiver(t, [{ status: 200 }]);
  const headers = { authorization: 'Bearer x' };
  assert.deepEqual(await otlpExporter({ url, timeoutMs, headers })(moment), { kind: 'sent' });
  const [request] = received;
  assert.equal(request?.headers.authorization, 'Bearer x');
  const { resourceMetrics } = JSON.parse(String(request?.body));
  const [{ resource, scopeMetrics }] = resourceMetrics;
  assert.deepEqual(resource.attributes, [{ key: 'podometer.run', value: { stringValue: 'train@1' } }]);
  const [cpu, memory] = scopeMetrics[0].metrics;
  assert.deepEqual(
    [cpu.name, cpu.unit, cpu.sum.isMonotonic, cpu.sum.aggregationTemporality],
    ['process.cpu.time', 's', true, 2],
  );
  const [dataPoint] = cpu.sum.dataPoints;
  assert.equal(dataPoint.timeUnixNano, `${AT_MS}000000`);
  assert.equal(dataPoint.startTimeUnixNano, `${AT_MS - 60_000}000000`);
  assert.deepEqual(
    dataPoint.attributes.map(({ key }: { key: string }) => key),
    ['process.executable.name', 'cpu.mode'],
  );
  assert.deepEqual([memory.name, memory.gauge.dataPoints[0].asDouble], ['process.memory.usage', 4096]);
});
