/**
 * A job file for fio. fio never sees it: what was read and found harmless here is what it is given, as arguments, so
 * that nothing can be said that was not looked at.
 */
import { readFileSync } from 'node:fs';
import { systemCode } from '../../lib/errors.ts';
import { PodometerError } from '../../protocol/errors.ts';
import { jobOption, refusedValue } from './fio-job-options.ts';
import { fioBytes } from './quantities.ts';

export interface FileJob {
  readonly name: string;
  /** With those of the global sections before it. */
  readonly options: ReadonlyMap<string, string>;
}

export interface JobNeeds {
  /** Of all copies. */
  readonly bytes: number;
  readonly files: number;
}

/** fio takes a longer line for two. */
const LONGEST_LINE = 4000;

/** Throws PODO_USAGE where it is none, and PODO_VOLUME_REFUSED where it says what it may not. */
export function readFioJobFile(file: string): FileJob[] {
  const jobs = new JobFileReader(file).read(textOf(file));
  if (jobs.length > 0) return jobs;
  throw unusable(file, 'has no job', 'Give it a section: [read], and below it rw=read.');
}

/** Throws PODO_USAGE where a size or a count of it is missing or not understood. */
export function jobNeeds(file: string, { name, options }: FileJob): JobNeeds {
  const asked = options.get('filesize') ?? options.get('size');
  if (asked === undefined)
    throw unusable(file, `gives [${name}] no size`, 'Add size=1g to it, or give --size.');
  const filesEach = count(options.get('nrfiles'));
  const copies = count(options.get('numjobs'));
  const filesBytes = largest(options.get('filesize') ?? '0') * filesEach;
  const bytes = copies * Math.max(filesBytes, largest(options.get('size') ?? '0'));
  if (Number.isFinite(bytes)) return { bytes, files: copies * filesEach };
  throw unusable(
    file,
    `has a size or a count in [${name}] that podometer does not understand: ${sizeLines(options)}`,
    'Give a size in bytes or with k, m, g or t (size=512m), and a count as a whole number.',
  );
}

function count(text = '1'): number {
  return /^[1-9]\d{0,5}$/.test(text) ? Number(text) : Number.NaN;
}

/** Files may be of any size between two. */
function largest(range: string): number {
  return Math.max(...range.split('-').map(fioBytes));
}

function sizeLines(options: ReadonlyMap<string, string>): string {
  return ['size', 'filesize', 'nrfiles', 'numjobs']
    .filter((key) => options.has(key))
    .map((key) => `${key}=${options.get(key)}`)
    .join(', ');
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw unusable(file, `cannot be read (${systemCode(error)})`, 'Give the path of a fio job file.', error);
  }
}

class JobFileReader {
  readonly #file: string;
  #global: ReadonlyMap<string, string> = new Map();
  #section: { readonly name: string; readonly options: Map<string, string> } | undefined;
  readonly #jobs: FileJob[] = [];

  constructor(file: string) {
    this.#file = file;
  }

  read(text: string): FileJob[] {
    for (const line of text.split(/\r?\n/)) this.#line(line);
    this.#endSection();
    return this.#jobs;
  }

  #line(whole: string): void {
    if (whole.length > LONGEST_LINE) throw this.#refused('a line that is too long', 'Make it shorter.');
    const line = whole.replace(/[;#].*/, '').trim();
    if (line === '') return;
    const [, section] = /^\[(.*)\]$/.exec(line) ?? [];
    if (section === undefined) this.#option(line);
    else this.#begin(section);
  }

  #begin(name: string): void {
    this.#endSection();
    // The names of its files begin with it.
    if (!/^[^/\\$\p{C}]{1,100}$/u.test(name)) {
      throw this.#refused(`a job [${name}]`, 'Give the job a plain name: its files are called after it.');
    }
    this.#section = { name, options: new Map(this.#global) };
  }

  #endSection(): void {
    const { name, options } = this.#section ?? { options: this.#global };
    if (name === 'global') this.#global = options;
    else if (name !== undefined) this.#jobs.push({ name, options });
  }

  #option(line: string): void {
    const [, key = line, value = ''] = /^([^=\s]+)\s*=?\s*(.*)$/.exec(line) ?? [];
    const place = `in [${this.#section?.name ?? ''}]`;
    const option = jobOption(key);
    if (option === undefined || this.#section === undefined) {
      throw this.#refused(
        `${key} ${place}, which podometer does not let a job file say`,
        'Leave that line out. What it may say stands in docs/storage-metrics.md; its files are put into a new folder in PATH.',
      );
    }
    const why = refusedValue(option, value);
    if (why !== undefined) throw this.#refused(`${key}=${value} ${place}`, `The value ${why}.`);
    this.#section.options.set(option, value);
  }

  #refused(what: string, mend: string): PodometerError {
    const said = what.replaceAll(/\p{C}/gu, ' ').slice(0, 300);
    return new PodometerError('PODO_VOLUME_REFUSED', `The job file ${this.#file} has ${said}`, mend);
  }
}

function unusable(file: string, what: string, mend: string, cause?: unknown): PodometerError {
  return new PodometerError('PODO_USAGE', `The job file ${file} ${what}`, mend, { cause });
}
