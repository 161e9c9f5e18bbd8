/** Volumes and tools for the tests of `podometer storage`. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { requirePart } from '../require-part.ts';
import { startPodometer, temporaryFolder } from './measured.ts';

export const hasFio = (t: TestContext): boolean => requirePart(t, 'fio', '/usr/bin/fio');
export const hasIoping = (t: TestContext): boolean => requirePart(t, 'ioping', '/usr/bin/ioping');

export interface Setting {
  readonly volume: string;
  readonly data: string;
}

export function setting(t: TestContext): Setting {
  const folder = mkdtempSync(join(tmpdir(), 'podometer-'));
  const volume = join(folder, 'volume');
  mkdirSync(volume);
  t.after(() => {
    // Where nothing is mounted there, it fails, which is as well.
    spawnSync('umount', [volume]);
    rmSync(folder, { recursive: true });
  });
  return { volume, data: join(folder, 'data') };
}

export function storage({ volume, data }: Setting, options: readonly string[], env: NodeJS.ProcessEnv = {}) {
  return startPodometer(['storage', volume, '--data', data, ...options], env);
}

/** A file system of its own at the volume, for a user who may mount; else the test is skipped. */
export function mounted(t: TestContext, { volume }: Setting, ...args: readonly string[]): boolean {
  const { status, stderr } = spawnSync('mount', [...args, volume], { encoding: 'utf8' });
  if (status !== 0) {
    t.skip(`needs the right to mount: ${stderr.trim()}`);
    return false;
  }
  return true;
}

/** A file system of 32 MiB at the volume, or the test is skipped. */
export function smallVolume(
  t: TestContext,
  where: Setting,
  kind: 'tmpfs' | 'ext4 in a loop device',
): boolean {
  if (kind === 'tmpfs') return mounted(t, where, '-t', 'tmpfs', '-o', 'size=32m', 'none');
  const image = join(where.volume, '..', 'image');
  execFileSync('truncate', ['-s', '32M', image]);
  execFileSync('mkfs.ext4', ['-q', image]);
  return mounted(t, where, '-o', 'loop', image);
}

/** A program before fio in the PATH that starts it with `how` in the shell. */
export function wrappedFio(t: TestContext, how: string): NodeJS.ProcessEnv {
  const bin = temporaryFolder(t);
  const script = `#!/bin/sh\n[ "$1" = --version ] && exec /usr/bin/fio --version\n${how}\n`;
  writeFileSync(join(bin, 'fio'), script, { mode: 0o755 });
  return { PATH: `${bin}:${process.env.PATH}` };
}

export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await sleep(20);
}
