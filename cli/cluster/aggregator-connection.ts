/**
 * Requests to the aggregator of a namespace, each over TLS through a port-forward of the API server. A connection is kept
 * for the next request; where the pod was replaced, the next request finds the new one.
 */

import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { Agent, type AgentOptions, request } from 'node:https';
import type { Duplex } from 'node:stream';
import { connect, type TLSSocket } from 'node:tls';
import type { KubeConfig } from '@kubernetes/client-node';
import type { Clock } from '../../lib/clock.ts';
import { failureStatus } from '../../lib/cluster/api-access.ts';
import { openPodStream, type PodPort } from '../../lib/cluster/pod-stream.ts';
import { systemCode } from '../../lib/errors.ts';
import { PodometerError } from '../../protocol/errors.ts';
import { AGGREGATOR_NAME, AGGREGATOR_POD, DEFAULT_PORT } from '../../protocol/names.ts';
import { findAggregator } from './aggregator-pod.ts';
import type { AggregatorToken } from './aggregator-token.ts';
import { apiFailure } from './api-failure.ts';
import { KubectlForward, type KubectlForwardOptions } from './kubectl-forward.ts';

const CONNECT_MS = 15_000;
/** By these the API server itself refuses a port-forward, and would refuse kubectl's too. */
const OF_API_SERVER: readonly number[] = [401, 403, 404];

export interface AggregatorConnectionOptions {
  readonly config: KubeConfig;
  readonly namespace: string;
  readonly token: Pick<AggregatorToken, 'read'>;
  readonly clock: Pick<Clock, 'wallMs'>;
  /** Where kubectl would be found, and by which arguments it knows the cluster. */
  readonly kubectl: Pick<KubectlForwardOptions, 'env' | 'clusterArguments'>;
}

export interface AggregatorRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string | Buffer;
  readonly signal?: AbortSignal;
}

export class AggregatorConnection {
  readonly namespace: string;
  readonly #options: AggregatorConnectionOptions;
  readonly #agent: ForwardingAgent;
  readonly #host: string;
  /** Shared by all connections that are being opened. */
  #finding: Promise<string> | undefined;
  readonly #kubectl: KubectlForward;
  /** The answer to a WebSocket that the way to the pod does not carry: kubectl's ways are tried from then on. */
  #refused: unknown;

  constructor(options: AggregatorConnectionOptions) {
    this.namespace = options.namespace;
    this.#options = options;
    this.#host = `${AGGREGATOR_NAME}.${options.namespace}.svc`;
    this.#agent = new ForwardingAgent(() => this.#open());
    this.#kubectl = new KubectlForward({ ...options.kubectl, to: this.#pod });
  }

  /**
   * The answer, whatever its status. Throws PODO_AGGREGATOR_…, PODO_NAMESPACE_NOT_FOUND, PODO_NO_TOKEN and PODO_CLUSTER_…. What only
   * reads is asked once more where it met a connection to a pod that has gone meanwhile.
   */
  async send(asked: AggregatorRequest): Promise<IncomingMessage> {
    const authorization = `Bearer ${await this.#options.token.read()}`;
    const isReading = asked.method === 'GET' || asked.method === 'HEAD';
    try {
      const first = await this.#exchange(asked, authorization);
      if (!('failure' in first)) return first;
      if (!first.wasReused || !isReading) throw first.failure;
      const second = await this.#exchange(asked, authorization);
      if ('failure' in second) throw second.failure;
      return second;
    } catch (error) {
      asked.signal?.throwIfAborted();
      throw error instanceof PodometerError ? error : connectionLost(this.namespace, error);
    }
  }

  close(): void {
    this.#agent.destroy();
    this.#kubectl.close();
  }

