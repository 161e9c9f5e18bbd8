import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import Value from 'typebox/value';
import { widthOf } from '../../../cli/terminal/width.ts';
import { ProcessView, RunView } from '../../../protocol/query.ts';
import { podometer } from '../podometer.ts';
import { sampleHistory, scratchFolder } from '../sample-history.ts';

const six = [1, 2, 3, 4, 5].map((n) => ({ n }));

test('a run is shown with its circumstances, figures, processes and events', async (t) => {
  const data = await sampleHistory(t, [...six, { n: 6, cpuSeconds: 4, tags: { lr: '0.1' } }]);
  const { code, stdout } = await podometer(['show', 'train@latest', '--data', data]);
  assert.equal(code, 0);
  assert.equal(
    stdout,
    `train@6  exit 0
  command   ./train.sh --name 'two words'
  started   2026-03-01T10:06:00.000Z (4 min ago), ended 2026-03-01T10:06:03.000Z
  host      host-a: Test CPU, 8 CPUs, 16.0 GiB, linux, kernel 6.12.0
  interval  1.00 s, stretched to 1.50 s by the CPU budget
  metrics   performance
  tags      lr=0.1
  id        run-000006
  Regressed: CPU time rose by 95 % against the 5 good runs before it (p < 0.0001).

Used
  wall time            3.00 s
  of it                3.00 s on a CPU, 0 s other waits (not measured: waiting for a CPU, waiting for storage)
  CPU time             4.10 s, 4.00 s user, 100 ms system
  cores                1.37, peak 1.50
  peak memory          50.0 MiB
  storage              0 B read, 1.00 MiB written
  processes            2, and 50.0 ms of CPU by short-lived ones
  samples              3, every 1.50 s, 2 missed
  the agent's own CPU  30.0 ms, 1.0 % of one core

Against the median of 5 earlier runs
               CHANGE    MEDIAN    ±
  wall time      ±0 %    3.00 s  0 s
  CPU user      ×2.00    2.00 s  0 s
  CPU system     ±0 %    100 ms  0 s
  peak memory    ±0 %  50.0 MiB  0 B
  read           ±0 %       0 B  0 B
  written        ±0 %  1.00 MiB  0 B

Processes
  PROCESS   PID    WALL      CPU  SHORT-LIVED  PEAK MEM  READ   WRITTEN  EXIT
  sh        100       -  10.0 ms            -  1.00 MiB     -       0 B     -
    worker  101  2.89 s   4.00 s            -  1.00 MiB     -  1.00 MiB     -

Events
  at 1.50 s  gap  2 ticks were missed
`,
  );
});

test('a change is coloured where it is out of the usual', async (t) => {
  const data = await sampleHistory(t, [...six, { n: 6, cpuSeconds: 4 }]);
  const { stdout } = await podometer(['show', 'train@6', '--data', data], { columns: 100, colour: true });
  assert.ok(stdout.includes('\u001b[31m×2.00\u001b[39m'));
});

test('the first run of a workload is compared with nothing, and few runs are called few', async (t) => {
  const data = await sampleHistory(t, [{ n: 1 }, { n: 2 }]);
  assert.doesNotMatch((await podometer(['show', 'train@1', '--data', data])).stdout, /Against/);
  const { stdout } = await podometer(['show', 'train@2', '--data', data]);
  assert.match(stdout, /^Against the run before\n(.*\n)+ {2}so few runs do not show what is usual$/m);
});

test('the tree is cut to the processes that used most CPU, and the rest is summed up', async (t) => {
  const data = await sampleHistory(t, [{ n: 1 }]);
  const { stdout } = await podometer(['show', 'train@1', '--processes', '1', '--data', data]);
  assert.match(stdout, /^ {2}worker .*\n {2}and 1 more process with 10\.0 ms of CPU$/m);
});

test('no line is wider than the terminal', async (t) => {
  const data = await sampleHistory(t, [
    ...six,
    { n: 6, comm: 'a-command-with-a-name-that-never-ends-or-so-it-seems' },
  ]);
  for (const columns of [60, 80, 120]) {
    const { stdout } = await podometer(['show', 'train@6', '--data', data], { columns });
    for (const line of stdout.split('\n')) assert.ok(widthOf(line) <= columns, `${columns}: ${line}`);
  }
});

test("a process's name cannot move the cursor", async (t) => {
  const data = await sampleHistory(t, [{ n: 1, comm: 'x\u001b[2J\n' }]);
  const { stdout } = await podometer(['show', 'train@1', '--data', data]);
  assert.match(stdout, /x\\x1b\[2J\\x0a {2}101/);
});

test('--json gives the shapes of the HTTP API', async (t) => {
  const data = await sampleHistory(t, [{ n: 1 }, { n: 2 }]);
  const { stdout } = await podometer(['show', 'train@2', '--json', '--data', data]);
  const { run, processes, events, deviations } = JSON.parse(stdout);
  assert.ok(Value.Check(RunView, run));
  assert.ok(
    processes.length === 3 && processes.every((process: unknown) => Value.Check(ProcessView, process)),
  );
  assert.equal(events[0].kind, 'gap');
  assert.equal(deviations[0].measure, 'wallSeconds');
});

test('a run of imported figures tells what each came to, and ends with a line break', async (t) => {
  const folder = scratchFolder(t);
  const [text, data] = [join(folder, 'm.om'), join(folder, 'data')];
  const samples = ['loss{run="a"} 1.5 1700000000', 'loss{run="a"} -1 1700000015', 'steps 7 1700000020'];
  writeFileSync(text, `${samples.join('\n')}\n# EOF\n`);
  assert.equal((await podometer(['import', text, '--data', data])).code, 0);
  const { stdout } = await podometer(['show', 'm@1', '--data', data]);
  assert.ok(
    stdout.endsWith(`Figures
  FIGURE         LEAST  MEAN  GREATEST
  loss{run="a"}     -1  0.88      1.50
  steps              7     7         7
`),
    stdout,
  );
  const { stdout: json } = await podometer(['show', 'm@1', '--data', data, '--json']);
  assert.deepEqual(JSON.parse(json).figures[1], { name: 'steps', least: 7, mean: 7, greatest: 7 });
});
