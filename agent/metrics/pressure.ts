/**
 * `pressure`: what the cgroup of each container used, was refused and waited for, and the stalls of the host where the
 * cgroup has none of its own. In a local run the container is the cgroup that the command was started in, which other
 * programs may share.
 */
import { type ColumnName, columnByName } from '../../protocol/metrics.ts';
import type { CgroupFile } from '../procfs/cgroup/cgroup-file.ts';
import { v2Files } from '../procfs/cgroup/v2.ts';
import { ProcFile } from '../procfs/proc-file.ts';
import type { Metric, Probe } from './metric.ts';

export const pressure: Metric = {
  name: 'pressure',
  needs: 'the cgroup file system; a kernel with PSI for stalls',
  openContainer: ({ folders }) => {
    const files = folders.flatMap(({ folder, files }) =>
      files.flatMap((file) => open(`${folder}/${file.name}`, file)),
    );
    return files.length === 0 ? [] : [probe(files)];
  },
  openHost: ({ procRoot }) => {
    const files = ['cpu', 'memory', 'io'].flatMap((resource) => {
      const format = v2Files.find(({ name }) => name === `${resource}.pressure`);
      return format === undefined ? [] : open(`${procRoot}/pressure/${resource}`, format);
    });
    return files.length === 0 ? [] : [probe(files)];
  },
};

interface OpenFile {
  readonly file: ProcFile;
  readonly format: CgroupFile;
}

/** Empty where the file is not there: its controller is off, or the kernel is older. */
function open(path: string, format: CgroupFile): OpenFile[] {
  const file = ProcFile.open(path);
  return file instanceof ProcFile ? [{ file, format }] : [];
}

function probe(files: readonly OpenFile[]): Probe {
  const idOf = (name: ColumnName): number => columnByName(name)?.id ?? Number.NaN;
  const columns = files.flatMap(({ format }) => format.columns.map(idOf)).sort((a, b) => a - b);
  const places = files.map(({ format }) => ({
    values: new Float64Array(format.columns.length),
    positions: format.columns.map((name) => columns.indexOf(idOf(name))),
  }));
  return {
    columns,
    cadence: 'slow',
    sample: (row) => {
      files.forEach(({ file, format }, f) => {
        const bytes = file.read();
        const place = places[f];
        if (!Buffer.isBuffer(bytes) || place === undefined) return;
        format.parse(bytes, place.values);
        place.positions.forEach((position, i) => {
          row[position] = place.values[i] as number;
        });
      });
      return 'read';
    },
    close: () => {
      for (const { file } of files) file.close();
    },
  };
}
