/** Mistakes that can be planted, each of which the suite has to find. */
export const bugNames = [
  /** Places are given out before the order of commits is known. */
  'bigserial-cursor',
  /** What a lease is carved out of is read in the statement that waits for the lock. */
  'one-statement-grant',
  /** Nobody waits for anybody. */
  'missing-lock',
  'no-idempotency-key',
  /** A lost tail is found by what devices know only. */
  'timeline-ignored',
  /** A page is ordered by its places as texts. */
  'text-alias-sort',
  /** Another view also drops what waits to be brought back for others. */
  'outbox-forgotten',
  'checkpoint-before-documents',
  /** What was spent under a lease is counted in memory only. */
  'lease-not-counted',
  'gift-before-booking',
  /** What was given back of a use before is not looked at when more of it is given back. */
  'given-back-twice',
  /** Lines of others are shown in the clear to everybody. */
  'people-shown',
] as const;
export type Bug = (typeof bugNames)[number];
