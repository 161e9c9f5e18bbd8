/** /proc/PID/status: one `Name:\tvalue` a line. Memory in kB; a zombie and a kernel thread have no memory lines. */
import { ascii, keyedIntegers } from './bytes.ts';
import { readOnce, type Unreadable } from './proc-file.ts';
import type { Refuse } from './too-large.ts';

export const statusFields = [
  'VmHWM',
  'RssAnon',
  'RssFile',
  'RssShmem',
  'VmSwap',
  'voluntary_ctxt_switches',
  'nonvoluntary_ctxt_switches',
] as const;

const NAMES = statusFields.map((field) => ascii(`${field}:`));
const MEMORY_FIELDS = 5;
const KIB = 1024;

/** `into`: one number per field; memory in bytes, switches of the thread whose file it is. */
export function parseStatus(bytes: Uint8Array, into: Float64Array, refuse?: Refuse): void {
  keyedIntegers(bytes, NAMES, into, refuse);
  for (let i = 0; i < MEMORY_FIELDS; i++) into[i] = (into[i] as number) * KIB;
}

/** As whom a process runs. Numbers are those of the reader's user namespace. */
export interface Identity {
  readonly uid: number;
  readonly effectiveUid: number;
  readonly gid: number;
  readonly effectiveGid: number;
  /** Its pid in the innermost PID namespace that it is in; undefined on kernels before 4.1. */
  readonly innermostPid: number | undefined;
  /** Set of effective capabilities, one bit each (capabilities(7)). */
  readonly effectiveCapabilities: bigint;
}

/** Read once per process, by way of strings. */
export function readIdentity(procRoot: string, pid: number | 'self'): Identity | Unreadable {
  const bytes = readOnce(`${procRoot}/${pid}/status`);
  return Buffer.isBuffer(bytes) ? parseIdentity(bytes.toString('latin1')) : bytes;
}

export function parseIdentity(text: string): Identity {
  const [uid = Number.NaN, effectiveUid = Number.NaN] = words(text, 'Uid').map(Number);
  const [gid = Number.NaN, effectiveGid = Number.NaN] = words(text, 'Gid').map(Number);
  const [capabilities = '0'] = words(text, 'CapEff');
  return {
    uid,
    effectiveUid,
    gid,
    effectiveGid,
    innermostPid: words(text, 'NSpid').map(Number).at(-1),
    effectiveCapabilities: BigInt(`0x${capabilities}`),
  };
}

function words(text: string, field: string): string[] {
  return new RegExp(`^${field}:\\s+(.*)$`, 'm').exec(text)?.[1]?.trim().split(/\s+/) ?? [];
}
