/** The `portforward` subresource of pods over WebSocket, as the API server and the kubelet speak it (v4.channel.k8s.io). */
import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ApiServer } from './api-server.ts';
import { ServerWebSocket } from './web-socket.ts';

const DATA = 0;
const ERROR = 1;

export interface PortForwards {
  /** By `NAMESPACE/POD:PORT`: the local port that stands for it. Nothing listens there: as for a container that does not. */
  readonly targets: Map<string, number>;
  /** The status that every port-forward is refused with. */
  refusal: number | undefined;
  /** How many were opened, and what they have sent to the client. */
  opened: number;
  sentBytes: number;
  /** Ends all that are open, as the kubelet does when the pod goes. */
  cut(): void;
}

export function answerPortForwards(server: ApiServer): PortForwards {
  const open = new Set<() => void>();
  const forwards: PortForwards = {
    targets: new Map(),
    refusal: undefined,
    opened: 0,
    sentBytes: 0,
    cut: () => open.forEach((end) => void end()),
  };
  server.onUpgrade = (request, socket) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://double');
    const [, namespace, pod] =
      /^\/api\/v1\/namespaces\/([^/]+)\/pods\/([^/]+)\/portforward$/.exec(pathname) ?? [];
    const port = Number(searchParams.get('ports'));
    const target = forwards.targets.get(`${namespace}/${pod}:${port}`);
    const refusal = forwards.refusal ?? (target === undefined ? 404 : undefined);
    if (refusal !== undefined) {
      socket.end(`HTTP/1.1 ${refusal} Refused\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    forwards.opened += 1;
    const end = forward(forwards, request, socket, { port, target: target ?? 0 });
    open.add(end);
    socket.once('close', () => open.delete(end));
  };
  return forwards;
}

function forward(
  forwards: PortForwards,
  request: IncomingMessage,
  socket: Duplex,
  { port, target }: { readonly port: number; readonly target: number },
): () => void {
  const client = new ServerWebSocket(request, socket, 'v4.channel.k8s.io');
  const send = (channel: number, bytes: Buffer): void =>
    client.send(Buffer.concat([Buffer.from([channel]), bytes]));
  const number = Buffer.alloc(2);
  number.writeUInt16LE(port);
  for (const channel of [DATA, ERROR]) send(channel, number);
  const pod = connect(target, '127.0.0.1');
  pod.on('data', (bytes) => {
    forwards.sentBytes += bytes.length;
    send(DATA, bytes);
    if (socket.writableNeedDrain) pod.pause();
  });
  socket.on('drain', () => pod.resume());
  pod.on('error', ({ message }) => {
    send(ERROR, Buffer.from(`an error occurred forwarding ${port}: ${message}`));
    client.close();
  });
  pod.on('close', () => client.close());
  client.receive((message) => {
    if (message[0] === DATA) pod.write(message.subarray(1));
  });
  socket.on('error', () => pod.destroy());
  // Sockets of an HTTP server stay half open.
  socket.once('end', () => socket.end());
  socket.once('close', () => pod.destroy());
  return () => pod.destroy();
}
