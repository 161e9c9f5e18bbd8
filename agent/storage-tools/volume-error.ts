import { PodometerError } from '../../protocol/errors.ts';

/** As the tool ended, or its files could not be made: the system's code, as a failure of the volume; undefined for others. */
export function volumeFailure(
  path: string,
  code: string | undefined,
  cause: unknown,
): PodometerError | undefined {
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new PodometerError(
        'PODO_VOLUME_FULL',
        `The volume of ${path} is full (${code})`,
        'Give a smaller --size, or free some space. What the tool wrote is removed.',
        { cause },
      );
    case 'EROFS':
      return unusableVolume(path, 'is on a file system that is read-only', 'Mount it for writing.', cause);
    case 'EACCES':
    case 'EPERM':
      return unusableVolume(
        path,
        'may not be written by this user',
        'Run as a user who may, or give another folder.',
        cause,
      );
    default:
      return undefined;
  }
}

export function volumeTooSmall(path: string, what: string): PodometerError {
  return new PodometerError(
    'PODO_VOLUME_FULL',
    `${path} has ${what}`,
    'Give a smaller --size, or free some space.',
  );
}

/** `what` follows the path. */
export function unusableVolume(path: string, what: string, mend: string, cause?: unknown): PodometerError {
  return new PodometerError('PODO_VOLUME_UNUSABLE', `${path} ${what}`, mend, { cause });
}
