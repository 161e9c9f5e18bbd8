/** Trees of processes that nobody thought of, several at once so that the machine is busy, held against the kernel's own sums. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { measured, temporaryFolder } from './measured.ts';

const TREES = 24;
const AT_ONCE = 4;
const TICKS_A_SECOND = 100;
/** What a process used is told in whole ticks, and what the last command of a script used comes after the truth. */
const CPU_SLACK_SECONDS = 0.05;
const CPU_SLACK_SHARE = 0.02;
const WRITE_SLACK_BYTES = 16_384;

const burn = fc
  .integer({ min: 1_000_000, max: 60_000_000 })
  .map((bytes) => `head -c ${bytes} /dev/zero | md5sum > /dev/null`);
const write = fc
  .integer({ min: 100_000, max: 8_000_000 })
  .map((bytes) => `head -c ${bytes} /dev/zero > "$(mktemp -p "$FOLDER")"`);
const nap = fc.integer({ min: 0, max: 90 }).map((ms) => `sleep 0.${String(ms).padStart(3, '0')}`);

/** Shell scripts that wait for all that they start. */
const { script } = fc.letrec<{ script: string; child: string }>((tie) => ({
  script: fc
    .array(fc.oneof({ maxDepth: 3 }, burn, write, nap, tie('child')), { minLength: 1, maxLength: 4 })
    .map((steps) => [...steps, 'wait', 'true'].join('\n')),
  child: fc
    .tuple(tie('script'), fc.boolean())
    .map(([inner, isBehind]) => `sh -c ${quoted(inner)}${isBehind ? ' &' : ''}`),
}));

const tree = fc.record({ script, interval: fc.constantFrom('10ms', '50ms', '100ms', '1s') });

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

interface Use {
  readonly cpuSeconds: number;
  readonly writeBytes: number;
}

/** What the kernel says that a process used, and all that it has waited for. */
function useOf(stat: string, io: string): Use {
  const [utime = 0, stime = 0, cutime = 0, cstime = 0] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 15)
    .map(Number);
  const [, writeBytes] = /^write_bytes: (\d+)$/m.exec(io) ?? [];
  return {
    cpuSeconds: (utime + stime + cutime + cstime) / TICKS_A_SECOND,
    writeBytes: Number(writeBytes),
  };
}

async function judge(t: TestContext, { script, interval }: { script: string; interval: string }) {
  const folder = temporaryFolder(t);
  const tell = 'cat /proc/$$/stat > "$FOLDER/stat"\ncat /proc/$$/io > "$FOLDER/io"\ntrue';
  const command = ['sh', '-c', `FOLDER=${folder}\nexport FOLDER\n${script}\n${tell}`];
  const { run } = await measured(t, ['--interval', interval], command);
  const truth = useOf(
    readFileSync(join(folder, 'stat'), 'latin1'),
    readFileSync(join(folder, 'io'), 'latin1'),
  );
  const { cpuUserSeconds = 0, cpuSystemSeconds = 0, writeBytes = 0 } = run.measures;
  const cpuSeconds = cpuUserSeconds + cpuSystemSeconds;
  const told = `${cpuSeconds} s and ${writeBytes} bytes for ${JSON.stringify(truth)}, every ${interval}:\n${script}`;
  assert.ok(
    Math.abs(cpuSeconds - truth.cpuSeconds) <= CPU_SLACK_SECONDS + CPU_SLACK_SHARE * truth.cpuSeconds,
    told,
  );
  assert.ok(Math.abs(writeBytes - truth.writeBytes) <= WRITE_SLACK_BYTES, told);
}

test('whatever a tree of processes does and however busy the machine is, its CPU time and its bytes are counted once', async (t) => {
  const trees = fc.sample(tree, TREES);
  for (let from = 0; from < trees.length; from += AT_ONCE) {
    await Promise.all(trees.slice(from, from + AT_ONCE).map((one) => judge(t, one)));
  }
});
