/**
 * /proc/PID/stat: one line, `pid (comm) state ppid …` (proc(5)). comm may hold blanks, parentheses and newlines, so
 * the fields are counted from the last parenthesis. Times are in clock ticks of 10 ms.
 */
import { integerAt, nextField } from './bytes.ts';
import { pageSizeBytes } from './page-size.ts';
import { ProcFile } from './proc-file.ts';
import { type Refuse, reportTooLarge } from './too-large.ts';

const OPENING = 0x28;
const CLOSING = 0x29;
/** A comm has at most 15 bytes, those of some kernel threads 63. */
const LONGEST_COMM = 64;
const ZOMBIE = 0x5a;
const DEAD = 0x58;
const RUNNING = 0x52;

/** Numbers of the fields as proc(5) counts them. */
const FIELDS = {
  ppid: 4,
  processGroup: 5,
  session: 6,
  minorFaults: 10,
  majorFaults: 12,
  utimeTicks: 14,
  stimeTicks: 15,
  cutimeTicks: 16,
  cstimeTicks: 17,
  threads: 20,
  startTicks: 22,
  vsizeBytes: 23,
  rssPages: 24,
  blockIoDelayTicks: 42,
} as const;

const FIRST_AFTER_COMM = 3;
const LAST_FIELD = FIELDS.blockIoDelayTicks;
const NAMES: readonly (string | undefined)[] = namesByNumber();
const WANTED = Uint8Array.from(NAMES, (name) => (name === undefined ? 0 : 1));

function namesByNumber(): (string | undefined)[] {
  const names = new Array<string | undefined>(LAST_FIELD + 1).fill(undefined);
  for (const [name, number] of Object.entries(FIELDS)) names[number] = name;
  return names;
}

/** The fields of one line, by number; NaN where an older kernel has fewer. */
export class Stat {
  readonly #fields = new Float64Array(LAST_FIELD + 1).fill(Number.NaN);
  #state = 0;
  #comm = Buffer.alloc(0);
  #commIsNew = false;
  /** The fields as they were printed, until one is asked for: between ticks only the state is, of most processes. */
  #printed = Buffer.alloc(0);
  #printedLength = 0;
  #isParsed = true;

  /** `refuse` is told of the values that are absent because they are too large. */
  parse(bytes: Buffer, refuse?: Refuse): void {
    let opening = 0;
    while (opening < bytes.length && bytes[opening] !== OPENING) opening++;
    let closing = Math.min(bytes.length, opening + 1 + LONGEST_COMM);
    while (closing > opening && bytes[closing] !== CLOSING) closing--;
    this.#noteComm(bytes, opening + 1, closing);
    const offset = Math.min(bytes.length, closing + 2);
    this.#state = bytes[offset] ?? 0;
    if (refuse === undefined) this.#keepPrinted(bytes, offset);
    else this.#parseFields(bytes, offset, refuse);
  }

  #keepPrinted(bytes: Buffer, offset: number): void {
    const length = bytes.length - offset;
    if (this.#printed.length < length) this.#printed = Buffer.allocUnsafeSlow(2 * length);
    this.#printedLength = bytes.copy(this.#printed, 0, offset);
    this.#isParsed = false;
  }