  get #pod(): PodPort {
    return { namespace: this.namespace, pod: AGGREGATOR_POD, port: DEFAULT_PORT };
  }

  #exchange(
    { method, path, headers, body, signal }: AggregatorRequest,
    authorization: string,
  ): Promise<IncomingMessage | { readonly failure: unknown; readonly wasReused: boolean }> {
    return new Promise((resolve) => {
      const outgoing = request({
        host: this.#host,
        port: DEFAULT_PORT,
        method,
        path,
        headers: { ...headers, authorization },
        agent: this.#agent,
        ...(signal && { signal }),
      });
      outgoing.once('response', resolve);
      outgoing.once('error', (failure) => resolve({ failure, wasReused: outgoing.reusedSocket }));
      outgoing.end(body);
    });
  }

  async #open(): Promise<TLSSocket> {
    const { namespace } = this.#options;
    const ca = await this.#find();
    const stream = await this.#forward();
    return secured(stream, { ca, servername: this.#host }, namespace);
  }

  #find(): Promise<string> {
    const { config, namespace, clock } = this.#options;
    this.#finding ??= findAggregator(config, namespace, clock.wallMs()).finally(() => {
      this.#finding = undefined;
    });
    return this.#finding;
  }

  async #forward(): Promise<Duplex> {
    if (this.#refused !== undefined) return this.#forwardByKubectl();
    try {
      return await openPodStream(this.#options.config, this.#pod);
    } catch (error) {
      const status = failureStatus(error);
      if (status !== undefined && !OF_API_SERVER.includes(status)) {
        this.#refused = error;
        return this.#forwardByKubectl();
      }
      throw this.#refusal(error, (of) =>
        of === 404
          ? 'The pod was replaced just now; try again in a moment.'
          : `Ask for the right to create pods/portforward of ${AGGREGATOR_POD} (docs/security.md).`,
      );
    }
  }

  async #forwardByKubectl(): Promise<Duplex> {
    const stream = await this.#kubectl.open();
    if (stream !== undefined) return stream;
    throw this.#refusal(
      this.#refused,
      () =>
        'The cluster, or a proxy before it, carries no such WebSocket (docs/remote.md). Put kubectl into the PATH: podometer then forwards through it.',
    );
  }

  #refusal(error: unknown, mend: (status: number) => string): PodometerError {
    return apiFailure(`a port-forward to pod ${this.namespace}/${AGGREGATOR_POD}`, error, mend);
  }
}

class ForwardingAgent extends Agent {
  readonly #open: () => Promise<TLSSocket>;

  constructor(open: () => Promise<TLSSocket>) {
    super({ keepAlive: true });
    this.#open = open;
  }

  override createConnection(
    _options: AgentOptions,
    done: (error: Error | null, socket: Duplex) => void,
  ): undefined {
    this.#open().then(
      (socket) => done(null, socket),
      // Where there is an error, Node looks at nothing else.
      (error: Error) => (done as (error: Error) => void)(error),
    );
  }
}

/** Resolves once the aggregator has shown a certificate of this authority and name. */
function secured(
  stream: Duplex,
  { ca, servername }: { readonly ca: string; readonly servername: string },
  namespace: string,
): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ socket: stream, ca, servername, minVersion: 'TLSv1.2' });
    const fail = (error: Error): void => {
      // Whatever follows is of the same failure.
      socket.on('error', () => {});
      late.removeEventListener('abort', tooLate);
      socket.destroy();
      reject(isDistrust(error) ? untrusted(namespace, error) : connectionLost(namespace, error));
    };
    const late = AbortSignal.timeout(CONNECT_MS);
    const tooLate = (): void => fail(new Error(`no answer in ${CONNECT_MS / 1000} s`));
    late.addEventListener('abort', tooLate, { once: true });
    if (stream.errored !== null) return fail(stream.errored);
    stream.once('error', fail);
    socket.once('error', fail);
    socket.once('secureConnect', () => {
      late.removeEventListener('abort', tooLate);
      socket.off('error', fail);
      stream.off('error', fail);
      stream.on('error', (error) => socket.destroy(error));
      resolve(socket);
    });
  });
}

/** Node's codes for a certificate that is not believed: `CERT_HAS_EXPIRED`, `ERR_TLS_CERT_ALTNAME_INVALID`, `SELF_SIGNED_CERT_IN_CHAIN`… */
function isDistrust(error: Error): boolean {
  return /CERT|UNABLE_TO_|SELF_SIGNED/.test(systemCode(error) ?? '');
}

function untrusted(namespace: string, cause: Error): PodometerError {
  return new PodometerError(
    'PODO_AGGREGATOR_UNTRUSTED',
    `The certificate of the aggregator of namespace ${namespace} is not to be trusted: ${cause.message}`,
    'Nothing was sent to it. Look at the condition CertificateValid: `podometer status`.',
    { cause },
  );
}

function connectionLost(namespace: string, cause: unknown): PodometerError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new PodometerError(
    'PODO_AGGREGATOR_FAILED',
    `The connection to the aggregator of namespace ${namespace} broke: ${why}`,
    `It may have been restarted: try again, and look at \`podometer status -n ${namespace}\`.`,
    { cause },
  );
}
