/** The steps of a test that takes long: what cannot go on is not waited for, and what was left out is told. */
import type { TestContext } from 'node:test';

export class Steps {
  readonly #test: TestContext;
  readonly #untested: string[] = [];
  #stop: string | undefined;

  constructor(test: TestContext) {
    this.#test = test;
  }

  /** `cannot`: why it cannot be tested here; undefined where it can. */
  async step(name: string, work: () => unknown, cannot?: string): Promise<void> {
    const reason = this.#stop ?? cannot;
    if (reason !== undefined) this.leaveOut(name, reason);
    await this.#test.test(name, { skip: reason ?? false }, async () => void (await work()));
  }

  /** One that all that follow build on: where it fails, they are left out. */
  required(name: string, work: () => unknown): Promise<void> {
    return this.step(name, async () => {
      try {
        await work();
      } catch (error) {
        this.#stop = `"${name}" failed`;
        throw error;
      }
    });
  }

  leaveOut(what: string, reason: string): void {
    this.#untested.push(`${what}: ${reason}`);
  }

  /** Prints what was left out, and why. */
  tell(): void {
    for (const what of this.#untested) this.#test.diagnostic(`not tested here: ${what}`);
  }
}
