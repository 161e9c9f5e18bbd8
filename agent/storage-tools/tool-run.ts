/** One run of a tool: where its report goes, what results come of it, and that nothing is left of it. */
import { randomUUID } from 'node:crypto';
import { closeSync, openSync, readFileSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asPodometerError, systemCode } from '../../lib/errors.ts';
import type { PodometerError } from '../../protocol/errors.ts';
import type { RunResult } from '../../protocol/results.ts';
import type { ChildExit } from '../launcher.ts';
import type { ResultSource } from '../results/result-source.ts';
import type { StorageTool, ToolPlace } from './tool.ts';
import { toolFailed } from './tool-error.ts';
import { unusableVolume, volumeFailure } from './volume-error.ts';
import { type FolderOwner, WorkFolder } from './work-folder.ts';

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
  readonly place: ToolPlace;
  readonly stdout: number;
  readonly stderr: number;
  readonly #tool: StorageTool;
  readonly #volume: string;
  readonly #workFolder: WorkFolder | undefined;
  readonly #report: ReportFile;
  readonly #errors: ReportFile;
  #failure: PodometerError | undefined;

  /**
   * Makes the folder that the tool works in, where the volume is one. `volume`: the path as the user gave it. Throws
   * PODO_VOLUME_UNUSABLE or PODO_VOLUME_FULL, and leaves nothing then.
   */
  constructor(tool: StorageTool, volume: string, kind: 'folder' | 'device', owner: FolderOwner) {
    this.#tool = tool;
    this.#volume = volume;
    const workFolder = kind === 'folder' ? new WorkFolder(volume, owner) : undefined;
    this.#workFolder = workFolder;
    this.place = {
      path: workFolder?.path ?? volume,
      isDevice: workFolder === undefined,
      hasDirectIo: workFolder?.hasDirectIo ?? true,
    };
    try {
      [this.#report, this.#errors] = [openReport(), openReport()];
    } catch (error) {
      workFolder?.remove();
      throw error;
    }
    this.stdout = this.#report.written;
    this.stderr = this.#errors.written;
  }

  /** The tool was started as this process. */
  setPid(pid: number): void {
    this.#workFolder?.setTool(pid);
  }

  begin(): void {}

  async end(exit: ChildExit): Promise<readonly RunResult[]> {
    if (exit.code !== 0) {
      this.#failure = this.#failureOf(exit);
      return [];
    }
    try {
      return this.#tool.parse(readFileSync(this.#report.read, 'utf8'));
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
    for (const { written, read } of [this.#report, this.#errors]) {
      closeSync(written);
      closeSync(read);
    }
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
    const lines = readFileSync(this.#errors.read, 'utf8').split('\n');
    const last = lines
      .map((line) => line.trim())
      .filter((line) => line !== '')
      .slice(-LINES_SAID);
    return last.join('; ').replaceAll(/\p{C}/gu, ' ').slice(-LONGEST_SAID);
  }
}

/** File descriptors of one file, which has no name any more: nothing is left of it, however we end. */
interface ReportFile {
  readonly written: number;
  readonly read: number;
}

function openReport(): ReportFile {
  const path = join(tmpdir(), `podometer-report-${randomUUID()}`);
  try {
    const written = openSync(path, 'wx', 0o600);
    const read = openSync(path, 'r');
    unlinkSync(path);
    return { written, read };
  } catch (error) {
    throw unusableVolume(
      tmpdir(),
      `takes no report of a tool (${systemCode(error)})`,
      'Make it a folder with some room that you may write, or name another: TMPDIR=/var/tmp.',
      error,
    );
  }
}
