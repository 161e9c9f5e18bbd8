/** Samples what the metrics read of storage: block devices and volumes, each a subject of its own that is named once. */
import type { ContainerTarget } from './containers.ts';
import type { Metric, MetricContext, Moment, StorageProbe } from './metrics/metric.ts';
import type { ProcessTable } from './process-table.ts';
import type { Recorder } from './recorder.ts';
import type { Rows } from './rows.ts';
import type { Schedule } from './schedule.ts';

export interface StorageSamplerParts {
  readonly metrics: readonly Metric[];
  readonly context: MetricContext;
  readonly recorder: Recorder;
  readonly schedule: Schedule;
}

interface OpenStorage {
  readonly probe: StorageProbe;
  /** Index of the container; undefined: the host's. */
  readonly container: number | undefined;
  /** By place. */
  readonly rows: Map<string, Rows>;
}

/** Devices, and volumes, that one container or host may have. */
const MOST_OF_A_KIND = 64;

export class StorageSampler {
  readonly #parts: StorageSamplerParts;
  readonly #table: ProcessTable;
  readonly #containers: OpenStorage[] = [];
  readonly #host: OpenStorage[] = [];
  /** Places of devices that a container's cgroup told: the host's figures of them are another story from then on. */
  readonly #toldByContainers = new Set<string>();
  /** Some container's cgroup tells of every device that it uses, so the host is not asked, also when it is gone. */
  #containersTellAll = false;
  #nextIndex = 0;
  #lastMs = Number.NEGATIVE_INFINITY;

  constructor(parts: StorageSamplerParts, table: ProcessTable) {
    this.#parts = parts;
    this.#table = table;
  }

  addContainer(container: ContainerTarget): void {
    this.#containers.push(...this.#openProbes(container));
  }

  /** The host's devices, and the volumes that the processes without a container see. */
  addHost(): void {
    this.#host.push(...this.#openProbes(undefined));
  }

  /** The host tells the devices that no container's cgroup does. `last`: it is read although it is not due. */
  sample({ atMs }: Moment, tick: number, last: boolean): void {
    if (!last && atMs - this.#lastMs < this.#parts.schedule.slowMs) return;
    this.#lastMs = atMs;
    for (const open of this.#containers) {
      const whole = this.#read(open, tick);
      this.#containersTellAll ||= whole && open.probe.kind === 'device';
    }
    for (const open of this.#host) {
      if (open.probe.kind === 'volume' || !this.#containersTellAll) this.#read(open, tick);
    }
  }

  close(): void {
    for (const { probe, rows } of [...this.#containers, ...this.#host]) {
      probe.close();
      for (const one of rows.values()) this.#parts.recorder.closeRows(one);
    }
  }

  #openProbes(container: ContainerTarget | undefined): OpenStorage[] {
    const { metrics, context } = this.#parts;
    const owner = { container, livingPid: () => this.#table.firstLiving(container?.index)?.pid };
    const probes = metrics.flatMap((metric) => metric.openStorage?.(owner, context) ?? []);
    return probes.map((probe) => ({ probe, container: container?.index, rows: new Map() }));
  }

  /** Answers what the probe does. */
  #read(open: OpenStorage, tick: number): boolean {
    const filled = new Set<Rows>();
    const isHostDevice = open.container === undefined && open.probe.kind === 'device';
    const whole = open.probe.sample((place, name) => {
      if (isHostDevice && this.#toldByContainers.has(place)) return undefined;
      const rows = open.rows.get(place) ?? this.#begin(open, place, name);
      if (rows !== undefined) filled.add(rows);
      return rows?.next;
    });
    for (const rows of filled) rows.append(tick);
    return whole;
  }

  #begin({ probe, container, rows }: OpenStorage, place: string, name: string | undefined): Rows | undefined {
    if (rows.size === MOST_OF_A_KIND) return undefined;
    const { recorder } = this.#parts;
    const index = this.#nextIndex++;
    if (container !== undefined && probe.kind === 'device') this.#toldByContainers.add(place);
    recorder.storage({ kind: probe.kind, index, container, place, name });
    const made = recorder.openRows(probe.kind, index, probe.columns);
    rows.set(place, made);
    return made;
  }
}
