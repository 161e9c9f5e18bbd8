/**
 * compress.js LEVEL MEGABYTES: the CPU-bound worker. Makes up MEGABYTES of web server log, the same at every start,
 * and writes it compressed (gzip, LEVEL 1 to 9) to its standard output.
 */
import { once } from 'node:events';
import { createGzip } from 'node:zlib';

const MEGABYTE = 2 ** 20;
const PATHS = ['/', '/basket', '/search?q=shoes', '/item/', '/account/orders', '/static/app.css'];
const AGENTS = ['curl/8.9', 'Mozilla/5.0 (X11; Linux x86_64)', 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0)'];

const [level, megabytes = 0] = process.argv.slice(2).map(Number);

const gzip = createGzip({ level });
gzip.pipe(process.stdout);
const log = makeLog(2 * MEGABYTE);
for (let written = 0; written < megabytes; written += 1) {
  // Another stretch of the log each time, so that no two megabytes are alike.
  const start = (written * 32_749) % MEGABYTE;
  if (!gzip.write(log.subarray(start, start + MEGABYTE))) await once(gzip, 'drain');
}
gzip.end();

/**
 * At least `length` bytes of log lines.
 * @param {number} length
 */
function makeLog(length) {
  const random = makeRandom(7);
  const lines = [];
  for (let size = 0; size < length; ) {
    const address = `10.${random(256)}.${random(256)}.${random(256)}`;
    const path = PATHS[random(PATHS.length)] + random(5_000);
    const line = `${address} - - "GET ${path}" 200 ${random(60_000)} "${AGENTS[random(AGENTS.length)]}"\n`;
    lines.push(line);
    size += line.length;
  }
  return Buffer.from(lines.join(''));
}

/**
 * Whole numbers below a bound, in the same order at every start (a linear congruential generator).
 * @param {number} seed
 * @returns {(bound: number) => number}
 */
function makeRandom(seed) {
  let state = seed;
  return (bound) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}
