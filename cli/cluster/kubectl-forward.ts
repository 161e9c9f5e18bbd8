/**
 * The other way to a pod: `kubectl port-forward`, which speaks every protocol that its cluster does. For clusters whose
 * container runtime, or a proxy before the API server, does not carry the WebSocket that podometer itself opens.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import type { PodPort } from '../../lib/cluster/pod-stream.ts';
import { systemCode } from '../../lib/errors.ts';

const START_MS = 15_000;
const HOST = '127.0.0.1';

export interface KubectlForwardOptions {
  /** With the PATH in which kubectl is looked for. */
  readonly env: NodeJS.ProcessEnv;
  /** That say which cluster: `--kubeconfig FILE`, `--context NAME`. */
  readonly clusterArguments: readonly string[];
  readonly to: PodPort;
}

interface Running {
  readonly program: ChildProcess;
  readonly port: number;
}

export class KubectlForward {
  readonly #options: KubectlForwardOptions;
  #running: Promise<Running> | undefined;

  constructor(options: KubectlForwardOptions) {
    this.#options = options;
  }

  /** A connection to the pod. Undefined where there is no kubectl; rejects with what kubectl says. */
  async open(): Promise<Duplex | undefined> {
    this.#running ??= this.#start();
    try {
      const { port } = await this.#running;
      const socket = connect(port, HOST);
      await once(socket, 'connect');
      // What fails before its owner listens is found in `errored`, and ends no process.
      return socket.on('error', () => {});
    } catch (error) {
      this.close();
      if (systemCode(error) === 'ENOENT') return undefined;
      throw error;
    }
  }

  close(): void {
    this.#running?.then(({ program }) => program.kill()).catch(() => {});
    this.#running = undefined;
  }

  async #start(): Promise<Running> {
    const { env, clusterArguments, to } = this.#options;
    const { namespace, pod, port } = to;
    const what = ['port-forward', '--address', HOST, '--namespace', namespace, `pod/${pod}`, `:${port}`];
    const program = spawn('kubectl', [...clusterArguments, ...what], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const running = portOf(program).then((local) => ({ program, port: local }));
    // One that ends, as when the pod goes, is started anew for the next connection.
    program.once('exit', () => {
      this.#running = undefined;
    });
    return running;
  }
}

/** Where it listens, once it does. */
function portOf(program: ChildProcess): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const timer = setTimeout(() => {
    program.kill();
    reject(new Error(`kubectl port-forward was not ready in ${START_MS / 1000} s`));
  }, START_MS);
  let [told, complaints] = ['', ''];
  // Both are read on to the end: it ends where nobody takes what it tells.
  program.stdout?.setEncoding('utf8').on('data', (some: string) => {
    told += some;
    const port = /127\.0\.0\.1:(\d+)/.exec(told)?.[1];
    if (port !== undefined) resolve(Number(port));
  });
  program.stderr?.setEncoding('utf8').on('data', (some: string) => {
    complaints += some;
  });
  program.once('error', reject);
  program.once('close', () => {
    const [line] = complaints.trim().split('\n').slice(-1);
    reject(new Error(`kubectl port-forward ended: ${line || 'it says nothing'}`));
  });
  return promise.finally(() => clearTimeout(timer));
}
