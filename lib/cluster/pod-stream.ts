/**
 * One connection to a port of a pod, through the API server. What the client library makes of a port-forward are two
 * streams and a WebSocket; here they are one duplex stream that ends when any of them does, and that holds back a pod
 * which sends faster than is read.
 */
import { Duplex, PassThrough, Writable } from 'node:stream';
import { type KubeConfig, PortForward } from '@kubernetes/client-node';

export interface PodPort {
  readonly namespace: string;
  readonly pod: string;
  readonly port: number;
}

/** Of the WebSocket, whose own types the client library does not bring along. */
interface Socket {
  onclose: (() => void) | null;
  onerror: ((event: { readonly error: Error }) => void) | null;
  pause(): void;
  resume(): void;
  /** At once: a closing handshake would hold up the process for as long as the other end takes. */
  terminate(): void;
}

/**
 * Rejects with an error that has `statusCode` where the API server answered (101 where what it agreed to is not the protocol
 * that was asked for), and with one that has none where it did not.
 */
export async function openPodStream(config: KubeConfig, to: PodPort): Promise<Duplex> {
  const stream = new PodStream();
  const { namespace, pod, port } = to;
  try {
    const forwarded = await new PortForward(config).portForward(
      namespace,
      pod,
      [port],
      stream.received,
      stream.complaints,
      stream.sent,
    );
    stream.follow(forwarded as unknown as Socket);
  } catch (error) {
    throw openingFailure(error);
  }
  return stream;
}

/** Of a refused upgrade the library tells the status in a sentence alone. */
function openingFailure(thrown: unknown): Error {
  const { message = '', error } = (thrown ?? {}) as { message?: string; error?: Error };
  const isOther = /^(Server sent|Invalid Upgrade|Invalid Sec-WebSocket)/.test(message);
  const [, status = isOther ? '101' : undefined] = /Unexpected server response: (\d{3})/.exec(message) ?? [];
  const failure = new Error(message, { cause: error ?? thrown });
  return status === undefined ? failure : Object.assign(failure, { statusCode: Number(status) });
}

class PodStream extends Duplex {
  readonly sent = new PassThrough();
  readonly received = new Writable({
    write: (bytes: Buffer, _encoding, done) => {
      if (bytes.length > 0 && !this.push(bytes)) this.#socket?.pause();
      done();
    },
  });
  /** What the kubelet says where the port does not answer. */
  readonly complaints = new Writable({
    write: (bytes: Buffer, _encoding, done) => {
      if (bytes.length > 0) this.destroy(new Error(bytes.toString('utf8')));
      done();
    },
  });
  #socket: Socket | undefined;

  constructor() {
    super();
    // What fails before its owner listens is found in `errored`, and ends no process.
    this.on('error', () => {});
  }

  follow(socket: Socket): void {
    this.#socket = socket;
    socket.onclose = () => this.push(null);
    socket.onerror = ({ error }) => this.destroy(error);
    if (this.destroyed) socket.terminate();
  }

  override _read(): void {
    this.#socket?.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.sent.write(chunk, done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.sent.end(done);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#socket?.terminate();
    done(error);
  }
}
