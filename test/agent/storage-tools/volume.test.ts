import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fio } from '../../../agent/storage-tools/fio.ts';
import { metadata } from '../../../agent/storage-tools/metadata.ts';
import type { ToolPlan } from '../../../agent/storage-tools/tool.ts';
import { toolOptions } from '../../../agent/storage-tools/tool-options.ts';
import { requireProgram } from '../../../agent/storage-tools/tool-program.ts';
import { inspectVolume } from '../../../agent/storage-tools/volume.ts';
import { PodometerError } from '../../../protocol/errors.ts';

const plan = fio.plan(toolOptions(fio, { size: '1m' }));
const asked = { allowDevice: false, allowNonEmpty: false };

function emptyFolder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'podometer-'));
  t.after(() => rmSync(path, { recursive: true }));
  return path;
}

const failsWith = (code: string, message: RegExp) => (error: unknown) =>
  error instanceof PodometerError && error.code === code && message.test(error.message);

test('an empty folder with room may be used, and one that a file system has just made', (t) => {
  const path = emptyFolder(t);
  assert.equal(inspectVolume(path, fio, plan, asked), 'folder');
  mkdirSync(join(path, 'lost+found'));
  assert.equal(inspectVolume(path, fio, plan, asked), 'folder');
});

test('a folder that holds something is refused unless that is allowed', (t) => {
  const path = emptyFolder(t);
  writeFileSync(join(path, 'thesis.txt'), 'dear');
  assert.throws(
    () => inspectVolume(path, fio, plan, asked),
    failsWith('PODO_VOLUME_REFUSED', /it holds "thesis.txt"/),
  );
  assert.equal(inspectVolume(path, fio, plan, { ...asked, allowNonEmpty: true }), 'folder');
});

test('a file, and what is not there, are no volumes', (t) => {
  const path = emptyFolder(t);
  writeFileSync(join(path, 'file'), '');
  assert.throws(
    () => inspectVolume(join(path, 'file'), fio, plan, asked),
    failsWith('PODO_VOLUME_UNUSABLE', /is no folder/),
  );
  assert.throws(
    () => inspectVolume(join(path, 'none'), fio, plan, asked),
    failsWith('PODO_VOLUME_UNUSABLE', /is not there/),
  );
});

test('what needs more than there is free is refused before anything is written', (t) => {
  const path = emptyFolder(t);
  const large: ToolPlan = { ...plan, neededBytes: 2 ** 60 };
  assert.throws(
    () => inspectVolume(path, fio, large, asked),
    failsWith('PODO_VOLUME_FULL', /has \d[\d.]* [KMGT]iB free, and 1\.02 EiB are needed/),
  );
  const many: ToolPlan = { ...plan, neededFiles: 2 ** 50 };
  assert.throws(() => inspectVolume(path, metadata, many, asked), failsWith('PODO_VOLUME_FULL', /files/));
});

test('a program that is missing or too old is named, with its package', (t) => {
  const bin = emptyFolder(t);
  const needed = {
    program: 'fio',
    package: 'fio',
    versionArguments: ['--version'],
    least: [3, 0],
  } as const;
  const env = { PATH: `${bin}:/bin` };
  const install = (line: string): void =>
    writeFileSync(join(bin, 'fio'), `#!/bin/sh\n${line}\n`, { mode: 0o755 });
  assert.throws(
    () => requireProgram(needed, { PATH: bin }),
    failsWith('PODO_TOOL_MISSING', /fio is not installed/),
  );
  install('echo fio-2.21');
  assert.throws(() => requireProgram(needed, env), failsWith('PODO_TOOL_TOO_OLD', /version 2\.21; 3\.0/));
  install('echo what');
  assert.throws(() => requireProgram(needed, env), failsWith('PODO_TOOL_TOO_OLD', /unknown version/));
  install('echo fio-3.33-git');
  assert.equal(requireProgram(needed, env), '3.33');
});
