/** What rules saw of single processes and containers, told once where it holds for several alike. */
import type { Finding, FindingKind } from '../../../protocol/findings.ts';
import type { RunView } from '../../../protocol/query.ts';
import type { ContainerEntry, ProcessEntry } from '../../store/model.ts';
import { memberNoun, memberPhrase } from '../member-words.ts';
import { processKey } from '../summary.ts';

export interface Seen {
  readonly kind: FindingKind;
  readonly subject: ProcessEntry | ContainerEntry;
  /** Of several alike the one with the most is told. */
  readonly weight: number;
  readonly figures: Finding['figures'];
  /** `who`: the subject, with its pod where the run has several. */
  sentence(who: string): string;
}

/** One finding for all processes, or containers, of a name: that of the worst of them. */
export function toldOnce(seen: readonly Seen[], members: RunView['members'], kind: WorkloadKind): Finding[] {
  const groups = Map.groupBy(seen, ({ kind, subject }) => [kind, isProcess(subject), nameOf(subject)].join());
  return [...groups.values()].map((alike) => {
    const worst = alike.reduce((most, one) => (one.weight > most.weight ? one : most));
    const { subject } = worst;
    const member = members.length > 1 ? members[subject.member]?.name : undefined;
    const where = member === undefined ? '' : ` ${memberPhrase(kind, member)}`;
    const who = `${isProcess(subject) ? '' : 'Container '}\`${nameOf(subject)}\`${where}`;
    return {
      kind: worst.kind,
      ...(isProcess(subject) ? { process: processKey(subject) } : { container: subject.name }),
      ...(member !== undefined && { member }),
      sentence: `${worst.sentence(who)}${othersText(alike, members.length, kind)}`,
      figures: worst.figures,
    };
  });
}

type WorkloadKind = RunView['workload']['kind'];

function othersText(alike: readonly Seen[], members: number, kind: WorkloadKind): string {
  if (alike.length === 1) return '';
  const among = new Set(alike.map(({ subject }) => subject.member)).size;
  const [first] = alike;
  const noun = first !== undefined && isProcess(first.subject) ? 'processes' : 'containers';
  return among > 1
    ? ` So it is in ${among} of ${members} ${memberNoun(kind)}s; this is the worst.`
    : ` So it is with ${alike.length} ${noun} of this name; this is the worst.`;
}

function isProcess(subject: ProcessEntry | ContainerEntry): subject is ProcessEntry {
  return 'comm' in subject;
}

function nameOf(subject: ProcessEntry | ContainerEntry): string {
  return isProcess(subject) ? subject.comm : subject.name;
}
