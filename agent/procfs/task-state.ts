/** /proc/PID/task/TID/stat, field 3: what one thread is at (proc(5)). Everybody may read it. */

export const threadStates = ['running', 'sleeping', 'uninterruptible', 'other'] as const;

/** `running`: on a CPU or ready for one. `uninterruptible`: waiting, and no signal wakes it: for storage as a rule. */
export type ThreadState = (typeof threadStates)[number];

const CLOSING = 0x29;
const BY_LETTER = new Map<string, ThreadState>([
  ['R', 'running'],
  ['S', 'sleeping'],
  ['D', 'uninterruptible'],
]);

/** The name of the thread stands before its state and may hold anything; nothing after it holds a parenthesis. */
export function parseTaskState(bytes: Buffer): ThreadState {
  return threadStateOf(String.fromCharCode(bytes[bytes.lastIndexOf(CLOSING) + 2] ?? 0));
}

/** The state for the kernel's letter. */
export function threadStateOf(letter: string): ThreadState {
  return BY_LETTER.get(letter) ?? 'other';
}
