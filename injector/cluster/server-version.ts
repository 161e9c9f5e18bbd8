import { type KubeConfig, VersionApi } from '@kubernetes/client-node';
import { answeredWithin } from '../../lib/cluster/api-access.ts';

const READ_LIMIT_MS = 10_000;
const RETRY_MS = 2000;
/** An API server may be updated while the injector runs. */
const AGAIN_MS = 600_000;

/** The API server's minor version, asked for until it is told and then from time to time. */
export class ServerVersion {
  readonly #api: VersionApi;
  #minor: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(cluster: KubeConfig) {
    this.#api = cluster.makeApiClient(VersionApi);
    void this.#ask();
  }

  /** 36 for v1.36; undefined until it was told once. */
  get minor(): number | undefined {
    return this.#minor;
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  async #ask(): Promise<void> {
    // Some distributions write `36+`.
    const minor = await this.#api.getCode(undefined, answeredWithin(READ_LIMIT_MS)).then(
      (version) => Number.parseInt(version.minor, 10),
      () => Number.NaN,
    );
    if (!Number.isNaN(minor)) this.#minor = minor;
    if (!this.#isClosed)
      this.#timer = setTimeout(() => void this.#ask(), Number.isNaN(minor) ? RETRY_MS : AGAIN_MS);
  }
}
