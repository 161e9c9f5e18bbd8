import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { Launcher } from '../../../agent/launcher.ts';
import { measureCommand } from '../../../agent/local-run.ts';
import { systemTreeSources } from '../../../agent/portable/system-sources.ts';
import { systemClock } from '../../../lib/clock.ts';
import { deflater } from '../../../lib/deflater.ts';
import type { Batch } from '../../../protocol/batch.ts';
import { checkedBefore, decodeBatch } from '../../../protocol/codec/batch-decode.ts';
import { defaultChoice } from '../../../protocol/metric-choice.ts';

test('where there is no /proc, the CPU time and memory of the whole tree are measured', async () => {
  const batches: Batch[] = [];
  const spin = 'j=0; while [ $j -lt 1500000 ]; do j=$((j+1)); done';
  const run = await measureCommand(
    ['sh', '-c', `sh -c '${spin}'; sleep 0.3; exit 4`],
    process.env,
    new Launcher(),
    {
      run: randomUUID(),
      agent: 'a'.repeat(32),
      clock: systemClock,
      procRoot: '/nowhere',
      cgroupRoot: '/nowhere',
      intervalMs: 100,
      cpuShare: 0.01,
      choice: defaultChoice,
      recordArgs: false,
      sink: { push: async (bytes) => void batches.push(decodeBatch(bytes, checkedBefore, deflater)) },
      portable: await systemTreeSources(),
      declaration: {
        workload: { kind: 'Local', name: 'x' },
        member: 'h',
        intervalMs: 100,
        metrics: [],
        agentVersion: '0',
      },
      laterDeclaration: Promise.resolve({}),
    },
  );
  const outcome = await run.ended;
  assert.equal(outcome.exitCode, 4);
  const totals = batches.at(-1)?.totals ?? new Map<number, number>();
  assert.ok((totals.get(1) ?? 0) > 300, 'wall time');
  assert.ok((totals.get(6) ?? 0) > 500_000, 'memory');
  assert.ok(batches.flatMap((batch) => batch.processes).length >= 2);
  assert.deepEqual(
    batches.map(({ sequence }) => sequence),
    batches.map((_, i) => i),
  );
});
