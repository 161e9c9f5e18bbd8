/** Pairs of runs of a made-up program, in the second of which one process, known to us, takes longer. */
import { seededRandom } from '../../../../aggregator/query/statistics/seeded-random.ts';
import type { ProcessView } from '../../../../protocol/query.ts';

export type Fault = 'cpu' | 'disk' | 'queue' | 'sleep';

export interface GeneratedPair {
  readonly a: readonly ProcessView[];
  readonly b: readonly ProcessView[];
  readonly wallA: number;
  readonly wallB: number;
  /** The process that was slowed, and where it stands among those of its name under the same parents. */
  readonly slowed: { readonly comm: string; readonly place: number; readonly of: number };
  readonly fault: Fault;
}

/** One step of the program: its own work before its children, which run one after the other or all at once. */
interface Step {
  readonly comm: string;
  readonly container: string;
  readonly workSeconds: number;
  readonly isParallel: boolean;
  readonly children: readonly Step[];
}

const NAMES = ['sh', 'gcc', 'ld', 'sort', 'gzip', 'python3', 'node'];
const FAULTS: readonly Fault[] = ['cpu', 'disk', 'queue', 'sleep'];

/** The same seed makes the same pair. A pair whose wall time the fault hardly changes is made again with another fault. */
export function generatedPair(seed: number): GeneratedPair {
  const random = seededRandom(seed);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const program = stepOf(random, 'main', 0);
  for (;;) {
    const fault = pick(FAULTS);
    const steps = allSteps(program);
    const slowed = pick(steps.slice(1));
    const extra = wallOf(program) * (0.2 + random());
    const a = played(program, { random, slowed: undefined, fault, extra });
    const b = played(program, { random, slowed, fault, extra });
    if (b.wall / a.wall < 1.1) continue;
    const alike = b.processes.filter((one) => pathOf(one, b.processes) === pathOf(b.slowed, b.processes));
    alike.sort((x, y) => x.startMs - y.startMs);
    return {
      a: a.processes,
      b: b.processes,
      wallA: a.wall,
      wallB: b.wall,
      slowed: { comm: slowed.comm, place: alike.indexOf(b.slowed) + 1, of: alike.length },
      fault,
    };
  }
}

function stepOf(random: () => number, container: string, depth: number): Step {
  const most = depth === 0 ? 5 : depth < 3 ? 4 : 0;
  const least = depth === 0 ? 2 : 0;
  const count = Math.max(least, Math.floor(random() * (most + 1)));
  return {
    comm: NAMES[Math.floor(random() * NAMES.length)] as string,
    container,
    workSeconds: 0.5 + 4 * random(),
    isParallel: random() < 0.4,
    children: Array.from({ length: count }, () => stepOf(random, container, depth + 1)),
  };
}

function allSteps(step: Step): Step[] {
  return [step, ...step.children.flatMap(allSteps)];
}

function wallOf(step: Step): number {
  const below = step.children.map(wallOf);
  const inside = step.isParallel ? Math.max(0, ...below) : below.reduce((sum, one) => sum + one, 0);
  return step.workSeconds + inside;
}

interface Play {
  readonly random: () => number;
  readonly slowed: Step | undefined;
  readonly fault: Fault;
  readonly extra: number;
}

interface Played {
  readonly processes: ProcessView[];
  readonly wall: number;
  readonly slowed: ProcessView;
}

function played(program: Step, play: Play): Played {
  const processes: ProcessView[] = [];
  let slowed: ProcessView | undefined;
  const start = (step: Step, parent: string | undefined, at: number): number => {
    // No two runs are alike to more than a hundredth.
    const work = step.workSeconds * (1 + 0.01 * (play.random() - 0.5));
    const index = processes.length;
    const extra = step === play.slowed ? play.extra : 0;
    const process: ProcessView = {
      key: `0.${index}`,
      pid: 1000 + Math.floor(play.random() * 30_000),
      ...(parent !== undefined && { parent }),
      role: 'target',
      comm: step.comm,
      container: step.container,
      member: 'pod',
      startMs: at * 1000,
      cpuUserSeconds: work + (play.fault === 'cpu' ? extra : 0),
      blockIoDelaySeconds: play.fault === 'disk' ? extra : 0,
      runDelaySeconds: play.fault === 'queue' ? extra : 0,
      samples: 1,
    };
    processes.push(process);
    if (step === play.slowed) slowed = process;
    let now = at + work + extra;
    const beginning = now;
    for (const child of step.children) {
      const end = start(child, process.key, step.isParallel ? beginning + 0.001 * processes.length : now);
      now = Math.max(now, end);
    }
    processes[index] = Object.assign(process, { endMs: now * 1000 });
    return now;
  };
  const wall = start(program, undefined, 0);
  const [first] = processes as [ProcessView, ...ProcessView[]];
  return { processes, wall, slowed: slowed ?? first };
}

function pathOf(process: ProcessView, all: readonly ProcessView[]): string {
  const parent = all.find(({ key }) => key === process.parent);
  return `${parent === undefined ? '' : pathOf(parent, all)}/${process.comm}`;
}
