/** The path that a tool is to work on: whether it may, and whether there is room. */
import {
  closeSync,
  constants,
  openSync,
  readdirSync,
  readFileSync,
  type Stats,
  statfsSync,
  statSync,
} from 'node:fs';
import { systemCode } from '../../lib/errors.ts';
import { PodometerError } from '../../protocol/errors.ts';
import { sizeText } from './quantities.ts';
import type { StorageTool, ToolPlan } from './tool.ts';
import { unusableVolume, volumeFailure, volumeTooSmall } from './volume-error.ts';
import { isWorkFolder } from './work-folder.ts';

export interface VolumeConsent {
  /** Whatever a block device holds may be overwritten. */
  readonly allowDevice: boolean;
  /** A folder that holds something may be worked in, beside it. */
  readonly allowNonEmpty: boolean;
}

/** More than the files themselves: the file system's own records of them. */
const OVERHEAD = 1.02;
/** In which Linux counts, whatever the device has. */
const SECTOR_BYTES = 512;
/** What a new ext4 file system holds. */
const OF_THE_FILE_SYSTEM = 'lost+found';

/** Throws PODO_VOLUME_REFUSED, PODO_VOLUME_UNUSABLE or PODO_VOLUME_FULL. Changes nothing. */
export function inspectVolume(
  path: string,
  tool: StorageTool,
  plan: ToolPlan,
  consent: VolumeConsent,
): 'folder' | 'device' {
  const stats = statsOf(path);
  if (stats.isBlockDevice()) {
    requireDevice(path, tool, plan, consent);
    requireLargeEnough(path, stats, plan);
    return 'device';
  }
  if (!stats.isDirectory())
    throw unusableVolume(path, 'is no folder', 'Give the folder where the volume is mounted.');
  requireEmpty(path, consent);
  requireRoom(path, plan);
  return 'folder';
}

function statsOf(path: string): Stats {
  try {
    return statSync(path);
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT')
      throw unusableVolume(path, 'is not there', `Make it first: mkdir -p ${path}`, error);
    throw (
      volumeFailure(path, code, error) ??
      unusableVolume(path, `cannot be looked at (${code})`, 'Give a folder.', error)
    );
  }
}

function requireDevice(
  path: string,
  tool: StorageTool,
  plan: ToolPlan,
  { allowDevice }: VolumeConsent,
): void {
  if (plan.deviceBytes === undefined) {
    const way = `is a block device, and what ${tool.name} is asked for works with files`;
    throw unusableVolume(path, way, 'Give a folder.');
  }
  if (!allowDevice) {
    throw new PodometerError(
      'PODO_VOLUME_REFUSED',
      `${path} is a block device${plan.writesDevice ? ', and what it holds would be destroyed' : ''}`,
      'Give the folder where it is mounted; or, if you are sure, add --allow-device.',
    );
  }
  try {
    // The kernel grants this for a device that nobody has mounted or uses otherwise.
    closeSync(openSync(path, (plan.writesDevice ? constants.O_RDWR : constants.O_RDONLY) | constants.O_EXCL));
  } catch (error) {
    const code = systemCode(error);
    if (code === 'EBUSY')
      throw unusableVolume(path, 'is mounted or used otherwise', 'Unmount it first.', error);
    throw (
      volumeFailure(path, code, error) ??
      unusableVolume(path, `cannot be opened (${code})`, 'Give another path.', error)
    );
  }
}

/** fio goes to the end of a smaller device without a word, and would have measured another size than it was asked for. */
function requireLargeEnough(path: string, { rdev }: Stats, { deviceBytes }: ToolPlan): void {
  const size = deviceSize(rdev);
  if (size === undefined || deviceBytes === undefined || deviceBytes <= size) return;
  throw volumeTooSmall(path, `${sizeText(size)}, and ${sizeText(deviceBytes)} are to be worked on`);
}

/** Undefined where the system does not tell. */
function deviceSize(rdev: number): number | undefined {
  const number = `${(rdev >> 8) & 0xfff}:${(rdev & 0xff) | ((rdev >> 12) & 0xfff00)}`;
  try {
    return Number(readFileSync(`/sys/dev/block/${number}/size`, 'utf8')) * SECTOR_BYTES;
  } catch {
    return undefined;
  }
}

function requireEmpty(path: string, { allowNonEmpty }: VolumeConsent): void {
  const entries = entriesOf(path).filter((name) => name !== OF_THE_FILE_SYSTEM && !isWorkFolder(name));
  const [first] = entries;
  if (first === undefined || allowNonEmpty) return;
  const more = entries.length > 1 ? ` and ${entries.length - 1} more` : '';
  throw new PodometerError(
    'PODO_VOLUME_REFUSED',
    `${path} is not empty: it holds ${JSON.stringify(first)}${more}`,
    'Give an empty folder; or add --allow-non-empty: the tool works in a new folder beside what is there.',
  );
}

function entriesOf(path: string): string[] {
  try {
    return readdirSync(path);
  } catch (error) {
    throw volumeFailure(path, systemCode(error), error) ?? error;
  }
}

function requireRoom(path: string, { neededBytes, neededFiles }: ToolPlan): void {
  const { bavail, bsize, files, ffree } = statfsSync(path);
  const free = bavail * bsize;
  const needed = Math.ceil(neededBytes * OVERHEAD);
  if (needed > free) {
    throw volumeTooSmall(path, `${sizeText(free)} free, and ${sizeText(needed)} are needed`);
  }
  // Some file systems make inodes as they need them, and tell of none.
  if (files > 0 && neededFiles > ffree)
    throw volumeTooSmall(path, `room for ${ffree} files, and ${neededFiles} are needed`);
}
