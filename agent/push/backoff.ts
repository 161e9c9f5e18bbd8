/** How long to wait before the next try: doubling up to a bound, and any time up to that, so that agents spread. */
export interface BackoffOptions {
  readonly firstMs: number;
  readonly mostMs: number;
  /** 0 ≤ x < 1. */
  readonly random: () => number;
}

export class Backoff {
  readonly #options: BackoffOptions;
  #failures = 0;

  constructor(options: BackoffOptions) {
    this.#options = options;
  }

  /** After one more failure: how long to wait, in ms. */
  nextMs(): number {
    const { firstMs, mostMs, random } = this.#options;
    const bound = Math.min(mostMs, firstMs * 2 ** this.#failures++);
    return Math.ceil(bound * random());
  }

  succeeded(): void {
    this.#failures = 0;
  }
}
