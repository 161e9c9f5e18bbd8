/** What the subjects of series are called, apart from processes: containers, hosts, block devices, volumes and outputs. */
import type { ColumnSeries, RunDirectory, RunRecord } from '../store/model.ts';
import { processKey } from './summary.ts';

type SubjectOf = Pick<ColumnSeries, 'subject' | 'member' | 'index'>;

/**
 * Keys of subjects: of a process `member.index`, of a container its name, of a host its member's, of a device its name and
 * of a volume its mount path, of an output its name. What is a container's stands after its name and a colon (`main:/data`), and all of a run
 * with several members after the member's name and a slash.
 */
export function subjectKeys(record: RunRecord, directory: RunDirectory): (series: SubjectOf) => string {
  const containers = new Map(directory.containers.map((one) => [processKey(one), one.name]));
  const storage = storageByKey(directory);
  const outputs = new Map(directory.outputs?.map((one) => [processKey(one), one.name]));
  const keyWithin = (series: SubjectOf): string => {
    const { member, index } = series;
    if (series.subject === 'container') return containers.get(processKey(series)) ?? String(index);
    if (series.subject === 'output') return outputs.get(processKey(series)) ?? String(index);
    const entry = storage.get(processKey(series));
    if (entry === undefined) return String(index);
    const own = entry.kind === 'device' ? (entry.name ?? entry.place) : entry.place;
    const { container } = entry;
    if (container === undefined) return own;
    return `${containers.get(processKey({ member, index: container })) ?? container}:${own}`;
  };
  return (series) => {
    if (series.subject === 'process') return processKey(series);
    const member = record.members[series.member]?.name ?? String(series.member);
    if (series.subject === 'host') return member;
    const key = keyWithin(series);
    return record.members.length > 1 ? `${member}/${key}` : key;
  };
}

/** The name of a device or of a volume, where one is known. */
export function storageNames(directory: RunDirectory): (series: SubjectOf) => string | undefined {
  const storage = storageByKey(directory);
  return (series) => {
    const isStorage = series.subject === 'device' || series.subject === 'volume';
    return isStorage ? storage.get(processKey(series))?.name : undefined;
  };
}

function storageByKey({ storage = [] }: RunDirectory) {
  return new Map(storage.map((entry) => [processKey(entry), entry]));
}
