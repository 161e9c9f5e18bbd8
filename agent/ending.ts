/** When an agent that is a plain container has nothing left to wait for: a Job completes only once it has ended, too. */

/** How long no container may run before all are taken to have ended: one that failed may be started again. */
const ENDED_FOR_MS = 5000;
/** The same where not all of them were seen: one may still be set up, its image pulled. */
const ALONE_FOR_MS = 30_000;

export interface PodState {
  /** Every container that is waited for has run, and none runs. */
  readonly allEnded: boolean;
  /** There is no process but the pause process and the agent. */
  readonly isAlone: boolean;
}

export class Ending {
  #endedSinceMs: number | undefined;
  #aloneSinceMs: number | undefined;

  /** To be told every now and then how it stands. `unseen`: it is over, and not everything was seen to run. */
  note({ allEnded, isAlone }: PodState, nowMs: number): 'goes on' | 'ended' | 'unseen' {
    this.#endedSinceMs = allEnded ? (this.#endedSinceMs ?? nowMs) : undefined;
    this.#aloneSinceMs = isAlone ? (this.#aloneSinceMs ?? nowMs) : undefined;
    if (nowMs - (this.#endedSinceMs ?? nowMs) >= ENDED_FOR_MS) return 'ended';
    return nowMs - (this.#aloneSinceMs ?? nowMs) >= ALONE_FOR_MS ? 'unseen' : 'goes on';
  }
}
