import assert from 'node:assert/strict';
import { basename } from 'node:path';
import { test } from 'node:test';
import { programName, readProgramName } from '../../../agent/procfs/program-name.ts';

test('a name is kept unless it is only that of a main thread', () => {
  assert.equal(programName('/proc', process.pid, 'sort'), 'sort');
  assert.equal(programName('/proc', process.pid, 'MainThread'), basename(process.execPath));
});

test('a process that is not there has no name', () => {
  assert.equal(readProgramName('/proc', 4_194_304), undefined);
});
