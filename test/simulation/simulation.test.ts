import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hashText } from '../../shared/kernel/hash.ts';
import { thorough } from '../support/thoroughness.ts';
import { bugNames, type Bug } from './bugs.ts';
import { simulate } from './simulate.ts';

const seeds = Array.from({ length: thorough ? 500 : 50 }, (_, place) => place + 1);

describe('devices and a server, with everything going wrong', () => {
  const seen = new Set<string>();

  it.each(seeds)('seed %i: nothing is lost, doubled, shown to others or spent beyond what there is', async (seed) => {
    const report = await simulate(seed);
    expect(report.findings).toEqual([]);
    // A time in which nothing happens proves nothing.
    expect(report.actions).toBeGreaterThan(1_000);
    for (const kind of Object.keys(report.faults)) seen.add(kind);
  });

  it('all kinds of faults happen', () => {
    expect([...seen].toSorted()).toEqual([
      'answer-lost',
      'clock',
      'crash',
      'crash-midway',
      'cut',
      'disk-full',
      'doubled',
      'dropped',
      'failover',
      'message-lost',
      'notice-lost',
      'partition',
      'poison',
      'reordered',
      'restore',
      'revoked',
      'server-restart',
      'slow-transaction',
    ]);
  });

  it('[12] a seed gives the same trace again, also in another process, and another seed another one', async () => {
    const [first, second, other] = [await simulate(7), await simulate(7), await simulate(8)];
    expect(second).toEqual(first);
    expect(other.traceHash).not.toBe(first.traceHash);
    const program = join(import.meta.dirname, 'main.ts');
    const { stdout } = spawnSync(process.execPath, [program, '--seed', '7', '--json'], { encoding: 'utf8' });
    const { traceHash, actions, devices } = first;
    expect(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).toMatchObject({
      seeds: 1,
      failures: 0,
      actions,
      devices,
      traceHash: hashText(`0 ${traceHash}`),
    });
  });

  it.each(bugNames)('finds a planted %s within 200 seeds', async (bug) => {
    // Begins where it was found last: that is quick as long as nothing else has changed what a seed does.
    const order = [foundAt[bug], ...Array.from({ length: 200 }, (_, place) => place + 1)];
    let found: readonly string[] = [];
    for (const seed of order) {
      found = (await simulate(seed, new Set([bug]))).findings;
      if (found.length > 0) break;
    }
    expect(found).not.toEqual([]);
  });
});

const foundAt: Readonly<Record<Bug, number>> = {
  'bigserial-cursor': 22,
  'one-statement-grant': 1,
  'missing-lock': 1,
  'no-idempotency-key': 1,
  'timeline-ignored': 1,
  'text-alias-sort': 1,
  'outbox-forgotten': 6,
  'checkpoint-before-documents': 1,
  'lease-not-counted': 2,
  'gift-before-booking': 32,
  'given-back-twice': 1,
  'people-shown': 1,
};
