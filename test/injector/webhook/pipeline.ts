/** Many requests over one connection, one behind the other without waiting: what a fuzzer needs to be quick. */
import type { TLSSocket } from 'node:tls';

export interface PipelinedAnswer {
  readonly status: number;
  readonly body: string;
}

const HEAD_END = '\r\n\r\n';

/** The answers in the order of the bodies. */
export async function pipeline(socket: TLSSocket, bodies: readonly Buffer[]): Promise<PipelinedAnswer[]> {
  const requests = bodies.map((body) =>
    Buffer.concat([
      Buffer.from(
        `POST /mutate HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${body.length}${HEAD_END}`,
      ),
      body,
    ]),
  );
  socket.write(Buffer.concat(requests));
  const answers: PipelinedAnswer[] = [];
  let left = Buffer.alloc(0);
  for await (const part of socket.iterator({ destroyOnReturn: false })) {
    left = Buffer.concat([left, part as Buffer]);
    for (let taken = takeAnswer(left); taken !== undefined; taken = takeAnswer(left)) {
      answers.push(taken.answer);
      left = left.subarray(taken.bytes);
    }
    if (answers.length === bodies.length) return answers;
  }
  throw new Error(`the connection ended after ${answers.length} of ${bodies.length} answers: ${left}`);
}

function takeAnswer(bytes: Buffer): { answer: PipelinedAnswer; bytes: number } | undefined {
  const headEnd = bytes.indexOf(HEAD_END);
  if (headEnd < 0) return undefined;
  const head = bytes.toString('latin1', 0, headEnd);
  const length = Number(/^content-length: (\d+)$/im.exec(head)?.[1]);
  const start = headEnd + HEAD_END.length;
  if (bytes.length < start + length) return undefined;
  const status = Number(head.slice('HTTP/1.1 '.length, 'HTTP/1.1 200'.length));
  return { answer: { status, body: bytes.toString('utf8', start, start + length) }, bytes: start + length };
}
