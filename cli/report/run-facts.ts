/** What a run was: under which circumstances its figures came about. */
import type { RunView } from '../../protocol/query.ts';
import type { HostFacts } from '../../protocol/run.ts';
import { ago, bytes, duration } from '../terminal/format.ts';
import type { LabelledLine } from './labelled-lines.ts';
import { tagsText } from './runs-table.ts';

/** `nowMs`: ms since the Unix epoch. */
export function runFacts(run: RunView, nowMs: number): LabelledLine[] {
  const { command, endedAt, host, note, tags, members } = run;
  const ended = endedAt === undefined ? '' : `, ended ${endedAt}`;
  return [
    ...given('command', command?.map(shellWord).join(' ')),
    { label: 'started', text: `${run.startedAt} (${ago(Date.parse(run.startedAt), nowMs)})${ended}` },
    ...given('members', members.length > 1 ? members.map(({ name }) => name).join(', ') : undefined),
    ...given('host', host && hostText(host)),
    intervalLine(run),
    ...given('metrics', run.metrics.length > 0 ? run.metrics.join(', ') : undefined),
    ...given('tags', tagsText(tags)),
    ...given('note', note),
    ...given('pinned', run.pinned ? 'yes: kept whatever its age' : undefined),
    { label: 'id', text: run.id },
  ];
}

function given(label: string, text: string | undefined): LabelledLine[] {
  return text ? [{ label, text }] : [];
}

function hostText(host: HostFacts): string {
  const machine = `${host.cpuModel}, ${host.cores} CPUs, ${bytes(host.memoryBytes)}`;
  const system = `${host.distribution ?? host.platform}, kernel ${host.kernel}`;
  const virtual = host.virtualization === undefined ? '' : `, ${host.virtualization}`;
  return `${host.hostname}: ${machine}, ${system}${virtual}`;
}

function intervalLine({ intervalMs, measures }: RunView): LabelledLine {
  const asked = duration(intervalMs / 1000);
  const { intervalSeconds } = measures;
  if (intervalSeconds === undefined || intervalSeconds * 1000 <= intervalMs)
    return { label: 'interval', text: asked };
  return {
    label: 'interval',
    text: `${asked}, stretched to ${duration(intervalSeconds)} by the CPU budget`,
    meaning: 'caution',
  };
}

/** As it would be typed in a shell. */
function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
