/** Tells live views that something about a workspace changed. Several changes in a row are told once. */
export class ChangeSignal {
  readonly #followers = new Set<(workspaceId: string) => void>();
  readonly #listeners = new Map<string, Set<() => void>>();
  #sequence = 0;
  #closed = false;

  get sequence(): number {
    return this.#sequence;
  }

  /** How many views are being kept up to date. */
  get listeners(): number {
    return [...this.#listeners.values()].reduce((total, listeners) => total + listeners.size, 0);
  }

  /** Ends all live views. */
  close(): void {
    this.#closed = true;
    for (const listeners of this.#listeners.values()) for (const listener of listeners) listener();
  }

  changed(workspaceId: string): void {
    this.#sequence += 1;
    for (const follower of this.#followers) follower(workspaceId);
    for (const key of [workspaceId, everyWorkspace]) {
      for (const listener of this.#listeners.get(key) ?? []) listener();
    }
  }

  /** Tells of every change as it happens, until what it answers is called. */
  follow(follower: (workspaceId: string) => void): () => void {
    this.#followers.add(follower);
    return () => this.#followers.delete(follower);
  }

  /**
   * Yields at once, then after every burst of changes but no more than five times a second, and at least every
   * `everyMs` since time changes views too. Ends when `signal` aborts, and with the replica.
   */
  async *ticks(
    workspaceId: string,
    options: { readonly signal: AbortSignal | undefined; readonly everyMs: number },
  ): AsyncGenerator<void> {
    let wake: () => void = () => undefined;
    let pending = true;
    let yieldedAtMs: number | null = null;
    const stopped = (): boolean => this.#closed || options.signal?.aborted === true;
    const listen = (): void => {
      pending = true;
      wake();
    };
    const listeners = this.#listeners.get(workspaceId) ?? new Set();
    this.#listeners.set(workspaceId, listeners.add(listen));
    options.signal?.addEventListener('abort', listen);
    try {
      while (!stopped()) {
        if (!pending) {
          const timer = setTimeout(listen, options.everyMs).unref();
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
          clearTimeout(timer);
        }
        if (yieldedAtMs !== null && !stopped()) {
          // What comes in the same burst is told with it.
          const restMs = yieldedAtMs + betweenMsMin - performance.now();
          await new Promise((resolve) => setTimeout(resolve, Math.max(burstMs, restMs)));
        }
        pending = false;
        if (stopped()) return;
        yieldedAtMs = performance.now();
        yield;
      }
    } finally {
      options.signal?.removeEventListener('abort', listen);
      listeners.delete(listen);
      if (listeners.size === 0) this.#listeners.delete(workspaceId);
    }
  }
}

export const everyWorkspace = '';
const burstMs = 25;
/** A view that is worked out anew more often than a person can follow only keeps others waiting. */
const betweenMsMin = 200;
