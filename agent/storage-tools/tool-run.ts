/** One run of a tool: where its report goes, what results come of it, and that nothing is left of it. */
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asPodometerError } from '../../lib/errors.ts';
import type { PodometerError } from '../../protocol/errors.ts';
import type { RunResult } from '../../protocol/results.ts';
import type { ChildExit } from '../launcher.ts';
import type { ResultSource } from '../results/result-source.ts';
import type { StorageTool } from './tool.ts';
import { toolFailed } from './tool-error.ts';
import { volumeFailure } from './volume-error.ts';
import type { WorkFolder } from './work-folder.ts';

const LONGEST_SAID = 500;
const LINES_SAID = 3;

/** What the C library says, for the failures that are the volume's and not the tool's. */
const VOLUME_FAILURES: readonly (readonly [text: RegExp, code: string])[] = [
  [/No space left on device|ENOSPC/, 'ENOSPC'],
  [/Disk quota exceeded|EDQUOT/, 'EDQUOT'],
  [/Read-only file system|EROFS/, 'EROFS'],
  [/Permission denied|EACCES/, 'EACCES'],
];

export class ToolRun implements ResultSource {
  readonly stdout: number;
  readonly stderr: number;
  readonly #tool: StorageTool;
  readonly #volume: string;
  readonly #workFolder: WorkFolder | undefined;
  readonly #reportFolder: string;
  #failure: PodometerError | undefined;

  /** `volume`: the path as the user gave it. `workFolder`: removed with the run. */
  constructor(tool: StorageTool, volume: string, workFolder: WorkFolder | undefined) {
    this.#tool = tool;
    this.#volume = volume;
    this.#workFolder = workFolder;
    this.#reportFolder = mkdtempSync(join(tmpdir(), 'podometer-report-'));
    this.stdout = openSync(this.#file('report'), 'w', 0o600);
    this.stderr = openSync(this.#file('errors'), 'w', 0o600);
  }

  begin(): void {}

  async end(exit: ChildExit): Promise<readonly RunResult[]> {
    if (exit.code !== 0) {
      this.#failure = this.#failureOf(exit);
      return [];
    }
    try {
      return this.#tool.parse(readFileSync(this.#file('report'), 'utf8'));
    } catch (error) {
      this.#failure = asPodometerError(error);
      return [];
    }
  }

  /** Why there are no results, once it has ended; undefined where there are some. */
  get failure(): PodometerError | undefined {
    return this.#failure;
  }

  async release(): Promise<void> {
    closeSync(this.stdout);
    closeSync(this.stderr);
    rmSync(this.#reportFolder, { recursive: true, force: true });
    this.#workFolder?.remove();
  }

  #failureOf({ code, signal }: ChildExit): PodometerError {
    const said = this.#said();
    const [, systemError] = VOLUME_FAILURES.find(([text]) => text.test(said)) ?? [];
    const ended = signal === undefined ? `it ended with exit code ${code}` : `it was ended by ${signal}`;
    return (
      volumeFailure(this.#volume, systemError, new Error(said)) ??
      toolFailed(this.#tool.name, said === '' ? ended : `${ended} and said: ${said}`)
    );
  }

  /** The end of what it wrote to its standard error, fit for a terminal. */
  #said(): string {
    const lines = readFileSync(this.#file('errors'), 'utf8').split('\n');
    const last = lines
      .map((line) => line.trim())
      .filter((line) => line !== '')
      .slice(-LINES_SAID);
    return last.join('; ').replaceAll(/\p{C}/gu, ' ').slice(-LONGEST_SAID);
  }

  #file(name: string): string {
    return join(this.#reportFolder, name);
  }
}
