/**
 * `time`: when each process became another program. Starts, ends and gaps stand in every run, whatever its metrics;
 * this adds an event for every exec, by which a wrapper is told from the program that it became.
 */
import type { Metric } from './metric.ts';

export const time: Metric = {
  name: 'time',
  needs: 'nothing',
  execed: (process, comm, moment, { event }) => {
    const message = `pid ${process.pid} became ${comm}`;
    event({ atMs: Math.round(moment.atMs), kind: 'exec', process: process.index, message });
  },
};
