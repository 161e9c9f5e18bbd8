/**
 * /proc/PID/mountinfo: what is mounted where for a process, a line per mount: `id parent major:minor root path options
 * tag* - kind source super-options` (proc(5)).
 */

export interface Mount {
  /** The part of its file system that is mounted. */
  readonly root: string;
  /** Where. */
  readonly path: string;
  readonly isReadOnly: boolean;
  /** The kind of the file system: `ext4`, `tmpfs`, … */
  readonly kind: string;
}

/** In the order in which they were mounted. */
export function parseMounts(text: string): Mount[] {
  return text.split('\n').flatMap((line) => {
    const [front = '', back] = line.split(' - ');
    const [, , , root = '', path = '', options = ''] = front.split(' ');
    const [kind] = (back ?? '').split(' ');
    if (!kind) return [];
    const isReadOnly = options.split(',').includes('ro');
    return [{ root: unescaped(root), path: unescaped(path), isReadOnly, kind }];
  });
}

/** Blanks, tabs, line breaks and backslashes are written in octal. */
function unescaped(text: string): string {
  return text.replaceAll(/\\([0-7]{3})/g, (_, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
}
