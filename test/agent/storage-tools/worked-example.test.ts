/** The example of docs/storage-metrics.md, put where it says, in a copy of the code. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';

const ROOT = join(import.meta.dirname, '../../..');
const page = readFileSync(join(ROOT, 'docs/storage-metrics.md'), 'utf8');
const [options = '', tool = ''] = [...page.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code]) => code);

interface Copy {
  change(file: string, before: string, after: string): void;
  run(program: string, ...args: readonly string[]): { code: number | null; said: string };
}

function copyOfTheCode(t: TestContext): Copy {
  const folder = mkdtempSync(join(tmpdir(), 'podometer-'));
  t.after(() => rmSync(folder, { recursive: true }));
  for (const part of ['agent', 'lib', 'protocol', 'package.json']) {
    cpSync(join(ROOT, part), join(folder, part), { recursive: true });
  }
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  const settings = { extends: join(ROOT, 'tsconfig.json'), include: ['agent/storage-tools'], exclude: [] };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(settings));
  writeFileSync(join(folder, 'agent/storage-tools/dd.ts'), tool);
  return {
    change: (file, before, after) => {
      const text = readFileSync(join(folder, file), 'utf8');
      assert.ok(text.includes(before), `${file} has no ${before}`);
      writeFileSync(
        join(folder, file),
        text.replace(before, () => after),
      );
    },
    run: (program, ...args) => {
      const { status, stdout, stderr } = spawnSync(program, args, { cwd: folder, encoding: 'utf8' });
      return { code: status, said: `${stdout}${stderr}` };
    },
  };
}

const LIST = "import { ioping } from './ioping.ts';";
const SCRIPT = `
  import { storageTools } from './agent/storage-tools/index.ts';
  import { toolOptions } from './agent/storage-tools/tool-options.ts';
  import { metricSetProblems } from './protocol/metric-set-rules.ts';
  import { execFileSync } from 'node:child_process';
  const dd = storageTools.find(({ name }) => name === 'dd');
  const plan = dd.plan(toolOptions(dd, { size: '2m' }));
  const [program, ...args] = plan.command({ path: '.', isDevice: false, hasDirectIo: false });
  const results = dd.parse(execFileSync(program, args, { encoding: 'utf8' }));
  const metric = { name: 'storage', tool: 'dd', volume: { claimName: 'x' }, options: { size: '2m' } };
  console.log(JSON.stringify({ plan, results, problems: metricSetProblems({ metrics: [metric] }) }));
`;

test('the example of a tool compiles where the page puts it, runs, and MetricSets take it', (t) => {
  const copy = copyOfTheCode(t);
  copy.change('protocol/storage-options.ts', '/** By the tool', `${options}\n/** By the tool`);
  copy.change(
    'protocol/storage-options.ts',
    '  metadata: MetadataOptions,',
    '  metadata: MetadataOptions,\n  dd: DdOptions,',
  );
  const compile = () => copy.run(join(ROOT, 'node_modules/.bin/tsc'), '--noEmit');
  const unlisted = compile();
  assert.match(unlisted.said, /agent\/storage-tools\/index\.ts.*Property 'dd' is missing/);
  copy.change('agent/storage-tools/index.ts', LIST, `${LIST}\nimport { dd } from './dd.ts';`);
  copy.change('agent/storage-tools/index.ts', 'ioping, metadata }', 'ioping, metadata, dd }');
  assert.deepEqual(compile(), { code: 0, said: '' });
  const { code, said } = copy.run(process.execPath, '--input-type=module', '--eval', SCRIPT);
  assert.equal(code, 0, said);
  const { plan, results, problems } = JSON.parse(said);
  assert.equal(plan.neededBytes, 2 * 2 ** 20);
  assert.equal(results[0].name, 'dd.write.bandwidth');
  assert.ok(results[0].value > 0);
  assert.deepEqual(problems, []);
});
