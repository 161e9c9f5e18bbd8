/** Reads a namespace's history as any HTTP client may: a port-forward, the aggregator's own certificate, a token. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:https';
import { text } from 'node:stream/consumers';
import { setTimeout as after } from 'node:timers/promises';
import { AGGREGATOR_NAME, BATCH_CONTENT_TYPE, DEFAULT_PORT } from '../../protocol/names.ts';
import type { ProcessesPage, ProcessView, RunView } from '../../protocol/query.ts';
import type { RunsPage } from '../../protocol/run-list.ts';
import type { Cluster } from './cluster.ts';

export interface Answer {
  readonly status: number;
  readonly body: string;
}

interface Forward {
  readonly program: ChildProcess;
  readonly port: number;
}

export class HistoryReader {
  readonly #cluster: Cluster;
  readonly #namespace: string;
  readonly #token: string;
  #forward: Forward | undefined;

  /** `token`: of somebody who may read there. */
  constructor(cluster: Cluster, namespace: string, token: string) {
    this.#cluster = cluster;
    this.#namespace = namespace;
    this.#token = token;
  }

  async runs(workload: string): Promise<RunView[]> {
    return (await this.#json<RunsPage>(`/v1/runs?workload=${workload}`)).runs;
  }

  run(id: string): Promise<RunView> {
    return this.#json<RunView>(`/v1/runs/${encodeURIComponent(id)}`);
  }

  /** The newest run of the workload. Undefined where there is none yet, and while the aggregator is away. */
  async newestRun(workload: string): Promise<RunView | undefined> {
    const [run] = await this.runs(workload).catch(() => []);
    return run;
  }

  /** Of the workload's processes, those of a container; the agent left out. */
  async processes(id: string): Promise<ProcessView[]> {
    const page = await this.#json<ProcessesPage>(`/v1/runs/${encodeURIComponent(id)}/processes`);
    return page.processes.filter(({ role }) => role === 'target');
  }

  async ask(path: string, token: string, batch?: Buffer): Promise<Answer> {
    if (this.#forward?.program.exitCode !== null) this.#forward = await this.#open();
    const { port } = this.#forward;
    const ca = this.#authority();
    const type = batch && { 'content-type': BATCH_CONTENT_TYPE };
    const headers = { authorization: `Bearer ${token}`, ...type };
    const method = batch === undefined ? 'GET' : 'POST';
    const servername = `${AGGREGATOR_NAME}.${this.#namespace}.svc`;
    const asked = request({ host: '127.0.0.1', port, path, method, headers, ca, servername });
    asked.end(batch);
    try {
      const [response] = await once(asked, 'response');
      return { status: response.statusCode, body: await text(response) };
    } catch (error) {
      // It leads to a pod that is gone.
      this.close();
      throw error;
    }
  }

  close(): void {
    this.#forward?.program.kill();
    this.#forward = undefined;
  }

  async #json<T>(path: string): Promise<T> {
    const { status, body } = await this.ask(path, this.#token);
    if (status !== 200) throw new Error(`${path} of ${this.#namespace}: ${status} ${body}`);
    return JSON.parse(body);
  }

  #authority(): string {
    const secret = this.#cluster.get('secret', `${AGGREGATOR_NAME}-tls`, this.#namespace);
    return Buffer.from(secret.data['ca.crt'], 'base64').toString();
  }

  async #open(): Promise<Forward> {
    const args = ['port-forward', '-n', this.#namespace, `service/${AGGREGATOR_NAME}`, `:${DEFAULT_PORT}`];
    const program = spawn(this.#cluster.kubectlPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let told = '';
    // It is read on to the end: kubectl ends where nobody takes what it tells.
    program.stdout.setEncoding('utf8').on('data', (some: string) => {
      told += some;
    });
    for (;;) {
      const port = /127\.0\.0\.1:(\d+)/.exec(told)?.[1];
      if (port !== undefined) return { program, port: Number(port) };
      if (program.exitCode !== null) throw new Error(`kubectl port-forward to ${this.#namespace} ended`);
      await after(100);
    }
  }
}
