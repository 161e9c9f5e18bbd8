/**
 * A pod as the kernel shows one, made by unshare and nsenter: a PID namespace whose first process is the pause process,
 * and containers in it, each with a mount namespace of its own, the kubelet's mount that tells its name, an identity of
 * its own and, where the machine allows, a cgroup. Only the image's own file system is missing: containers see the
 * machine's.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CgroupFolders } from './cgroup-folders.ts';

export const POD_UID = 'c1e9d4e6-10ca-4eec-9529-7c150debfcde';
const RUNTIME_INIT = 'runc:[2:INIT]';
const ROOT_OF_SOURCE = join(import.meta.dirname, '..', '..', '..');

/** Why no pod can be made here; false where one can. */
export const podWorldSkip = skipReason();

export interface Identity {
  readonly uid: number;
  readonly gid: number;
  /** The most that it may have, as the runtime's bounding set: lower case, without `cap_`. */
  readonly capabilities: readonly string[];
}

export interface Container {
  /** In the pod's PID namespace. */
  readonly pid: number;
  readonly process: ChildProcess;
  /** Its exit code; 128 + n for signal n. */
  readonly ended: Promise<number>;
  /** Of its first process, from outside of the namespace. */
  signal(name: NodeJS.Signals): void;
}

export interface ContainerSpec {
  readonly name: string;
  readonly identity: Identity;
  readonly command: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly output?: 'pipe' | 'ignore';
}

export class PodWorld {
  /** Readable by every user. */
  readonly folder: string;
  readonly #pause: ChildProcess;
  readonly #pausePid: number;
  readonly #cgroups: CgroupFolders;
  readonly #started: ChildProcess[] = [];

  private constructor(folder: string, pause: ChildProcess, pausePid: number) {
    this.folder = folder;
    this.#pause = pause;
    this.#pausePid = pausePid;
    this.#cgroups = new CgroupFolders(`podometer-test-${process.pid}-${pausePid}`);
  }

