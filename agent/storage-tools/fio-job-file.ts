/** What can be told of a fio job file before it runs. */
import { readFileSync } from 'node:fs';
import { systemCode } from '../../lib/errors.ts';
import { PodometerError } from '../../protocol/errors.ts';
import { sizeBytes } from './quantities.ts';

export interface JobFileNeeds {
  /** Size of all files that it names a size for. */
  readonly bytes: number;
  /** Jobs, with their copies. */
  readonly jobs: number;
}

/** Where a job says itself where its files are, it would leave the folder that it is given. */
const OWN_PLACE = /^(filename|directory|filename_format|opendir)$/;

/** Throws PODO_USAGE where it cannot be read, and PODO_VOLUME_REFUSED where it names files of its own. */
export function fioJobFileNeeds(file: string): JobFileNeeds {
  const sections = sectionsOf(readJobFile(file));
  const jobs = [...sections].filter(([name]) => name !== 'global');
  const global = sections.get('global') ?? new Map<string, string>();
  for (const [name, options] of sections) refuseOwnPlace(file, name, options);
  const needs = jobs.map(([, own]) => {
    const option = (key: string): string => own.get(key) ?? global.get(key) ?? '';
    const copies = Number(option('numjobs')) || 1;
    const bytes = sizeBytes(option('size') || option('filesize')) || 0;
    return { copies, bytes: bytes * copies };
  });
  return {
    bytes: needs.reduce((sum, { bytes }) => sum + bytes, 0),
    jobs: needs.reduce((sum, { copies }) => sum + copies, 0),
  };
}

function readJobFile(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new PodometerError(
      'PODO_USAGE',
      `The job file ${file} cannot be read (${systemCode(error)})`,
      'Give the path of a fio job file.',
      { cause: error },
    );
  }
}

function sectionsOf(text: string): Map<string, Map<string, string>> {
  const sections = new Map<string, Map<string, string>>();
  let current = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const [, section] = /^\s*\[(.*)\]\s*$/.exec(line) ?? [];
    const [, key, value = ''] = /^\s*([A-Za-z_]\w*)\s*(?:=\s*(.*?)\s*)?$/.exec(line) ?? [];
    if (section !== undefined) {
      current = section === 'global' ? (sections.get(section) ?? new Map()) : new Map();
      sections.set(uniqueName(section, sections), current);
    } else if (key !== undefined) current.set(key, value);
  }
  return sections;
}

/** Several jobs may have one name; all global sections are one. */
function uniqueName(name: string, sections: ReadonlyMap<string, unknown>): string {
  return name === 'global' || !sections.has(name) ? name : uniqueName(`${name} `, sections);
}

function refuseOwnPlace(file: string, section: string, options: ReadonlyMap<string, string>): void {
  const own = [...options.keys()].find((key) => OWN_PLACE.test(key));
  if (own === undefined) return;
  throw new PodometerError(
    'PODO_VOLUME_REFUSED',
    `The job file ${file} says itself where its files are: ${own}=${options.get(own)} in [${section.trim()}]`,
    'Leave that line out: the files are put into a new folder in PATH, and are removed from there.',
  );
}
