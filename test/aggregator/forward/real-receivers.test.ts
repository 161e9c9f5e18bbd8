/** Against the real programs, where they are installed: what was sent can be asked for. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { remoteWriteExporter } from '../../../aggregator/forward/exporter.ts';
import { freePort } from '../../free-port.ts';
import { requirePart } from '../../require-part.ts';
import { point } from './receiver.ts';

const PATIENCE_MS = 20_000;

type Start = (folder: string, port: number) => string[];

const receivers: Record<string, Start> = {
  prometheus: (folder, port) => {
    writeFileSync(join(folder, 'prometheus.yml'), 'global: {}\n');
    return [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--web.enable-remote-write-receiver',
    ];
  },
  'victoria-metrics': (folder, port) => [
    `-storageDataPath=${join(folder, 'data')}`,
    `-httpListenAddr=127.0.0.1:${port}`,
    '-search.latencyOffset=0s',
  ],
};

async function started(t: TestContext, program: string, start: Start): Promise<URL | undefined> {
  if (!requirePart(t, program, `/usr/bin/${program}`)) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'podometer-receiver-'));
  const port = await freePort();
  const child: ChildProcess = spawn(program, start(folder, port), { stdio: 'ignore' });
  t.after(async () => {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  });
  const url = new URL(`http://127.0.0.1:${port}/`);
  await until(async () => (await fetch(new URL('/api/v1/query?query=1', url))).ok);
  return url;
}

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await isTrue().catch(() => false))) {
    assert.ok(Date.now() < deadline, 'it did not come about in time');
    await delay(100);
  }
}

for (const [program, start] of Object.entries(receivers)) {
  test(`${program} takes what is forwarded and answers it by its labels`, async (t) => {
    const url = await started(t, program, start);
    if (url === undefined) return;
    const send = remoteWriteExporter({ url: new URL('/api/v1/write', url), timeoutMs: 5000 });
    const attributes = { 'podometer.run': 'train@1', 'k8s.container.name': 'main' };
    const nowMs = Date.now();
    for (const [i, value] of [10, 20, 30].entries()) {
      const points = [point('cpuUserUs', value, attributes), point('memoryCurrentBytes', 4096, attributes)];
      const sent = await send({ atMs: nowMs - 2000 + i * 1000, startMs: 0, points });
      assert.deepEqual(sent, { kind: 'sent' });
    }
    const query = 'container_cpu_time_seconds_total{podometer_run="train@1",k8s_container_name="main"}';
    const address = new URL(`/api/v1/query?query=${encodeURIComponent(query)}`, url);
    await until(async () => {
      const { data } = (await (await fetch(address)).json()) as {
        data: { result: { value: [number, string] }[] };
      };
      return data.result[0]?.value[1] === '30';
    });
  });
}
