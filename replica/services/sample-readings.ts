// What the platforms themselves said was used, at times: once with a difference that was booked, and lately with a small
// one that was not. [G13]
import { add, noCredits, sum, wholeCredits, type Credits } from '../../shared/kernel/credits.ts';
import { instant, type Instant } from '../../shared/kernel/instant.ts';
import type { Period } from '../../shared/kernel/period.ts';
import type { Reading } from '../../shared/ledger/reading.ts';
import { useOf, type Correction, type Transaction } from '../../shared/ledger/transaction.ts';
import type { SampleScript } from './sample-platforms.ts';
import { sampleAdmin, type SampleSetting } from './sample-terms.ts';

export type SampleReading = Omit<Reading, 'workspaceId'>;

interface Readings {
  /** The corrections of those whose difference was booked. */
  readonly booked: readonly Correction[];
  /** All of them, once it is known what was used. */
  readonly taken: (lines: readonly Transaction[]) => readonly SampleReading[];
}

/** How many credits more the platform counted than the ledger. */
const driftBooked = 14;
const driftOpen: Readonly<Partial<Record<SampleScript['platform'], number>>> = { piktochart: 25, miro: 7 };

export function readingsOf(
  setting: SampleSetting,
  given: {
    readonly script: SampleScript;
    readonly periods: readonly Period[];
    readonly poolId: string;
    readonly idOfReading: (readingId: string) => string;
  },
): Readings {
  const { workspaceId, now, freshId } = setting;
  const { script, periods, poolId, idOfReading } = given;
  const [running, previous] = [periods.at(-1), periods.at(-2)];
  const drift = driftOpen[script.platform];
  if (!running || !previous || drift === undefined) return { booked: [], taken: () => [] };
  const soon = { id: freshId(), at: instant(previous.end - 3 * hourMs), period: previous };
  const late = { id: freshId(), at: instant(now - 20 * hourMs), period: running };
  const correction: Correction = {
    kind: 'correction',
    id: idOfReading(soon.id),
    workspaceId,
    poolId,
    occurredAt: soon.at,
    recordedAt: soon.at,
    spentAt: soon.at,
    authorId: sampleAdmin ?? null,
    origin: 'reading',
    memberId: null,
    teamId: null,
    featureId: null,
    variant: null,
    linkedId: null,
    credits: wholeCredits(driftBooked),
    reason: 'Made on the platform itself, as its own page says',
  };
  return {
    booked: [correction],
    taken: (lines) => [
      // What was booked of it makes the ledger agree.
      { id: soon.id, at: soon.at, used: usedBetween(lines, soon.period.start, soon.at) },
      ...(late.at < running.start
        ? []
        : [{ id: late.id, at: late.at, used: add(usedBetween(lines, running.start, late.at), wholeCredits(drift)) }]),
    ],
  };
}

/** What was used from one instant to another, both included. */
export function usedBetween(lines: readonly Transaction[], from: Instant, to: Instant): Credits {
  return sum(
    lines.map((line) => {
      const use = useOf(line);
      return use && use.at >= from && use.at <= to && line.occurredAt <= to ? use.credits : noCredits;
    }),
  );
}

const hourMs = 3_600_000;
