/** Why the shell says that it is worth trying again at once what was put off. */
export const wakeReasons = ['online', 'resume', 'unlock'] as const;

/** `online`: there is a network again. `resume`: the computer slept. `unlock`: the person is back. */
export type WakeReason = (typeof wakeReasons)[number];

/** What the shell knows of the computer and tells whoever waits, such as a sync that pauses after a failure. */
export class WakeSignal {
  readonly #listeners = new Set<(reason: WakeReason) => void>();

  tell(reason: WakeReason): void {
    for (const listener of this.#listeners) listener(reason);
  }

  /** Calls `listener` at each signal from now on, until what it answers is called. */
  follow(listener: (reason: WakeReason) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}
