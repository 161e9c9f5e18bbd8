/**
 * node bench/report.ts [SECTION…]: runs every benchmark, or those of some sections, and writes docs/benchmarks.md anew. After `npm run
 * build`, on a quiet machine.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { admissionFigures } from './admission.bench.ts';
import { agentFigures } from './agent.bench.ts';
import { bytesFigures } from './bytes.bench.ts';
import { compareFigures } from './compare.bench.ts';
import { exportFigures } from './export.bench.ts';
import type { Figure } from './figure.ts';
import { findingsFigures } from './findings.bench.ts';
import { historyFigures } from './history.bench.ts';
import { ingestFigures } from './ingest.bench.ts';
import { overheadFigures } from './overhead.bench.ts';
import { pageFigures } from './page.bench.ts';
import { pageRunFigures } from './page-run.bench.ts';
import { pushFigures } from './push.bench.ts';
import { samplingFigures } from './sampling.bench.ts';
import { storageOverheadFigures } from './storage-overhead.bench.ts';

const SECTIONS = [
  [
    'Sampling',
    'µs of CPU time per process and sample; every tool on the same processes, in one run. What a sleeping process is spared stands in docs/decisions/0006.',
    samplingFigures,
  ],
  [
    'Overhead',
    'Wall time, the quickest of alternating runs of the built program, with and without it.',
    overheadFigures,
  ],
  [
    'Overhead on storage',
    'fio measured every 100 ms with all that `podometer storage` measures: medians with their 95 % intervals, of 60 pairs of 0.8 s in one run, the sampler stopped in one of each, and of 12 whole runs of 10 s, each between two that are not measured, its start included. Met where the whole interval is.',
    storageOverheadFigures,
  ],
  [
    'The agent in a pod',
    'Twenty processes, half of which wake ten times a second, sampled every second for a minute; process-exporter scraped as often, and pidstat, beside it. On cgroup v1 a third of the CPU goes into asking every 10 ms whether a container has ended, which v2 tells by itself. Most of the RSS is the node binary, which the agents of a node share.',
    () => agentFigures(),
  ],
  [
    'Bytes per point',
    'Real runs at 100 ms, each beside twenty idle processes: the demo four times; for a minute a build of many short steps; for a minute a node server and a database under load. A point is one value of one column.',
    bytesFigures,
  ],
  [
    'Admission',
    'Reviews of 6 KB over TLS to an injector of its own process, from another process on the same machine.',
    admissionFigures,
  ],
  [
    'Ingest',
    'Batches of 20 columns from 50 agents at once: decoded, checked, deduplicated, flushed to disk before they are acknowledged. Without HTTP.',
    ingestFigures,
  ],
  [
    'Pushing',
    'Real batches over HTTP to an aggregator of its own process, which seals meanwhile; the agents share the machine with it.',
    pushFigures,
  ],
  [
    'Comparing',
    'Made-up runs with known differences and with none; what decides is in docs/comparing.md.',
    compareFigures,
  ],
  [
    'Large runs',
    'Four columns of 200 processes at 1 s, sealed, made up by numbers that move at random; in this process.',
    findingsFigures,
  ],
  ['Export', 'Six hours of ten processes at 1 s, sealed; in this process, to nowhere.', exportFigures],
  [
    'The page of a long run',
    'Headless Chromium on the same machine, in front of a sealed run of 24 h at 1 s with 200 processes.',
    pageRunFigures,
  ],
  ['History', 'A large history, made up by numbers that move at random.', historyFigures],
  [
    'The list of runs in a browser',
    'A history of 10,000 runs in a store on disk, served to headless Chromium on the same machine; first paint is the median of 5 browsers that had loaded nothing yet.',
    pageFigures,
  ],
] as const;

function table(figures: readonly Figure[]): string {
  const rows = figures.map(
    ({ what, value, target, met }) =>
      `| ${what} | ${value} | ${target === '' ? '' : `${target}: ${met ? 'met' : '**not met**'}`} |`,
  );
  return ['| what | figure | target |', '| --- | --- | --- |', ...rows].join('\n');
}

const file = join(import.meta.dirname, '..', 'docs', 'benchmarks.md');
const wanted = process.argv.slice(2);
const unknown = wanted.find((name) => !SECTIONS.some(([title]) => title === name));
if (unknown !== undefined)
  throw new Error(`there is no section "${unknown}", but ${SECTIONS.map(([title]) => title).join(', ')}`);

/** By title, as they stand in the report so far. */
const known = new Map(
  (existsSync(file) ? readFileSync(file, 'utf8') : '')
    .split(/^## /m)
    .slice(1)
    .map((text) => [text.slice(0, text.indexOf('\n')), `## ${text.trim()}\n`]),
);
const machine = `${cpus()[0]?.model.trim()}, ${cpus().length} CPUs, ${Math.round(totalmem() / 2 ** 30)} GiB, Linux ${release()}, Node ${process.version}`;

for (const [title, about, measure] of SECTIONS) {
  if (wanted.length > 0 && !wanted.includes(title)) continue;
  const figures = await measure();
  const day = new Date().toISOString().slice(0, 10);
  known.set(title, `## ${title}\n\n${about}\n\n${table(figures)}\n\nMeasured on ${day}: ${machine}.\n`);
  process.stdout.write(
    `${title}\n${figures.map(({ what, value, target }) => `  ${what}: ${value} ${target}`).join('\n')}\n`,
  );
  // After each section, so that a long report that is cut off keeps what it has.
  writeFileSync(file, reportText());
}

function reportText(): string {
  const sections = SECTIONS.flatMap(([title]) => known.get(title) ?? []);
  return `# Benchmarks

Written by \`node bench/report.ts\`. Machines are noisy; read ratios, not microseconds. How exact the measuring itself is stands in
the tests (test/e2e/truth.test.ts), against programs of known use.

${sections.join('\n')}`;
}
