import type { WakeSignal } from '../wake.ts';

export interface SleepOptions {
  readonly wake: WakeSignal;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Calls `work` every so many milliseconds. */
  readonly every: (everyMs: number, work: () => void) => void;
}

const everyMs = 10_000;
/** A busy process is late too, but not by this much; told once too often, something is only tried once more. */
const asleepMs = 30_000;

/** Tells when the computer woke up, which no shell but the desktop's is told: whoever slept did not look at the clock. */
export function followSleep({ wake, now, every }: SleepOptions): void {
  let lookedAt = now();
  every(everyMs, () => {
    const at = now();
    if (at - lookedAt > asleepMs) wake.tell('resume');
    lookedAt = at;
  });
}
