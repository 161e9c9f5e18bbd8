import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Sent } from '../../../aggregator/forward/exporter.ts';
import { ForwardSpool } from '../../../aggregator/forward/forward-spool.ts';
import { Forwarder } from '../../../aggregator/forward/forwarder.ts';
import type { Moment } from '../../../aggregator/forward/moment.ts';
import { point } from './receiver.ts';

const MB = 2 ** 20;

function folderOf(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'podometer-forward-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Every snapshot is a second later than the one before and has it as its value. */
function forwarderOf(
  spool: ForwardSpool,
  exporter: (moment: Moment) => Promise<Sent>,
  logged: string[] = [],
): Forwarder {
  let second = 0;
  return new Forwarder({
    live: { snapshot: () => [point('rssBytes', second)] },
    clock: { monotonicMs: () => 0, wallMs: () => ++second * 1000 },
    exporter,
    spool,
    everyMs: 1000,
    log: (message) => logged.push(message),
  });
}

test('what cannot be sent waits on disk, outlives the program, and is sent in order', async (t) => {
  const folder = folderOf(t);
  const logged: string[] = [];
  const away = forwarderOf(
    new ForwardSpool(folder, MB),
    async () => ({ kind: 'later', detail: 'gone' }),
    logged,
  );
  for (let i = 0; i < 3; i++) {
    away.tick();
    await away.settled();
  }
  assert.deepEqual(logged, ['figures cannot be forwarded and wait: gone']);
  assert.equal(readdirSync(folder).length, 3);
  const sent: number[] = [];
  const back = forwarderOf(new ForwardSpool(folder, MB), async ({ points }) => {
    sent.push(Number(points[0]?.value));
    return { kind: 'sent' };
  });
  back.tick();
  await back.settled();
  assert.deepEqual(sent, [1, 2, 3, 1]);
  assert.deepEqual(readdirSync(folder), []);
});

test('a snapshot that is refused or damaged is left out and told, and the next one goes on', async (t) => {
  const folder = folderOf(t);
  writeFileSync(join(folder, `moment-${'0'.repeat(15)}.json`), '{"atMs":1,');
  const answers: Sent[] = [{ kind: 'refused', detail: '400 too old' }, { kind: 'sent' }];
  const logged: string[] = [];
  const forwarder = forwarderOf(
    new ForwardSpool(folder, MB),
    async () => answers.shift() ?? { kind: 'sent' },
    logged,
  );
  forwarder.tick();
  await forwarder.settled();
  forwarder.tick();
  await forwarder.settled();
  assert.deepEqual(logged, [
    'a snapshot was refused and is left out: its file is damaged',
    'a snapshot was refused and is left out: 400 too old',
  ]);
  assert.deepEqual([answers, readdirSync(folder)], [[], []]);
});

test('above its limit the spool lets the oldest go, and counts them', (t) => {
  const spool = new ForwardSpool(folderOf(t), 100);
  for (const letter of ['a', 'b', 'c']) spool.push(letter.repeat(40));
  assert.deepEqual([spool.count, spool.dropped, spool.first()], [2, 1, 'b'.repeat(40)]);
  spool.push('x'.repeat(500));
  assert.deepEqual([spool.count, spool.dropped, spool.first()?.length], [1, 3, 500]);
});

test('while nothing goes on, nothing is sent', async (t) => {
  const spool = new ForwardSpool(folderOf(t), MB);
  const forwarder = new Forwarder({
    live: { snapshot: () => [] },
    clock: { monotonicMs: () => 0, wallMs: () => 0 },
    exporter: () => assert.fail('sent'),
    spool,
    everyMs: 1000,
    log: assert.fail,
  });
  forwarder.tick();
  await forwarder.settled();
  assert.equal(spool.count, 0);
});
