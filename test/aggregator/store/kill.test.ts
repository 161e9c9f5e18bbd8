/** Writers killed at random moments: what was acknowledged is there, once, byte for byte. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { Tables } from '../../../aggregator/store/tables.ts';
import { batchOf, bytesOf } from './sample-batches.ts';
import { Program, scratchFolder, scratchStore, withDatabases } from './scratch.ts';

const KILLS = 204;
const LANES = 2;
/** More than a writer can do before it is killed. */
const ENOUGH = 1_000_000;

interface Lane {
  readonly run: string;
  readonly agent: number;
  /** The last acknowledged sequence. */
  acknowledged: number;
}

/** One writer, from the batch after the last acknowledged one on, until it is killed. */
async function writeUntilKilled(folder: string, lane: Lane): Promise<void> {
  const first = lane.acknowledged + 1;
  const program = new Program('write', [folder, lane.run, lane.agent, first, ENOUGH]);
  await program.line();
  await delay(Math.random() * 40);
  program.child.kill('SIGKILL');
  const { code, errors } = await program.end();
  assert.equal(code, 'SIGKILL', errors);
  assert.deepEqual(
    program.lines.map((line) => Number.parseInt(line, 10)),
    Array.from(program.lines, (_, i) => first + i),
  );
  lane.acknowledged = first + program.lines.length - 1;
}

function checkLog(tables: Tables, { run, agent, acknowledged }: Lane): void {
  const sequences: number[] = [];
  for (const { key, value } of tables.log.getRange({ start: [run], end: [run, 1] })) {
    const [, , sequence] = key as [string, number, number];
    sequences.push(sequence);
    assert.deepEqual(value, Buffer.from(bytesOf(batchOf(sequence, { run, agent }))));
  }
  assert.deepEqual(
    sequences,
    Array.from(sequences, (_, i) => i),
  );
  assert.ok(sequences.length > acknowledged && acknowledged > KILLS / LANES);
}

test(`${KILLS} kills of ${LANES} writers at once lose nothing acknowledged and keep nothing twice`, async (t) => {
  const folder = scratchFolder(t);
  const lanes = Array.from(
    { length: LANES },
    (_, i): Lane => ({ run: `run-${i}`, agent: i, acknowledged: -1 }),
  );
  for (let kill = 0; kill < KILLS; kill += LANES) {
    await Promise.all(lanes.map((lane) => writeUntilKilled(folder, lane)));
    const store = await scratchStore(t, folder);
    for (const { run, acknowledged } of lanes) {
      const last = Number(store.run(run)?.members[0]?.lastSequence);
      assert.ok(last >= acknowledged, `${acknowledged} was acknowledged, ${last} is the last one kept`);
    }
    await store.close();
  }
  await withDatabases(folder, ({ tables }) => {
    for (const lane of lanes) checkLog(tables, lane);
  });
});
