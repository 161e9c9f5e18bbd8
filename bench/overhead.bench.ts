/** What `podometer run` adds to a command: to one that does nothing, and to one that computes. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Figure, figure } from './figure.ts';

const MAIN = join(import.meta.dirname, '..', 'dist', 'podometer.js');
const SPIN = ['sh', '-c', 'i=0; while [ $i -lt 5000000 ]; do i=$((i+1)); done'];

function wallMs(command: readonly string[]): number {
  const [file = '', ...args] = command;
  const startMs = performance.now();
  spawnSync(file, args, { stdio: 'ignore' });
  return performance.now() - startMs;
}

/** The quickest of alternating runs, plain and measured: whatever else the machine does can only add. */
function compare(
  command: readonly string[],
  data: string,
  times: number,
): { plain: number; measured: number } {
  const measured = [process.execPath, MAIN, 'run', '--data', data, '--', ...command];
  const pairs = Array.from({ length: times }, () => ({ plain: wallMs(command), measured: wallMs(measured) }));
  return {
    plain: Math.min(...pairs.map((pair) => pair.plain)),
    measured: Math.min(...pairs.map((pair) => pair.measured)),
  };
}

export async function overheadFigures(): Promise<Figure[]> {
  if (!existsSync(MAIN)) return [figure('overhead', 'not built: npm run build', '', false)];
  const data = mkdtempSync(join(tmpdir(), 'podometer-'));
  try {
    wallMs([process.execPath, MAIN, 'run', '--data', data, '--', 'true']);
    const start = Math.min(...Array.from({ length: 15 }, () => wallMs([process.execPath, '-e', '0'])));
    const nothing = compare(['true'], data, 25);
    const added = nothing.measured - nothing.plain;
    const spin = compare(SPIN, data, 8);
    const share = (spin.measured - spin.plain - added) / spin.plain;
    return [
      figure("Node's own start, ms", start.toFixed(0), '', true),
      figure('`podometer run -- true` over `true`, ms', added.toFixed(0), '< 150', added < 150),
      figure(
        `a CPU-bound program of ${(spin.plain / 1000).toFixed(1)} s, slower by (start apart)`,
        `${(100 * share).toFixed(2)} %`,
        '< 1 %',
        share < 0.01,
      ),
    ];
  } finally {
    rmSync(data, { recursive: true });
  }
}
