/** Numbers, durations and moments as people read them. Every function is pure; a missing value is an en dash. */
const ABSENT = '–';
/** Between a number and its unit: no line breaks there. */
const GAP = '\u00a0';
const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;
const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;

/** Three significant digits without an exponent: 0.00123, 1.23, 12.3, 123, 1234. */
function significant(value: number): string {
  const magnitude = Math.abs(value);
  if (magnitude === 0) return '0';
  if (magnitude >= 100) return value.toFixed(0);
  if (magnitude >= 10) return value.toFixed(1);
  if (magnitude >= 1) return value.toFixed(2);
  return String(Number(value.toPrecision(2)));
}

const two = (value: number) => String(Math.floor(value)).padStart(2, '0');

/** Applies a format to a value that may be absent. */
export function shown(value: number | undefined | null, format: (value: number) => string): string {
  return value === undefined || value === null ? ABSENT : format(value);
}

/** A format with words around it; undefined for a value that is absent, of which nothing can be said. */
export function said<Value>(
  value: Value | undefined | null,
  words: (value: Value) => string,
): string | undefined {
  return value === undefined || value === null ? undefined : words(value);
}

/** What is known, with commas between; undefined where nothing is. */
export function listed(...parts: readonly (string | undefined)[]): string | undefined {
  const known = parts.filter((part) => part !== undefined);
  return known.length === 0 ? undefined : known.join(', ');
}

/** A formatted number without the zeros that end its fraction, for an axis: `2.00 GiB` is `2 GiB`. */
export function terse(text: string): string {
  return text.replace(/\.0+(?!\d)|(\.\d*[1-9])0+(?!\d)/, '$1');
}

/** Bytes in binary units. */
export function bytes(value: number): string {
  let scaled = value;
  let unit = 0;
  while (Math.abs(scaled) >= 1000 && unit < BYTE_UNITS.length - 1) {
    scaled /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? Math.round(scaled) : significant(scaled)}${GAP}${BYTE_UNITS[unit]}`;
}

export function bytesPerSecond(value: number): string {
  return `${bytes(value)}/s`;
}

/** Seconds as a duration: 340 ms, 12.3 s, 2 min 05 s, 1 h 03 min, 2 d 04 h. */
export function duration(seconds: number): string {
  if (seconds < 0) return `−${duration(-seconds)}`;
  if (seconds === 0) return `0${GAP}s`;
  if (seconds < 0.9995) return `${significant(seconds * 1000)}${GAP}ms`;
  if (seconds < 59.95) return `${significant(seconds)}${GAP}s`;
  const whole = Math.round(seconds);
  if (whole < HOUR) return pair(whole / MINUTE, 'min', whole % MINUTE, 's');
  if (whole < DAY) return pair(whole / HOUR, 'h', (whole % HOUR) / MINUTE, 'min');
  return pair(whole / DAY, 'd', (whole % DAY) / HOUR, 'h');
}

function pair(great: number, greatUnit: string, small: number, smallUnit: string): string {
  return [Math.floor(great), greatUnit, two(small), smallUnit].join(GAP);
}

/** Seconds since the start of a run, short enough for an axis: 0.25, 5 s, 1:30, 1:02:03. */
export function elapsed(seconds: number): string {
  if (seconds < 0) return `−${elapsed(-seconds)}`;
  if (seconds < MINUTE) return `${Number(seconds.toFixed(3))}${GAP}s`;
  const whole = Math.round(seconds);
  const minutesAndSeconds = `${two((whole % HOUR) / MINUTE)}:${two(whole % MINUTE)}`;
  if (whole < HOUR) return minutesAndSeconds.replace(/^0/, '');
  return `${Math.floor(whole / HOUR)}:${minutesAndSeconds}`;
}

export function cores(value: number): string {
  return value < 0.0005 ? '0' : significant(value);
}

/** A plain number; whole ones with separators. */
export function count(value: number): string {
  return Number.isInteger(value) ? grouped(value) : significant(value);
}

/** Written out, for a first use of Intl takes a command 20 ms. */
function grouped(integer: number): string {
  return String(integer).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** A ratio as a percentage. */
export function percent(ratio: number): string {
  return `${significant(ratio * 100)}${GAP}%`;
}

/** A change by a ratio: +12.5 %, −3.1 %, ×4.2 beyond a doubling. */
export function change(ratio: number): string {
  if (ratio >= 2) return `×${significant(ratio)}`;
  const difference = ratio - 1;
  if (Math.abs(difference) < 0.0005) return `±0${GAP}%`;
  return `${difference > 0 ? '+' : '−'}${percent(Math.abs(difference))}`;
}

/** A value in a unit of the catalogue: `s`, `By` or `1`. */
export function inUnit(unit: string): (value: number) => string {
  switch (unit) {
    case 's':
      return duration;
    case 'By':
      return bytes;
    case 'By/s':
      return bytesPerSecond;
    case '1/s':
      return (value) => `${count(Math.abs(value) < 1000 ? value : Math.round(value))}/s`;
    default:
      return count;
  }
}

/** A difference in a unit, with its sign. */
export function signed(value: number, format: (value: number) => string): string {
  if (value === 0) return '0';
  return `${value > 0 ? '+' : '−'}${format(Math.abs(value))}`;
}

/** An ISO moment in the reader's time zone: 2026-03-01 10:23:41. */
export function moment(iso: string): string {
  const at = new Date(iso);
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day} ${clock(at)}`;
}

/** The time of day: 10:23:41. */
export function clock(at: Date): string {
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}
