/** The moment that a reader points at, in seconds since the start of the run; one for all charts of a run. */
export class SharedCursor {
  #seconds: number | undefined;
  readonly #followers = new Set<(seconds: number | undefined) => void>();

  get seconds(): number | undefined {
    return this.#seconds;
  }

  follow(follower: (seconds: number | undefined) => void): void {
    this.#followers.add(follower);
  }

  move(seconds: number | undefined): void {
    if (seconds === this.#seconds) return;
    this.#seconds = seconds;
    for (const follower of this.#followers) follower(seconds);
  }
}
