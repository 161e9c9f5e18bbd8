/**
 * The reports in the fixtures are as six versions of fio wrote them, each called in the same ways. What no version at
 * hand writes is an edited copy, made in the tests by the difference that each names.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseFioReport } from '../../../agent/storage-tools/fio-report.ts';
import { PodometerError } from '../../../protocol/errors.ts';
import { RESULT_NAME_PATTERN } from '../../../protocol/limits.ts';

const fixture = (name: string): string =>
  readFileSync(join(import.meta.dirname, '../../fixtures/storage-tools', name), 'utf8');
const VERSIONS = ['3.1', '3.16', '3.25', '3.33', '3.39'];
const mixed = fixture('fio-3.33-mixed.json');
const database = fixture('fio-3.33-database.json');

const valuesOf = (report: string): Record<string, number> =>
  Object.fromEntries(parseFioReport(report).map(({ name, value }) => [name, value]));

// biome-ignore lint/suspicious/noExplicitAny: a report is changed in ways that no type knows
function changed(report: string, change: (document: any) => void): string {
  const document = JSON.parse(report);
  change(document);
  return JSON.stringify(document);
}

const failsWith = (code: string, message: RegExp) => (error: unknown) =>
  error instanceof PodometerError && error.code === code && message.test(error.message);

for (const version of VERSIONS) {
  test(`every value is the one that fio ${version} reports, in the unit that its name has in fio`, () => {
    const report = fixture(`fio-${version}-mixed.json`);
    const [job] = JSON.parse(report).jobs;
    const expected = ['read', 'write'].map((direction) => {
      const { iops, bw, bw_bytes = bw * 1024, total_ios, io_bytes, lat_ns, clat_ns } = job[direction];
      const prefix = `fio.${direction}`;
      return {
        [`${prefix}.iops`]: iops,
        [`${prefix}.bandwidth`]: bw_bytes,
        [`${prefix}.ios`]: total_ios,
        [`${prefix}.bytes`]: io_bytes,
        [`${prefix}.lat.mean`]: lat_ns.mean / 1e9,
        [`${prefix}.lat.max`]: lat_ns.max / 1e9,
        [`${prefix}.clat.p50`]: clat_ns.percentile['50.000000'] / 1e9,
        [`${prefix}.clat.p90`]: clat_ns.percentile['90.000000'] / 1e9,
        [`${prefix}.clat.p95`]: clat_ns.percentile['95.000000'] / 1e9,
        [`${prefix}.clat.p99`]: clat_ns.percentile['99.000000'] / 1e9,
        [`${prefix}.clat.p99.9`]: clat_ns.percentile['99.900000'] / 1e9,
        [`${prefix}.clat.p99.99`]: clat_ns.percentile['99.990000'] / 1e9,
      };
    });
    assert.deepEqual(valuesOf(report), Object.assign({}, ...expected));
  });

  test(`several jobs of fio ${version} are told apart by their names`, () => {
    const report = fixture(`fio-${version}-database.json`);
    const values = valuesOf(report);
    const [data, log] = JSON.parse(report).jobs;
    assert.equal(values['fio.data.read.iops'], data.read.iops);
    assert.equal(values['fio.log.write.iops'], log.write.iops);
    assert.ok(!('fio.log.read.iops' in values), 'a direction without operations has no results');
    assert.ok(!('fio.data.sync.lat.max' in values), 'nor has a job without flushes');
  });

  test(`trims of fio ${version} are a direction of their own, and a list of few percentiles gives few`, () => {
    const report = fixture(`fio-${version}-trim.json`);
    const [{ trim }] = JSON.parse(report).jobs;
    const values = valuesOf(report);
    assert.equal(values['fio.trim.iops'], trim.iops);
    assert.equal(values['fio.trim.clat.p50'], trim.clat_ns.percentile['50.000000'] / 1e9);
    const percentiles = Object.keys(values).filter((name) => /^fio\.trim\.clat\.p/.test(name));
    assert.deepEqual(percentiles, ['fio.trim.clat.p50', 'fio.trim.clat.p99']);
  });
}

for (const version of VERSIONS.filter((one) => one !== '3.1')) {
  test(`flushes of fio ${version} are results of their own`, () => {
    const report = fixture(`fio-${version}-database.json`);
    const values = valuesOf(report);
    const { lat_ns } = JSON.parse(report).jobs[1].sync;
    assert.equal(values['fio.log.sync.lat.mean'], lat_ns.mean / 1e9);
    assert.equal(values['fio.log.sync.lat.p99'], lat_ns.percentile['99.000000'] / 1e9);
    assert.equal(values['fio.log.sync.ios'], lat_ns.N);
  });

  test(`percentiles of fio ${version} are those of the whole latency where a job asks for them`, () => {
    const report = fixture(`fio-${version}-lat-percentiles.json`);
    const [{ read }] = JSON.parse(report).jobs;
    const values = valuesOf(report);
    assert.equal(values['fio.read.lat.p99'], read.lat_ns.percentile['99.000000'] / 1e9);
    assert.equal(values['fio.read.lat.mean'], read.lat_ns.mean / 1e9);
    assert.ok(!('fio.read.clat.p99' in values));
  });
}

test('a count of flushes that fio 3.16 leaves at zero is none, and any other is taken', () => {
  const report = fixture('fio-3.16-database.json');
  assert.ok(!('fio.log.sync.ios' in valuesOf(report)));
  const counted = changed(report, ({ jobs: [, log] }) => {
    log.sync.total_ios = 255;
  });
  assert.equal(valuesOf(counted)['fio.log.sync.ios'], 255);
});

test('a count of flushes that is no number is refused, and not passed over', () => {
  const many = changed(database, ({ jobs: [, log] }) => {
    log.sync.lat_ns.N = 'many';
  });
  assert.throws(
    () => parseFioReport(many),
    failsWith('PODO_TOOL_REPORT', /fio\.log\.sync has no number "N"/),
  );
});

test('fio 3.1 tells of no flushes, and its percentiles of the whole latency stand where it puts them', () => {
  assert.deepEqual(
    Object.keys(valuesOf(fixture('fio-3.1-database.json'))).filter((name) => name.includes('sync')),
    [],
  );
  const report = fixture('fio-3.1-lat-percentiles.json');
  const [{ read }] = JSON.parse(report).jobs;
  assert.equal(valuesOf(report)['fio.read.clat.p99'], read.clat_ns.percentile['99.000000'] / 1e9);
});

test('an edited copy in which a direction is missing, or a number is none, is read or refused, never guessed', () => {
  const lacking = changed(mixed, ({ jobs: [job] }) => {
    delete job.trim;
  });
  assert.deepEqual(valuesOf(lacking), valuesOf(mixed));
  const odd = changed(mixed, ({ jobs: [job] }) => {
    job.read.iops = 'many';
  });
  assert.throws(() => parseFioReport(odd), failsWith('PODO_TOOL_REPORT', /fio\.read has no number "iops"/));
});

test('higher is better for rates, lower for latency, and amounts are neither', () => {
  const betters = new Map(parseFioReport(mixed).map(({ name, better }) => [name, better]));
  assert.deepEqual(
    ['fio.read.iops', 'fio.read.bandwidth', 'fio.read.clat.p99', 'fio.read.bytes'].map((name) =>
      betters.get(name),
    ),
    ['higher', 'higher', 'lower', 'neutral'],
  );
});

test('warnings before the document are passed over', () => {
  assert.deepEqual(valuesOf(`note: both iodepth >= 1 and a synchronous engine\n${mixed}`), valuesOf(mixed));
});

test('a version with more fields than are known is read as before', () => {
  const next = changed(mixed, (document) => {
    document.client_stats = [];
    document.jobs[0].read.prio_class = { 0: { clat_ns: { min: 1 } } };
  });
  assert.deepEqual(valuesOf(next), valuesOf(mixed));
});

test('a report of fio 2, whose latencies are in microseconds, is refused and not misread', () => {
  const two = fixture('fio-2.2.10-mixed.json');
  assert.throws(() => parseFioReport(two), failsWith('PODO_TOOL_REPORT', /no latency in nanoseconds/));
});

test('jobs of one name, and names with anything in them, become names of results', () => {
  const odd = changed(database, ({ jobs }) => {
    jobs[0].jobname = 'ä b\u001b[31m';
    jobs[1].jobname = 'ä b\u001b[31m';
  });
  const names = parseFioReport(odd).map(({ name }) => name);
  assert.ok(names.every((name) => new RegExp(RESULT_NAME_PATTERN).test(name)));
  assert.equal(new Set(names).size, names.length);
});

test('a job that failed fails the run, and what is no report is named', () => {
  const failed = changed(mixed, ({ jobs: [job] }) => {
    job.error = 28;
  });
  assert.throws(() => parseFioReport(failed), failsWith('PODO_TOOL_FAILED', /error 28/));
  assert.throws(() => parseFioReport(''), failsWith('PODO_TOOL_REPORT', /no JSON/));
  assert.throws(() => parseFioReport(mixed.slice(0, 500)), failsWith('PODO_TOOL_REPORT', /./));
  assert.throws(() => parseFioReport('{"jobs": []}'), failsWith('PODO_TOOL_REPORT', /no job/));
});
