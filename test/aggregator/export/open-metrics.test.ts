import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { exportOpenMetrics } from '../../../aggregator/export/open-metrics.ts';
import { requirePart } from '../../require-part.ts';
import { RUN_START_MS, sampleExport } from './sample-run.ts';

const text = (): string => [...exportOpenMetrics(sampleExport())].join('');

test('a family is told once, its series follow each other in time, and # EOF is the end', () => {
  const lines = text().trimEnd().split('\n');
  assert.equal(lines.at(-1), '# EOF');
  const families = lines.filter((line) => line.startsWith('# TYPE ')).map((line) => line.split(' ')[2]);
  assert.equal(new Set(families).size, families.length);
  const of = `k8s_container_name="main",podometer_process="0.0"`;
  const host = 'host_name="box"';
  const run =
    'podometer_run="train@1",podometer_workload="train",process_executable_name="sh",process_pid="100"';
  const second = RUN_START_MS / 1000;
  const mine = lines.filter((line) => line.startsWith('process_cpu_time') && line.includes('"0.0"'));
  assert.deepEqual(mine, [
    `process_cpu_time_seconds_total{cpu_mode="user",${host},${of},${run}} 0.5 ${second + 1}.000`,
    `process_cpu_time_seconds_total{cpu_mode="user",${host},${of},${run}} 1.5 ${second + 2}.000`,
    `process_cpu_time_seconds_total{cpu_mode="system",${host},${of},${run}} 0.1 ${second + 1}.000`,
    `process_cpu_time_seconds_total{cpu_mode="system",${host},${of},${run}} 0.1 ${second + 2}.000`,
  ]);
});

test('promtool makes blocks of it that hold every sample', (t) => {
  if (!requirePart(t, 'prometheus', '/usr/bin/promtool')) return;
  const folder = mkdtempSync(join(tmpdir(), 'podometer-blocks-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'run.om');
  writeFileSync(file, text());
  const blocks = join(folder, 'blocks');
  mkdirSync(join(blocks, 'wal'), { recursive: true });
  execFileSync('promtool', ['tsdb', 'create-blocks-from', 'openmetrics', file, blocks], { stdio: 'pipe' });
  const dumped = execFileSync('promtool', ['tsdb', 'dump', blocks], { encoding: 'utf8', stdio: 'pipe' });
  const samples = (all: string): number =>
    all.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length;
  assert.equal(samples(dumped), samples(text()));
  assert.match(dumped, new RegExp(`process_memory_usage_bytes.*"again".* 1 ${RUN_START_MS + 3000}`));
});
