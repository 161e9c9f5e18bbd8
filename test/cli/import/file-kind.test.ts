import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { kindOf } from '../../../cli/import/file-kind.ts';
import { exportFormats } from '../../../protocol/query.ts';
import { podometer } from '../podometer.ts';
import { sampleHistory, scratchFolder } from '../sample-history.ts';

test('what is exported and kept is known by its content, whatever its name is', async (t) => {
  const data = await sampleHistory(t, [{ n: 1 }]);
  const folder = scratchFolder(t);
  await podometer(['backup', join(folder, 'copy.json'), '--data', data]);
  assert.equal(kindOf(join(folder, 'copy.json')), 'store');
  const refused: string[] = [];
  for (const format of exportFormats.filter((one) => one !== 'html')) {
    const path = join(folder, 'file');
    await podometer(['export', 'train@1', '--format', format, '--output', path, '--data', data]);
    const expected = { json: 'run', trace: 'run', openmetrics: 'figures' }[format as string];
    if (expected !== undefined) assert.equal(kindOf(path), expected, format);
    else {
      refused.push(format);
      assert.throws(() => kindOf(path), { code: 'PODO_IMPORT_MALFORMED', message: /: it is / }, format);
    }
  }
  assert.deepEqual(refused.sort(), ['csv', 'ndjson', 'parquet']);
});

test('texts of figures are told from other texts', (t) => {
  const path = join(scratchFolder(t), 'text');
  const kindOfText = (text: string) => {
    writeFileSync(path, text);
    return kindOf(path);
  };
  const figures = [
    'up 1 1700000000000\n',
    '# TYPE up gauge\nup{a="b"} 1 5\n# EOF\n',
    '# any comment\r\n\r\nup{} NaN 5\r\n',
    '# EOF\n',
    '\ufeffup -Inf 5',
    '{"a.b",c="1"} 3 4',
    `# HELP up ${'x'.repeat(10_000)}\nup 1 5\n`,
  ];
  for (const text of figures) assert.equal(kindOfText(text), 'figures', text);
  for (const text of ['{"run":{}}', '{\n  "version": 2', '{}']) assert.equal(kindOfText(text), 'run', text);
  const others: [string, RegExp][] = [
    ['', /it is empty$/],
    ['#!/bin/sh\nset -e\n', /it begins with "#!\/bin\/sh"$/],
    ['hello world\n', /it begins with "hello world"$/],
    ['[1, 2]', /it begins with "\[1, 2\]"$/],
  ];
  for (const [text, message] of others)
    assert.throws(() => kindOfText(text), { code: 'PODO_IMPORT_MALFORMED', message }, text);
});

test('of a file that is none of them, what was found is told', (t) => {
  const path = join(scratchFolder(t), 'file');
  const found: [Buffer, RegExp][] = [
    [gzipSync('up 1 5'), /is compressed \(gzip\)/],
    [Buffer.from('PK\x03\x04 something'), /is a ZIP archive/],
    [Buffer.from('<!DOCTYPE html><html>'), /is HTML/],
    [Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2, 3, 4]), /begins with the bytes 7f454c4600010203/],
  ];
  for (const [bytes, message] of found) {
    writeFileSync(path, bytes);
    assert.throws(() => kindOf(path), { code: 'PODO_IMPORT_MALFORMED', message });
  }
});
