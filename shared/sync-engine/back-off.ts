import type { Random } from '../kernel/random.ts';

const firstMs = 1_000;
const longestMs = 5 * 60_000;

/**
 * How long to wait after so many failures in a row (1 or more): twice as long each time up to five minutes, of which a
 * half is drawn, so that devices that lost the server together do not come back together. Never less than the server
 * asked for. [D8]
 */
export function backOffMs(given: {
  readonly failures: number;
  readonly retryAfterMs: number | null;
  readonly random: Random;
}): number {
  const most = Math.min(firstMs * 2 ** Math.min(given.failures - 1, 30), longestMs);
  const wait = most / 2 + (given.random() * most) / 2;
  return Math.round(given.retryAfterMs === null ? wait : given.retryAfterMs + wait);
}
