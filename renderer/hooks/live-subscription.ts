// Keeps a live view of the bridge subscribed: asks again after a lost connection, and hands on at most one value a frame.
import { isProblem } from '../ui/problem.ts';

export interface LiveSubscriptionOptions<Value> {
  /** Asks the bridge; the signal ends the subscription there. */
  readonly subscribe: (signal: AbortSignal) => Promise<AsyncIterable<Value>>;
  readonly onValue: (value: Value) => void;
  /** null after a value has come again. */
  readonly onError: (error: unknown) => void;
  /** Runs a task once before the next frame is drawn; what it returns calls that off. */
  readonly onNextFrame: (task: () => void) => () => void;
  /** Resolves after so many milliseconds, or at once when the signal aborts. */
  readonly wait: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

const shortestWaitMs = 250;
const longestWaitMs = 4_000;

/**
 * Subscribes until the returned function is called. A view that ends or breaks is asked for again, sooner at first; an
 * expected failure (a PROBLEM or a wrong input) is told and asked for again only at the slowest pace, since it may be
 * cured by what happens elsewhere.
 */
export function openLiveSubscription<Value>(options: LiveSubscriptionOptions<Value>): () => void {
  const ending = new AbortController();
  const frame = newestPerFrame(options);
  void run(options, frame.push, ending.signal);
  return () => {
    ending.abort();
    frame.cancel();
  };
}

async function run<Value>(
  { subscribe, onError, wait }: LiveSubscriptionOptions<Value>,
  push: (value: Value) => void,
  signal: AbortSignal,
): Promise<void> {
  let waitMs = shortestWaitMs;
  while (!signal.aborted) {
    try {
      for await (const value of await subscribe(signal)) {
        if (signal.aborted) return;
        waitMs = shortestWaitMs;
        push(value);
      }
    } catch (error) {
      if (signal.aborted) return;
      if (isProblem(error)) waitMs = longestWaitMs;
      onError(error);
    }
    await wait(waitMs, signal);
    waitMs = Math.min(waitMs * 2, longestWaitMs);
  }
}

/** A burst of values, as an import makes, draws the newest one only. */
function newestPerFrame<Value>({ onValue, onNextFrame }: LiveSubscriptionOptions<Value>) {
  let newest: { readonly value: Value } | undefined;
  let cancelFrame: (() => void) | undefined;
  return {
    push(value: Value) {
      newest = { value };
      cancelFrame ??= onNextFrame(() => {
        cancelFrame = undefined;
        if (newest !== undefined) onValue(newest.value);
        newest = undefined;
      });
    },
    cancel() {
      cancelFrame?.();
    },
  };
}