  /** Ends with the test, or when whatever else was given to `after` is called. */
  static async start(t: { after(end: () => Promise<void>): unknown }): Promise<PodWorld> {
    const folder = mkdtempSync(join(tmpdir(), 'podometer-pod-'));
    chmodSync(folder, 0o755);
    mkdirSync(join(folder, 'source'));
    const bind = `mount --bind "${ROOT_OF_SOURCE}" "${folder}/source"`;
    const pause = spawn(
      'unshare',
      ['--pid', '--fork', '--mount-proc', '--kill-child', 'sh', '-c', `${bind}; exec sleep infinity`],
      { stdio: 'ignore' },
    );
    for (const program of ['sh', 'unshare', 'setpriv']) asRuntime(folder, program);
    const world = new PodWorld(folder, pause, await firstChild(pause.pid ?? 0, 'sleep'));
    t.after(() => world.#close());
    return world;
  }

  /** Where the source lies for every container, whoever may read the folders above it. */
  get source(): string {
    return join(this.folder, 'source');
  }

  /** A folder of the pod that everybody may write: an emptyDir. */
  volume(name: string): string {
    const path = join(this.folder, 'volumes', name);
    mkdirSync(path, { recursive: true });
    chmodSync(path, 0o777);
    return path;
  }

  async startContainer(spec: ContainerSpec): Promise<Container> {
    const number = this.#started.length + 1;
    const log = join(
      this.folder,
      'pods',
      POD_UID,
      'containers',
      spec.name,
      number.toString(16).padStart(8, '0'),
    );
    mkdirSync(join(log, '..'), { recursive: true });
    writeFileSync(log, '');
    const pidFile = join(this.folder, `pid-${number}`);
    const setUp = [
      ...this.#cgroups.enter(`${spec.name}-${number}`),
      `mount --bind "${log}" "${log}"`,
      // From here on nothing may be started but the container's own command.
      `echo $$ > "${pidFile}"`,
      `exec ${[this.#runtime('setpriv'), ...privileges(spec.identity), ...spec.command].map(quoted).join(' ')}`,
    ].join(' && ');
    const pausePid = String(this.#pausePid);
    const start = [this.#runtime('unshare'), '-m', this.#runtime('sh'), '-c', setUp];
    const process = spawn('nsenter', ['-t', pausePid, '-p', '-m', ...start], {
      stdio: ['ignore', spec.output ?? 'ignore', spec.output ?? 'ignore'],
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', ...spec.env },
    });
    this.#started.push(process);
    const ended = new Promise<number>((resolve) => {
      process.once('close', (code, signal) => resolve(code ?? 128 + (signal === 'SIGKILL' ? 9 : 15)));
    });
    const pid = Number(await lineIn(pidFile));
    return {
      pid,
      process,
      ended,
      signal: (name) => this.run(['kill', `-${name.slice(3)}`, String(pid)]),
    };
  }

  /** The pid outside of the pod of one inside. */
  outerPid(pid: number): number {
    const last = new RegExp(`^NSpid:.*\\t${pid}$`, 'm');
    const inPod = readdirSync('/proc').find((name) => {
      const path = `/proc/${name}`;
      if (!/^\d+$/.test(name) || namespaceOf(path) !== namespaceOf(`/proc/${this.#pausePid}`)) return false;
      return last.test(readFileSync(`${path}/status`, 'utf8'));
    });
    return Number(inPod);
  }

  /** Runs a command within the pod's PID and mount namespaces as root and answers its output. */
  run(command: readonly string[]): string {
    const pausePid = String(this.#pausePid);
    return execFileSync('nsenter', ['-t', pausePid, '-p', '-m', ...command], { encoding: 'utf8' });
  }

  #runtime(program: string): string {
    return join(this.folder, program, RUNTIME_INIT);
  }

  async #close(): Promise<void> {
    // nsenter stops itself along with what it started: those of stopped containers would stay.
    for (const process of [this.#pause, ...this.#started]) process.kill('SIGKILL');
    // The first process of a PID namespace takes all others with it; their cgroups empty a little later.
    for (let i = 0; i < 100 && existsSync(`/proc/${this.#pausePid}`); i++) await sleep(20);
    await this.#cgroups.remove();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** What sets a container up is called as runc calls itself meanwhile. */
function asRuntime(folder: string, program: string): void {
  mkdirSync(join(folder, program));
  const path = execFileSync('sh', ['-c', `command -v ${program}`], { encoding: 'utf8' }).trim();
  symlinkSync(path, join(folder, program, RUNTIME_INIT));
}

function privileges({ uid, gid, capabilities }: Identity): string[] {
  const bounding = ['-all', ...capabilities.map((name) => `+${name}`)].join(',');
  return [
    `--reuid=${uid}`,
    `--regid=${gid}`,
    '--clear-groups',
    `--bounding-set=${bounding}`,
    '--inh-caps=-all',
  ];
}

function namespaceOf(path: string): string | undefined {
  try {
    return readlinkSync(`${path}/ns/pid`);
  } catch {
    return undefined;
  }
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

/** The pid of the only child, once it is the program that it is to be. */
async function firstChild(pid: number, comm: string): Promise<number> {
  for (let i = 0; i < 250; i++) {
    const child = Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim());
    if (child > 0 && readFileSync(`/proc/${child}/comm`, 'utf8').trim() === comm) return child;
    await sleep(20);
  }
  throw new Error('the pause process did not start');
}

/** Resolves when there is a file here. */
export async function fileAt(path: string): Promise<void> {
  for (let i = 0; i < 500; i++) {
    if (existsSync(path)) return;
    await sleep(20);
  }
  throw new Error(`nobody wrote ${path}`);
}

/** The line of a file that somebody is about to write. */
async function lineIn(path: string): Promise<string> {
  await fileAt(path);
  for (;;) {
    const text = readFileSync(path, 'utf8');
    if (text.endsWith('\n')) return text;
    await sleep(1);
  }
}

function skipReason(): string | false {
  if (process.getuid?.() !== 0) return 'only root may make a pod of namespaces';
  try {
    execFileSync('unshare', ['--pid', '--fork', '--mount-proc', 'setpriv', '--version'], { stdio: 'ignore' });
    return false;
  } catch {
    return 'unshare and setpriv (util-linux) cannot make namespaces here';
  }
}
