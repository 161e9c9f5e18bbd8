/** Batches for tests, made by fast-check. */
import fc from 'fast-check';
import type { Batch, Block } from '../../../protocol/batch.ts';

const index = fc.nat({ max: 5000 });
const storageKinds = ['device', 'volume'] as const;
const time = fc.integer({ min: -1_000_000, max: 1e9 });

function blockOf(tickCount: number): fc.Arbitrary<Block> {
  return fc
    .record({
      subject: fc.constantFrom(
        'process' as const,
        'container' as const,
        'host' as const,
        ...storageKinds,
        'output' as const,
      ),
      index,
      columns: fc.uniqueArray(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 20 }),
      ticks: fc.subarray(
        Array.from({ length: tickCount }, (_, i) => i),
        { minLength: 1 },
      ),
    })
    .chain(({ columns, ticks, ...head }) =>
      fc
        .array(fc.array(fc.maxSafeInteger(), { minLength: ticks.length, maxLength: ticks.length }), {
          minLength: columns.length,
          maxLength: columns.length,
        })
        .map((values) => ({
          ...head,
          columns: columns.toSorted((a, b) => a - b),
          ticks,
          values: values.map((column) => Float64Array.from(column, (value) => value + 0)),
        })),
    );
}

const process = fc.record({
  index,
  pid: fc.integer({ min: 1, max: 4_194_304 }),
  parent: fc.option(index, { nil: undefined }),
  role: fc.constantFrom('target' as const, 'agent' as const),
  startMs: time,
  comm: fc.string({ unit: 'grapheme', maxLength: 15 }),
  args: fc.option(fc.string({ unit: 'grapheme' }), { nil: undefined }),
  container: fc.option(index, { nil: undefined }),
});

const storage = fc.record({
  kind: fc.constantFrom(...storageKinds),
  index,
  container: fc.option(index, { nil: undefined }),
  place: fc.string({ unit: 'grapheme' }),
  name: fc.option(fc.string({ unit: 'grapheme' }), { nil: undefined }),
});

const output = fc.record({
  index,
  name: fc.string({ unit: 'grapheme' }),
  decimals: fc.integer({ min: -300, max: 300 }),
});

const result = fc.record({
  name: fc.stringMatching(/^[a-z][a-z.]{0,20}$/),
  unit: fc.constantFrom('s' as const, 'By/s' as const, '1' as const),
  value: fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
  better: fc.constantFrom('higher' as const, 'neutral' as const),
  combine: fc.constantFrom('sum' as const, 'mean' as const),
});

const event = fc.record({
  atMs: time,
  kind: fc.constantFrom('gap' as const, 'exec' as const),
  message: fc.string({ maxLength: 50 }),
});

/** Any batch that an agent could send. */
export const anyBatch: fc.Arbitrary<Batch> = fc
  .uniqueArray(time, { maxLength: 30 })
  .map((ticks) => ticks.map((tick) => tick + 0).toSorted((a, b) => a - b))
  .chain((ticks) =>
    fc
      .record({
        agent: fc
          .uint8Array({ minLength: 16, maxLength: 16 })
          .map((bytes) => Buffer.from(bytes).toString('hex')),
        sequence: fc.nat(),
        run: fc.string({ minLength: 1 }),
        epochMs: fc.nat({ max: 2e12 }),
        containers: fc.array(fc.record({ index, name: fc.string() }), { maxLength: 4 }),
        processes: fc.array(process, { maxLength: 10 }),
        storage: fc.array(storage, { maxLength: 4 }),
        outputs: fc.array(output, { maxLength: 4 }),
        results: fc.array(result, { maxLength: 4 }),
        ticks: fc.constant(ticks),
        blocks: ticks.length === 0 ? fc.constant([]) : fc.array(blockOf(ticks.length), { maxLength: 6 }),
        ends: fc.array(
          fc.record({
            index,
            endMs: time,
            boundMs: fc.nat(),
            exitCode: fc.option(fc.nat({ max: 255 }), { nil: undefined }),
          }),
          { maxLength: 5 },
        ),
        events: fc.array(event, { maxLength: 4 }),
        totals: fc.array(fc.tuple(fc.nat({ max: 200 }), fc.maxSafeNat())).map((pairs) => new Map(pairs)),
      })
      .map(({ storage, outputs, results, ...batch }) => ({
        ...batch,
        ...(storage.length > 0 && { storage }),
        ...(outputs.length > 0 && { outputs }),
        ...(results.length > 0 && { results }),
      })),
  );
