/**
 * The workload that `npm start` measures: it makes up a web server's log, compresses it and stores it, on several
 * processes that each need something else. Plain JavaScript, so that it runs wherever Node does.
 *
 *     node examples/demo/main.js [--compression-level 1..9] [--folder DIR]
 *
 *   main.js        the coordinator: passes the compressed log on, starts a short-lived check every 250 ms
 *   ├ compress.js  CPU: gzip, at the level that was asked for
 *   ├ store.js     disk: writes what was compressed, and flushes it
 *   ├ remember.js  memory: grows to 120 MB in 2.5 s
 *   └ sh, cksum    short-lived: reads the stored file again
 *
 * The log is the same at every start. From level 1 to level 9 the CPU time of compress.js rises about sixfold, the
 * run takes longer because it waits for it, and about a fifth less is written. Its files are gone when it ends.
 */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';

const LOG_MEGABYTES = 60;
const REMEMBERED_MEGABYTES = 120;
const REMEMBER_SECONDS = 2.5;
const CHECK_EVERY_MS = 250;
const CHECKS_PER_LINE = 4;
const CHECK = 'cksum <"$1" | cut -d " " -f 2';

const { level, folder } = prepare();
const file = join(folder, 'log.gz');
const startedMs = performance.now();
/** @type {Map<string, import('node:child_process').ChildProcess>} */
const workers = new Map();

for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
  process.once(signal, () => {
    cleanUp();
    process.kill(process.pid, signal);
  });
}

try {
  await work();
} catch (error) {
  console.error(`demo: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
} finally {
  cleanUp();
}

async function work() {
  say(`compressing ${LOG_MEGABYTES} MB of log at level ${level}`);
  const compress = startWorker('compress', level, LOG_MEGABYTES);
  const store = startWorker('store', file);
  startWorker('remember', REMEMBERED_MEGABYTES, REMEMBER_SECONDS);
  compress.stdout.pipe(store.stdin);
  // A worker that ended early is told by its exit code.
  store.stdin.on('error', () => {});

  const checks = setInterval(countedCheck(), CHECK_EVERY_MS);
  try {
    await Promise.all([...workers].map(([name, worker]) => succeeded(name, worker)));
  } finally {
    clearInterval(checks);
  }
  say(`done: ${await storedMegabytes()} MB stored`);
}

/**
 * @param {string} name
 * @param {(string | number)[]} args
 */
function startWorker(name, ...args) {
  const script = join(import.meta.dirname, `${name}.js`);
  const worker = spawn(process.execPath, [script, ...args.map(String)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  workers.set(name, worker);
  return worker;
}

/**
 * @param {string} name
 * @param {import('node:child_process').ChildProcess} worker
 */
async function succeeded(name, worker) {
  const [code, signal] = await once(worker, 'exit');
  if (code !== 0) throw new Error(`${name} ended with ${signal ?? code}`);
}

/** A check that says every so often what it found. */
function countedCheck() {
  let checks = 0;
  return async () => {
    checks += 1;
    const megabytes = await storedMegabytes().catch(() => undefined);
    if (megabytes !== undefined && checks % CHECKS_PER_LINE === 0) say(`${megabytes} MB stored`);
  };
}

/** Reads the whole stored file again, in a short-lived process of its own. */
async function storedMegabytes() {
  const { stdout } = await promisify(execFile)('sh', ['-c', CHECK, 'sh', file]);
  return (Number(stdout) / 1e6).toFixed(1);
}

/** @param {string} text */
function say(text) {
  console.log(`${((performance.now() - startedMs) / 1e3).toFixed(1).padStart(5)} s  ${text}`);
}

function cleanUp() {
  for (const worker of workers.values()) worker.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
}

/** The level that was asked for, and an empty folder of this run's own; ends with 2 where either cannot be. */
function prepare() {
  try {
    const { values } = parseArgs({
      options: {
        'compression-level': { type: 'string', default: '1' },
        folder: { type: 'string', default: tmpdir() },
      },
    });
    const level = values['compression-level'];
    if (!/^[1-9]$/.test(level))
      throw new Error(`--compression-level is ${level}; say a whole number from 1 to 9`);
    return { level, folder: mkdtempSync(join(values.folder, 'podometer-demo-')) };
  } catch (error) {
    console.error(`demo: ${error instanceof Error ? error.message : error}`);
    process.exit(2);
  }
}
