/** Where finished batches go. */
export interface BatchSink {
  /**
   * Takes one encoded batch; batches arrive in the order of their sequence. Resolves when the batch is safe, or has
   * been set aside where the sink says; never rejects, for the measured program must not suffer from us.
   */
  push(bytes: Uint8Array): Promise<void>;
}
