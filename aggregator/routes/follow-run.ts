/** Tells a client what becomes of a run until it has ended. */
import type { RunView } from '../../protocol/query.ts';
import type { RunRecord } from '../store/model.ts';
import type { EventStream } from './event-stream.ts';

const BEAT_MS = 15_000;

export interface Followed {
  /**
   * The record as it is now; undefined once the run was deleted. Other processes may write it, so it is asked for
   * again and again.
   */
  read(): RunRecord | undefined;
  view(record: RunRecord): RunView;
  /** The record could not be read; the stream ends and the client connects again. */
  failed(error: unknown): void;
  readonly everyMs: number;
}

type Stream = Pick<EventStream, 'send' | 'beat' | 'end' | 'isBehind' | 'closed'>;

/** Sends `run` at once and after each change, `samples` after each new batch, and `end` when nothing more will come. */
export function followRun(stream: Stream, followed: Followed): void {
  const sent = { run: '', batches: '' };
  const look = (): void => {
    if (stream.isBehind) return;
    try {
      if (tellChanges(stream, followed, sent)) return;
      stream.send('end', {});
    } catch (error) {
      followed.failed(error);
    }
    stream.end();
  };
  const timers = [setInterval(look, followed.everyMs), setInterval(() => stream.beat(), BEAT_MS)];
  stream.closed.addEventListener('abort', () => {
    for (const timer of timers) clearInterval(timer);
  });
  look();
}

/** Answers whether the run goes on. */
function tellChanges(stream: Stream, followed: Followed, sent: { run: string; batches: string }): boolean {
  const record = followed.read();
  if (record === undefined) return false;
  const run = followed.view(record);
  const text = JSON.stringify(run);
  if (text !== sent.run) stream.send('run', run);
  const batches = record.members.map((member) => member.lastSequence).join();
  if (batches !== sent.batches) stream.send('samples', {});
  Object.assign(sent, { run: text, batches });
  return run.state === 'running';
}
