import { expect, it } from 'vitest';
import { followSleep } from '../../../replica/loopback/follow-sleep.ts';
import { WakeSignal } from '../../../replica/wake.ts';

it('tells once that the computer woke up, and nothing while time passes as it should', () => {
  const wake = new WakeSignal();
  const told: string[] = [];
  const stop = wake.follow((reason) => told.push(reason));
  let now = 1_000_000;
  let look = (): void => undefined;
  followSleep({ wake, now: () => now, every: (_everyMs, work) => void (look = work) });
  for (const passed of [10_000, 12_000, 29_000, 3_600_000, 10_000, -50_000, 10_000]) {
    now += passed;
    look();
  }
  expect(told).toEqual(['resume']);
  stop();
  now += 3_600_000;
  look();
  expect(told).toEqual(['resume']);
});