  #parseFields(bytes: Uint8Array, stateOffset: number, refuse?: Refuse): void {
    this.#isParsed = true;
    let offset = stateOffset;
    for (let field = FIRST_AFTER_COMM + 1; field <= LAST_FIELD; field++) {
      offset = nextField(bytes, offset);
      if (WANTED[field] === 0) continue;
      const value = integerAt(bytes, offset);
      this.#fields[field] = value;
      if (refuse !== undefined && Number.isNaN(value)) {
        reportTooLarge(bytes, offset, NAMES[field] as string, refuse);
      }
    }
  }

  /** R running, S sleeping, D waiting and not to be interrupted, T stopped, Z zombie, … (proc(5)). */
  get state(): string {
    return String.fromCharCode(this.#state);
  }
  /** True for a zombie, and for a process that the kernel is taking down. */
  get hasEnded(): boolean {
    return this.#state === ZOMBIE || this.#state === DEAD;
  }

  /** True where it neither has a CPU nor waits for one. */
  get isAsleep(): boolean {
    return this.#state !== RUNNING && !this.hasEnded;
  }

  get ppid(): number {
    return this.#field(FIELDS.ppid);
  }
  get processGroup(): number {
    return this.#field(FIELDS.processGroup);
  }
  get session(): number {
    return this.#field(FIELDS.session);
  }
  get minorFaults(): number {
    return this.#field(FIELDS.minorFaults);
  }
  get majorFaults(): number {
    return this.#field(FIELDS.majorFaults);
  }
  get utimeTicks(): number {
    return this.#field(FIELDS.utimeTicks);
  }
  get stimeTicks(): number {
    return this.#field(FIELDS.stimeTicks);
  }
  /** User time of the children that were waited for, and of theirs. */
  get cutimeTicks(): number {
    return this.#field(FIELDS.cutimeTicks);
  }
  get cstimeTicks(): number {
    return this.#field(FIELDS.cstimeTicks);
  }
  get threads(): number {
    return this.#field(FIELDS.threads);
  }
  /** Clock ticks between boot and the start of the process. */
  get startTicks(): number {
    return this.#field(FIELDS.startTicks);
  }
  get vsizeBytes(): number {
    return this.#field(FIELDS.vsizeBytes);
  }
  get rssBytes(): number {
    return this.#field(FIELDS.rssPages) * pageSizeBytes();
  }
  /** Zero where the kernel does not account delays. */
  get blockIoDelayTicks(): number {
    return this.#field(FIELDS.blockIoDelayTicks);
  }
  get comm(): string {
    return this.#comm.toString('utf8');
  }
  /**
   * The name of the program (at most 15 bytes; what is no UTF-8 becomes U+FFFD) where it is another one than at the
   * last call: a new process, or an exec. Undefined where it is the same.
   */
  takeNewComm(): string | undefined {
    if (!this.#commIsNew) return undefined;
    this.#commIsNew = false;
    return this.#comm.toString('utf8');
  }

  #noteComm(bytes: Buffer, start: number, end: number): void {
    if (this.#isComm(bytes, start, end)) return;
    this.#comm = Buffer.from(bytes.subarray(start, end));
    this.#commIsNew = true;
  }

  #isComm(bytes: Buffer, start: number, end: number): boolean {
    const comm = this.#comm;
    if (end - start !== comm.length) return false;
    for (let i = 0; i < comm.length; i++) if (bytes[start + i] !== comm[i]) return false;
    return true;
  }

  #field(number: number): number {
    if (!this.#isParsed) this.#parseFields(this.#printed.subarray(0, this.#printedLength), 0);
    return this.#fields[number] as number;
  }
}

/** The kept-open `stat` of one process, with what it said last. */
export class StatFile extends Stat {
  readonly pid: number;
  readonly #file: ProcFile;

  private constructor(pid: number, file: ProcFile) {
    super();
    this.pid = pid;
    this.#file = file;
  }

  /** Opens and reads it; undefined where there is no such process (any more). */
  static open(procRoot: string, pid: number): StatFile | undefined {
    const file = ProcFile.open(`${procRoot}/${pid}/stat`);
    if (!(file instanceof ProcFile)) return undefined;
    const stat = new StatFile(pid, file);
    if (stat.read() === 'read') return stat;
    stat.close();
    return undefined;
  }

  /** Reads it again. `gone`: the process has been waited for. */
  read(refuse?: Refuse): 'read' | 'gone' {
    const bytes = this.#file.read();
    if (!Buffer.isBuffer(bytes) || bytes.length === 0) return 'gone';
    this.parse(bytes, refuse);
    return 'read';
  }

  close(): void {
    this.#file.close();
  }
}
