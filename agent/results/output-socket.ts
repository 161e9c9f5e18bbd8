/**
 * Figures of the programs of a pod: they connect to a Unix socket in a volume that they share with the agent and write a
 * line for each, `loss 0.25`, or one for each result of a report (result-line.ts). Whoever can reach the socket is believed in nothing: only names that the workload declared
 * are taken, lines are cut, connections are few, and what does not fit is passed over.
 */
import { rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { MEASURES_SOCKET } from '../../protocol/names.ts';
import { FigureIntake } from './figure-intake.ts';
import { LineReader } from './line-reader.ts';
import type { OutputSeries } from './output-series.ts';
import { parseResultLine } from './result-line.ts';

const LONGEST_LINE_BYTES = 256;
const MOST_CONNECTIONS = 64;
/** `loss 0.25`, `loss=0.25`. */
const LINE = /^\s*([A-Za-z_][A-Za-z0-9_]*)[ =\t]+(\S+)\s*$/;

export interface OutputSocketOptions {
  readonly folder: string;
  /** Single figures, and families of results: `fio.*`. */
  readonly names: readonly string[];
  readonly series: OutputSeries;
  readonly monotonicMs: () => number;
  readonly log: (message: string) => void;
}

export class OutputSocket {
  readonly #options: OutputSocketOptions;
  readonly #names: ReadonlySet<string>;
  /** What the names of results may begin with. */
  readonly #families: readonly string[];
  readonly #intake: FigureIntake;
  readonly #server: Server;
  readonly #connections = new Set<Socket>();

  constructor(options: OutputSocketOptions) {
    this.#options = options;
    this.#names = new Set(options.names);
    this.#families = options.names.filter((name) => name.endsWith('.*')).map((name) => name.slice(0, -1));
    this.#intake = new FigureIntake(options.series, options.monotonicMs);
    this.#server = createServer((connection) => this.#accept(connection));
    this.#server.maxConnections = MOST_CONNECTIONS;
    this.#server.on('error', (error) => this.#fail(error));
    this.#listen(join(options.folder, MEASURES_SOCKET));
  }

  /** Takes no more; the results are final. */
  close(): void {
    this.#options.series.results(this.#intake.results());
    this.#options.series.finish();
    for (const connection of this.#connections) connection.destroy();
    this.#server.close();
  }

  #listen(path: string): void {
    // The programs may have any user. Their volume is not ours: a path in it is never followed to change a mode.
    const mask = process.umask(0);
    try {
      // That of an agent that was here before and was killed.
      rmSync(path, { force: true, recursive: true });
      this.#server.listen(path);
    } catch (error) {
      this.#fail(error);
    } finally {
      process.umask(mask);
    }
  }

  #fail(error: unknown): void {
    const detail = error instanceof Error ? error.message : String(error);
    this.#options.log(`figures of the programs cannot be taken: ${detail}`);
  }

  #accept(connection: Socket): void {
    const lines = new LineReader(LONGEST_LINE_BYTES, (line) => this.#look(line));
    this.#connections.add(connection);
    connection.on('data', (bytes) => lines.push(bytes));
    connection.on('end', () => lines.end());
    connection.on('error', () => connection.destroy());
    connection.on('close', () => this.#connections.delete(connection));
  }

  #look(line: string): void {
    if (!this.#intake.mayLook()) return;
    const result = parseResultLine(line);
    if (result !== undefined) {
      if (this.#families.some((family) => result.name.startsWith(family))) this.#intake.report(result);
      return;
    }
    const [, name = '', value = ''] = LINE.exec(line) ?? [];
    if (this.#names.has(name)) this.#intake.note(name, value);
  }
}
