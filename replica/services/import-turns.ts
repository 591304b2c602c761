import type { Steps } from '../../shared/kernel/steps.ts';

/** Gives way to everybody else who is served by this process; throws when the work is to stop. */
export type GiveWay = () => Promise<void>;

/**
 * Long work calls this between its pieces. It costs nothing until the turn has lasted for a while; then others get
 * their answers before the work goes on.
 */
export function takingTurns(throwIfStopped: () => void, turnMsMax = turnMsUsual): GiveWay {
  let since = performance.now();
  return async () => {
    throwIfStopped();
    if (performance.now() - since < turnMsMax) return;
    await new Promise((resolve) => setImmediate(resolve));
    since = performance.now();
    throwIfStopped();
  };
}

/** Of work that is made of small steps: what somebody else waits for it is hardly seen. */
export const shortTurnMs = 8;

/** Runs work in its steps, with turns of others in between. */
export async function inTurns<Value>(steps: Steps<Value>, giveWay: GiveWay): Promise<Value> {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    await giveWay();
  }
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

const turnMsUsual = 25;
const progressMsMin = 50;
