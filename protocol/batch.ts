/**
 * # The batch: an agent's numbered parcel of samples and events
 *
 * What an agent sends is what the aggregator stores: the bytes are checked, then appended as they are.
 *
 *     batch    = "PODB" version:u8 record* end
 *     record   = type:u8 length:varint payload
 *     end      = 0:u8 crc32:u32le          over everything before it
 *
 * All integers are LEB128 varints unless said otherwise; `zz` is a zigzag varint; `str` is a varint length and UTF-8.
 * A record of an unknown type is skipped (its length says how far), so that an older aggregator keeps what a newer
 * agent sends. Records stand in the order below, each type at most once.
 *
 *     1 HEADER       agent:16 bytes  sequence  epochMs  run:str
 *     2 DECLARATION  JSON, RunDeclaration           (first batch; again when it changed; the last one wins)
 *     3 STRINGS      count  str*                    (what other records of this batch refer to)
 *     4 CONTAINERS   count  (index  name:string-index)*
 *     5 PROCESSES    count  (index  pid  parent+1  role:u8  start:zz  comm:string-index  args:string-index+1  container+1)*
 *     6 TICKS        count  first:zz  (delta-of-delta:zz)*      (ms since epochMs; strictly increasing)
 *     7 BLOCKS       length  block*                 (codec/block.ts; deflate-raw where that is shorter than `length`)
 *     8 ENDS         count  (index  end:zz  bound  exit:varint)*
 *     9 EVENTS       JSON, RunEvent[]
 *    10 TOTALS       count  (measure-id  value)*    (cumulative since the run's start; the last one wins)
 *    11 OUTCOME      JSON, RunOutcome               (last batch)
 *    12 STORAGE      count  (kind:u8  index  container+1  place:string-index  name:string-index+1)*
 *    13 OUTPUTS      count  (index  name:string-index  decimals:zz)*
 *    14 RESULTS      JSON, RunResult[]              (again when one changed; the last list wins)
 *
 * A process record with an index already sent replaces the earlier one (exec changed its name). The dictionary is
 * the batch's own, so that any batch can be read without those before it.
 */
import type { RunResult } from './results.ts';
import type { RunDeclaration, RunEvent, RunOutcome } from './run.ts';

export const BATCH_VERSION = 1;

/** `target`: what is measured. `agent`: the agent itself, shown apart. */
export type ProcessRole = 'target' | 'agent';

export interface ContainerRecord {
  readonly index: number;
  readonly name: string;
}

/** A process, or what changed in its name. Times are ms since the batch's `epochMs`, and may be negative. */
export interface ProcessRecord {
  readonly index: number;
  readonly pid: number;
  /** Index of the parent among this agent's processes; undefined where the parent is not one of them. */
  readonly parent: number | undefined;
  readonly role: ProcessRole;
  readonly startMs: number;
  readonly comm: string;
  /** Command line, arguments joined by a space; undefined where it is not recorded. */
  readonly args: string | undefined;
  /** Index of its container; undefined in local runs. */
  readonly container: number | undefined;
}

/** How the end of a process became known. */
export interface ProcessEnd {
  readonly index: number;
  readonly endMs: number;
  /** The true end lies in [endMs − boundMs, endMs]. */
  readonly boundMs: number;
  /** Wait status as the shell says it (0…255; 128+n for a signal); undefined where we are not the parent. */
  readonly exitCode: number | undefined;
}

export type StorageKind = 'device' | 'volume';

/** A block device or a mounted volume, as a container or the host has it. */
export interface StorageRecord {
  readonly kind: StorageKind;
  /** Counted over both kinds. */
  readonly index: number;
  /** Index of the container; undefined: the host's, and in local runs. */
  readonly container: number | undefined;
  /** `major:minor` of a device; where a volume is mounted. */
  readonly place: string;
  /** `sda`; the volume's name in the pod; undefined where it is not known. */
  readonly name: string | undefined;
}

/** A figure that the measured program tells while it runs, with a series of its own. */
export interface OutputRecord {
  readonly index: number;
  /** Several records may have one name: a further one begins where values left the range of the one before. */
  readonly name: string;
  /** Decimal places that are kept: stored integer ÷ 10^decimals = value. Negative: the value was rounded to tens, … */
  readonly decimals: number;
}

export type SubjectKindOnWire = 'process' | 'container' | 'host' | StorageKind | 'output';

/**
 * Rows of some columns of one subject. `ticks[i]` is an index into the batch's tick list, strictly increasing;
 * `values[c][i]` is the integer (−2^53 < v < 2^53) of column `columns[c]` at that tick. A column that could not be
 * read is not in the block: absent, never zero.
 */
export interface Block {
  readonly subject: SubjectKindOnWire;
  /** Index of the process, container, device, volume or output; 0 for the host. */
  readonly index: number;
  /** Column ids, strictly increasing. */
  readonly columns: readonly number[];
  readonly ticks: ArrayLike<number>;
  readonly values: readonly ArrayLike<number>[];
}

/** A batch in memory. Dictionary strings are resolved; string indexes live only on the wire. */
export interface Batch {
  /** Agent instance: 32 hex digits, new at every start of an agent. */
  readonly agent: string;
  /** 0, 1, 2, … of this agent instance, without holes. */
  readonly sequence: number;
  readonly run: string;
  /** Wall clock of the agent's time zero, ms since the Unix epoch. */
  readonly epochMs: number;
  readonly declaration?: RunDeclaration;
  readonly containers: readonly ContainerRecord[];
  readonly processes: readonly ProcessRecord[];
  /** Absent where there is none. */
  readonly storage?: readonly StorageRecord[];
  /** Absent where there is none. */
  readonly outputs?: readonly OutputRecord[];
  /** ms since `epochMs`. */
  readonly ticks: readonly number[];
  readonly blocks: readonly Block[];
  readonly ends: readonly ProcessEnd[];
  readonly events: readonly RunEvent[];
  /** Measure id → integer, cumulative. */
  readonly totals: ReadonlyMap<number, number>;
  readonly outcome?: RunOutcome;
  /** All results so far; absent where none changed. */
  readonly results?: readonly RunResult[];
}

/** What a batch holds that tells of nothing. */
export function emptyContent() {
  return {
    containers: [],
    processes: [],
    ticks: [],
    blocks: [],
    ends: [],
    events: [],
    totals: new Map<number, number>(),
  };
}
