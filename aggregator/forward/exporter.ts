/** Where snapshots go: to a remote-write receiver, or to an OTLP one. */
import { prometheusSeries } from '../live/prometheus-series.ts';
import type { Moment } from './moment.ts';
import { encodeOtlp } from './otlp.ts';
import { encodeRemoteWrite, type RemoteWriteVersion, remoteWriteHeaders } from './remote-write.ts';

/** `later`: the other side is away or busy. `refused`: it will never take this. */
export type Sent =
  | { readonly kind: 'sent' }
  | { readonly kind: 'later' | 'refused'; readonly detail: string };

/** Never rejects. */
export type Exporter = (moment: Moment) => Promise<Sent>;

export interface ReceiverOptions {
  readonly url: URL;
  /** As `authorization`, for who asks for one. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

/** 2.0, until the receiver shows that it knows 1.0 alone; from then on 1.0. */
export function remoteWriteExporter(options: ReceiverOptions): Exporter {
  let version: RemoteWriteVersion = '2.0';
  const send = async (moment: Moment): Promise<Sent> => {
    const body = encodeRemoteWrite(moment.points.map(prometheusSeries), moment.atMs, version);
    const answer = await post(options, body, remoteWriteHeaders[version]);
    if (version === '2.0' && !knows2(answer)) {
      version = '1.0';
      return send(moment);
    }
    return judge(answer);
  };
  return send;
}

/** A receiver of 1.0 alone refuses the type of content, or takes the message for an empty one and confirms no sample. */
function knows2(answer: Answer): boolean {
  if (answer.status === 415) return false;
  return (
    answer.status >= 300 ||
    answer.status === 0 ||
    answer.headers.has('x-prometheus-remote-write-samples-written')
  );
}

export function otlpExporter(options: ReceiverOptions): Exporter {
  return async ({ points, startMs, atMs }) =>
    judge(await post(options, encodeOtlp(points, startMs, atMs), { 'content-type': 'application/json' }));
}

interface Answer {
  /** 0: there was none. */
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

async function post(
  { url, headers, timeoutMs }: ReceiverOptions,
  body: Uint8Array | string,
  own: Readonly<Record<string, string>>,
): Promise<Answer> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { ...headers, ...own, 'user-agent': 'podometer' },
      body: typeof body === 'string' ? body : Buffer.from(body),
      signal: AbortSignal.timeout(timeoutMs),
      redirect: 'error',
    });
    return { status: response.status, headers: response.headers, text: await response.text() };
  } catch (error) {
    return { status: 0, headers: new Headers(), text: String((error as Error).cause ?? error) };
  }
}

const LONGEST_DETAIL = 300;

function judge({ status, text }: Answer): Sent {
  if (status >= 200 && status < 300) return { kind: 'sent' };
  const isTemporary = status === 0 || status === 408 || status === 429 || status >= 500;
  const detail = `${status === 0 ? 'no answer' : status} ${text.slice(0, LONGEST_DETAIL)}`.trim();
  return { kind: isTemporary ? 'later' : 'refused', detail };
}
