/** Writers killed at random moments: what was acknowledged is there, once, byte for byte. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { Databases } from '../../../aggregator/store/databases.ts';
import { openStore } from '../../../aggregator/store/open.ts';
import { batchOf, bytesOf } from './sample-batches.ts';
import { Program, scratchFolder } from './scratch.ts';

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
    program.lines.map(Number),
    Array.from(program.lines, (_, i) => first + i),
  );
  lane.acknowledged = first + program.lines.length - 1;
}

async function checkRecord(folder: string, { run, acknowledged }: Lane): Promise<void> {
  const store = await openStore(folder, { readOnly: true });
  const last = store.run(run)?.members[0]?.lastSequence ?? -1;
  assert.ok(last >= acknowledged, `${acknowledged} was acknowledged, ${last} is the last one kept`);
  await store.close();
}

test(`${KILLS} kills of ${LANES} writers at once lose nothing acknowledged and keep nothing twice`, async (t) => {
  const folder = scratchFolder(t);
  const lanes = Array.from(
    { length: LANES },
    (_, i): Lane => ({ run: `run-${i}`, agent: i, acknowledged: -1 }),
  );
  await Promise.all(
    lanes.map(async (lane) => {
      for (let kill = 0; kill < KILLS / LANES; kill++) {
        await writeUntilKilled(folder, lane);
        await checkRecord(folder, lane);
      }
    }),
  );
  const { tables } = new Databases(folder, false);
  for (const { run, agent, acknowledged } of lanes) {
    assert.ok(acknowledged > KILLS);
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
    assert.ok(sequences.length > acknowledged);
  }
});
