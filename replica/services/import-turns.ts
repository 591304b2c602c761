/** Gives way to everybody else who is served by this process; throws when the work is to stop. */
export type GiveWay = () => Promise<void>;

/**
 * Long work calls this between its pieces. It costs nothing until the turn has lasted for a while; then others get
 * their answers before the work goes on.
 */
export function takingTurns(throwIfStopped: () => void): GiveWay {
  let since = performance.now();
  return async () => {
    throwIfStopped();
    if (performance.now() - since < turnMsMax) return;
    await new Promise((resolve) => setImmediate(resolve));
    since = performance.now();
    throwIfStopped();
  };
}

/** How the work stands. */
export interface Progress {
  readonly kind: 'progress';
  readonly phase: 'reading' | 'booking';
  readonly done: number;
  readonly total: number;
}

/**
 * Runs `work` and yields how it stands, at most twenty times a second; of what comes faster the latest counts. Whoever
 * stops listening does not stop the work.
 */
export async function* withProgress<Answer>(
  work: (onProgress: (progress: Progress) => void) => Promise<Answer>,
): AsyncGenerator<Progress, Answer> {
  let latest: Progress | null = null;
  let wake: () => void = () => undefined;
  let running = true;
  const working = work((progress) => {
    latest = progress;
    wake();
  });
  const ended = working.then(
    () => (running = false),
    () => (running = false),
  );
  const take = (): Progress | null => {
    const taken = latest;
    latest = null;
    return taken;
  };
  while (running) {
    const progress = take();
    if (progress) {
      yield progress;
      await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, progressMsMin))]);
    } else {
      await Promise.race([ended, new Promise<void>((resolve) => (wake = resolve))]);
    }
  }
  return working;
}

const turnMsMax = 25;
const progressMsMin = 50;
