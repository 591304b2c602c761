/** The engine alone: decisions, balances of the past and rebuilding, against the number of transactions. */

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { z } from 'zod';
import { credits, wholeCredits, type Credits } from '../../shared/kernel/credits.ts';
import { instant, type Instant } from '../../shared/kernel/instant.ts';
import { seededRandom, type Random } from '../../shared/kernel/random.ts';
import { balanceOf } from '../../shared/ledger/balance-of.ts';
import { PoolLedger } from '../../shared/ledger/pool-ledger.ts';
import { scheduleOf } from '../../shared/ledger/schedule.ts';
import type { BalanceLine, Grant, Hold } from '../../shared/ledger/transaction.ts';
import { askPool } from '../../shared/ledger/what-if.ts';
import { capture, grant, hold, poolId, refund, usage } from '../support/ledger-lines.ts';
import { plainCatalogue, plainPlan, plainVersion } from '../unit/catalogue/catalogue-builder.ts';
import { workspaceTerms } from '../support/workspace-terms.ts';
import { figureOf, type Figure } from './figure.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = z.custom<() => void>((value) => typeof value === 'function').parse(runInNewContext('gc'));

const COUNTS = [1_000, 10_000, 100_000, 1_000_000] as const;
const GRANTS = 200;
const QUESTIONS = 2_000;
const START = instant(Date.UTC(2024, 0, 1));
const END = instant(Date.UTC(2025, 11, 31));
/** Of a hundred lines so many are no plain uses: every second one of them a hold with its capture, and refunds. */
const OTHERS_IN_HUNDRED = 4;

export async function ledgerFigures(): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const count of COUNTS) {
    figures.push(...measureAt(count));
    await new Promise((resolve) => setImmediate(resolve));
  }
  return figures;
}

function measureAt(count: number): readonly Figure[] {
  const random = seededRandom(count);
  const index = workspaceTerms({
    catalogue: plainCatalogue({ versions: [version] }),
    plan: 'team',
    anchor: '2024-01-01',
  });
  const schedule = scheduleOf(index, poolId, null);
  const heapBefore = usedBytes();
  const begun = performance.now();
  const ledger = new PoolLedger({ poolId, schedule });
  ledger.add(linesOf(count, random));
  balanceOf(ledger.stateAt(END), END);
  const rebuildMs = performance.now() - begun;
  const megabytes = (usedBytes() - heapBefore) / 1e6;

  let made = 0;
  const now = (): Instant => instant(END + made * 1000);
  const decideAndLog = (): void => {
    made += 1;
    const asked = { ledger, at: now(), now: now(), amount: credits(1_500_000) };
    askPool(asked);
    ledger.add([usage(`late-${made}`, now(), asked.amount)]);
  };
  const pastInstant = (): Instant => instant(START + Math.floor(random() * (END - START)));
  const daysAgo = (days: number): Instant => instant(now() - Math.floor(random() * days * 86_400_000));
  const name = (what: string): string => `ledger.${what}@${count}`;
  const times = (what: string, questions: number, ask: () => void): readonly Figure[] => {
    const sorted = timesOf(questions, ask);
    return (['p50', 'p99'] as const).map((part) =>
      figureOf({
        name: name(`${what}-${part}`),
        unit: 'ms',
        n: questions,
        runs: [{ value: sorted[Math.floor(questions * (part === 'p50' ? 0.5 : 0.99))] ?? Number.NaN }],
      }),
    );
  };
  return [
    figureOf({ name: name('rebuild'), unit: 's', n: count, runs: [{ value: rebuildMs / 1000 }] }),
    figureOf({ name: name('rebuild-memory'), unit: 'MB', n: count, runs: [{ value: megabytes }] }),
    ...times('decide-and-log', QUESTIONS, decideAndLog),
    ...times('balance-as-of', QUESTIONS / 4, () => {
      const at = pastInstant();
      balanceOf(ledger.stateAt(at), at);
    }),
    ...times('decide-backdated-a-month', QUESTIONS / 10, () => {
      askPool({ ledger, at: daysAgo(30), now: now(), amount: credits(1_500_000) });
    }),
    ...times('log-late-a-month', QUESTIONS / 10, () => {
      made += 1;
      ledger.add([usage(`later-${made}`, daysAgo(30), credits(1_500_000))]);
      balanceOf(ledger.stateAt(now()), now());
    }),
  ];
}

/** Lines over two years, with packs and adjustments among them, in the order in which they happened. */
function* linesOf(count: number, random: Random): Generator<BalanceLine> {
  const step = (END - START) / count;
  let grantsLeft = GRANTS;
  let open: Hold | null = null;
  for (let number = 0; number < count; number += 1) {
    const at = instant(Math.floor(START + number * step));
    const id = `01900000-0000-7000-8000-${String(number).padStart(12, '0')}`;
    const amount = credits(Math.ceil(random() * 5) * 500_000);
    if (grantsLeft > 0 && number % Math.ceil(count / GRANTS) === 0) {
      grantsLeft -= 1;
      yield packLine(id, at, wholeCredits(Math.ceil(count / GRANTS)), grantsLeft % 3 === 0);
    } else if (open !== null) {
      yield capture(id, open, at, open.credits);
      open = null;
    } else if (number % 100 < OTHERS_IN_HUNDRED / 2 && number + 1 < count) {
      open = hold(id, at, amount);
      yield open;
    } else if (number % 100 === 50) {
      const used = usage(id, at, amount);
      yield lean(id, at, amount);
      yield refund(`${id}-refund`, used, instant(at + 1), amount);
    } else yield lean(id, at, amount);
  }
}

/** As a database answers: nothing of a use but what a balance depends on. */
function lean(id: string, occurredAt: Instant, amount: Credits): BalanceLine {
  return { kind: 'usage', id, occurredAt, credits: amount };
}

function packLine(id: string, at: Instant, amount: Credits, lapses: boolean): Grant {
  return grant(id, at, amount, { expiresAt: lapses ? instant(at + 90 * 86_400_000) : null });
}

const version = plainVersion({
  effectiveFrom: '2024-01-01',
  plans: [plainPlan({ allotment: { rule: 'fixed', credits: '10000', source: 'page' } })],
});

/** In milliseconds, the shortest first. */
function timesOf(questions: number, ask: () => void): readonly number[] {
  const times: number[] = [];
  for (let question = 0; question < questions; question += 1) {
    const begun = performance.now();
    ask();
    times.push(performance.now() - begun);
  }
  return times.sort((left, right) => left - right);
}

/** What is in use once the garbage is collected. */
function usedBytes(): number {
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
