import { ORPCError } from '@orpc/client';
import { describe, expect, it } from 'vitest';
import { openLiveSubscription } from '../../../renderer/hooks/live-subscription.ts';

/** A subscription whose frames and pauses the test lets pass by hand. */
function harness(subscribe: (attempt: number) => AsyncIterable<number>) {
  const values: number[] = [];
  const errors: unknown[] = [];
  const waits: number[] = [];
  const frames: (() => void)[] = [];
  let attempts = 0;
  let continueAfterWait = () => {};
  const stop = openLiveSubscription<number>({
    subscribe: async () => {
      attempts += 1;
      return subscribe(attempts);
    },
    onValue: (value) => values.push(value),
    onError: (error) => errors.push(error),
    onNextFrame: (task) => {
      frames.push(task);
      return () => frames.splice(frames.indexOf(task), 1);
    },
    wait: (milliseconds, signal) => {
      waits.push(milliseconds);
      return new Promise((resolve) => {
        continueAfterWait = resolve;
        signal.addEventListener('abort', () => resolve());
      });
    },
  });
  return {
    values,
    errors,
    waits,
    stop,
    attempts: () => attempts,
    drawFrame: () => frames.splice(0).forEach((task) => task()),
    waitOver: () => continueAfterWait(),
  };
}

/** Lets everything that is already under way run to its next pause. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

async function* these(...values: readonly number[]) {
  yield* values;
}

// oxlint-disable-next-line require-yield -- It breaks before its first value.
async function* broken(error: unknown): AsyncGenerator<number> {
  throw error;
}

describe('a live view', () => {
  it('hands on the newest value of a frame and no other', async () => {
    const live = harness(() => these(1, 2, 3));
    await settled();
    expect(live.values).toEqual([]);
    live.drawFrame();
    expect(live.values).toEqual([3]);
    live.stop();
  });

  it('asks again after it ended, and goes on where a new view begins', async () => {
    const live = harness((attempt) => these(attempt * 10));
    await settled();
    live.drawFrame();
    live.waitOver();
    await settled();
    live.drawFrame();
    expect(live.values).toEqual([10, 20]);
    expect(live.errors).toEqual([]);
    live.stop();
  });

  it('tells an error, waits longer each time, and starts afresh once a value came', async () => {
    const lost = new Error('The connection was closed.');
    const live = harness((attempt) => (attempt === 3 ? these(7) : broken(lost)));
    for (let round = 0; round < 3; round += 1) {
      await settled();
      live.waitOver();
    }
    await settled();
    expect(live.errors).toEqual([lost, lost, lost]);
    const [first = 0, second = 0, afterValue = 0] = live.waits;
    expect(second).toBeGreaterThan(first);
    expect(afterValue).toBe(first);
    live.stop();
  });

  it('does not press on an expected failure', async () => {
    const missing = new ORPCError('PROBLEM', { data: { code: 'not-found' } });
    const live = harness(() => broken(missing));
    await settled();
    expect(live.errors).toEqual([missing]);
    expect(live.waits[0]).toBeGreaterThanOrEqual(4_000);
    live.stop();
  });

  it('neither asks nor hands on anything after it was stopped', async () => {
    const live = harness(() => these(1));
    await settled();
    live.stop();
    live.drawFrame();
    live.waitOver();
    await settled();
    expect(live.values).toEqual([]);
    expect(live.attempts()).toBe(1);
  });
});
