/**
 * Every process of the machine, by one call of `ps`: the way that macOS and the BSDs have, where there is no /proc.
 *
 * One line a process: pid, parent, start (`Wed Jul 29 15:37:10 2026`), program. `ps` words the start after the
 * locale and the time zone, so it must be run with LC_ALL=C and TZ=UTC.
 */
import { basename } from 'node:path/posix';

export interface ListedProcess {
  readonly pid: number;
  readonly ppid: number;
  /** ms since the Unix epoch, in whole seconds: `ps` tells no more. */
  readonly startMs: number;
  /** Name of the program, without its folder. */
  readonly comm: string;
}

/** Runs a program to its end and gives its standard output; rejects where it failed. */
export type RunProgram = (program: string, args: readonly string[]) => Promise<string>;

const LINE =
  /^\s*(\d+)\s+(\d+)\s+[A-Z][a-z]{2}\s+([A-Z][a-z]{2})\s+(\d{1,2})\s+(\d\d):(\d\d):(\d\d)\s+(\d{4})\s+(.*\S)\s*$/;

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** All processes that `ps` shows, this one and `ps` itself included. Rejects where `ps` cannot be run. */
export async function listProcesses(run: RunProgram): Promise<ListedProcess[]> {
  return parseProcessList(await run('ps', ['-A', '-o', 'pid=,ppid=,lstart=,comm=']));
}

/** The processes in the output of `ps`; a line of another form (a line break in a program's name) is left out. */
export function parseProcessList(output: string): ListedProcess[] {
  return output.split('\n').flatMap((line) => {
    const listed = parseLine(line);
    return listed === undefined ? [] : [listed];
  });
}

function parseLine(line: string): ListedProcess | undefined {
  const fields = LINE.exec(line);
  if (fields === null) return undefined;
  const [, pid, ppid, monthName = '', day, hour, minute, second, year, program = ''] = fields;
  const month = MONTHS.indexOf(monthName);
  if (month < 0) return undefined;
  return {
    pid: Number(pid),
    ppid: Number(ppid),
    startMs: Date.UTC(Number(year), month, Number(day), Number(hour), Number(minute), Number(second)),
    comm: basename(program),
  };
}
