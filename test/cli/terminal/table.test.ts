import assert from 'node:assert/strict';
import { test } from 'node:test';
import { painter } from '../../../cli/terminal/colour.ts';
import { renderTable, type TableColumn } from '../../../cli/terminal/table.ts';
import { widthOf } from '../../../cli/terminal/width.ts';

interface Row {
  readonly name: string;
  readonly size: number;
  readonly more: string;
}

const rows: Row[] = [
  { name: 'short', size: 7, more: 'some' },
  { name: 'a much longer name', size: 12345, more: 'details' },
];
const columns: TableColumn<Row>[] = [
  { title: 'NAME', cell: ({ name }) => ({ text: name, meaning: 'name' }), leastWidth: 8 },
  { title: 'SIZE', cell: ({ size }) => String(size), align: 'right' },
  { title: 'MORE', cell: ({ more }) => more, dropRank: 1 },
];

function lines(width: number, changed: Partial<Parameters<typeof renderTable>[2]> = {}): string[] {
  return renderTable(rows, columns, { width, paint: painter(false), ...changed })
    .split('\n')
    .slice(0, -1);
}

test('columns are aligned, and no line ends in spaces', () => {
  assert.deepEqual(lines(Number.POSITIVE_INFINITY), [
    'NAME                 SIZE  MORE',
    'short                   7  some',
    'a much longer name  12345  details',
  ]);
});

test('a column that may be shortened is shortened first', () => {
  assert.deepEqual(lines(30), [
    'NAME             SIZE  MORE',
    'short               7  some',
    'a much longer…  12345  details',
  ]);
});

test('the column with the largest rank is left out where shortening is not enough', () => {
  assert.deepEqual(lines(20), ['NAME            SIZE', 'short              7', 'a much longe…  12345']);
});

test('no line is wider than the terminal, however narrow it is', () => {
  for (let width = 8; width < 40; width++) {
    for (const line of lines(width)) assert.ok(widthOf(line) <= width, `${width}: ${line}`);
  }
});

test('a table may do without titles, and be indented within its width', () => {
  assert.deepEqual(lines(22, { titles: false, indent: '  ' }), [
    '  short              7',
    '  a much longe…  12345',
  ]);
});

test('colours do not change the alignment', () => {
  const plain = lines(30);
  const painted = lines(30, { paint: painter(true) });
  assert.ok(painted[1]?.startsWith(`${painter(true)('name', 'short')}         `));
  assert.deepEqual(painted.map(widthOf), plain.map(widthOf));
});

test('a cell cannot bring control sequences or line breaks of its own', () => {
  const table = renderTable([{ name: '\u001b[2J\n', size: 1, more: '' }], columns, {
    width: 80,
    paint: painter(false),
  });
  assert.equal(table.split('\n').length, 3);
  assert.match(table, /\\x1b\[2J\\x0a/);
});

test('a column that has to stay whole gets a line of its own where it does not fit', () => {
  const whole = columns.map((column, i) => (i === 0 ? { ...column, leastWidth: 30, isWhole: true } : column));
  const style = { width: 16, paint: painter(false) };
  assert.equal(
    renderTable(rows, whole, style),
    '   SIZE  MORE\nshort\n      7  some\na much longer name\n  12345  details\n',
  );
  assert.match(
    renderTable(rows, whole, { ...style, width: 60 }),
    /^a much longer name {2}12345 {2}details$/m,
  );
});
