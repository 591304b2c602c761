import type { Price } from '../../shared/catalogue/price.ts';
import { microPerUnit, quantity, wholeCredits } from '../../shared/kernel/credits.ts';
import { instant, type Instant } from '../../shared/kernel/instant.ts';
import { contains, type Period } from '../../shared/kernel/period.ts';
import { holdingAt } from '../../shared/ledger/change.ts';
import { splitNow } from '../../shared/ledger/fold.ts';
import { compareKeys, keyOf } from '../../shared/ledger/line-order.ts';
import { PoolLedger } from '../../shared/ledger/pool-ledger.ts';
import type { AllotmentSchedule } from '../../shared/ledger/schedule.ts';
import type { Grant, Hold, Transaction, Usage } from '../../shared/ledger/transaction.ts';
import { slugOf } from '../transfer/feature-slug.ts';
import type { Pool } from './replica-state.ts';
import { sampleMembers, type SampleAction } from './sample-script.ts';
import type { Workspace } from './workspace.ts';

/** The story of a sample team with everything that is needed to book it. */
export interface SampleStory {
  readonly workspace: Workspace;
  readonly pool: Pool;
  readonly schedule: AllotmentSchedule;
  readonly actions: readonly SampleAction[];
  /** The allotment period in which the pool runs dry, and some go on all the same. */
  readonly dryMonth: Period;
  readonly freshId: () => string;
  readonly priceOf: (action: SampleAction) => Price;
  readonly now: Instant;
}

/**
 * Plays the actions against the pool, one after the other: what it cannot pay is not done, as on a hard pool, except for
 * a few in the dry month that were made on the platform itself and are recorded as overage. [E4] [E6]
 */
export function playSample(
  story: SampleStory,
  pack: Grant | null,
): { readonly lines: readonly Transaction[]; readonly dryAt: Instant | null } {
  const { schedule, pool, actions, dryMonth, priceOf } = story;
  const ledger = new PoolLedger({ poolId: pool.id, schedule });
  const lines: Transaction[] = [];
  const followUps: Transaction[] = pack ? [pack] : [];
  let overagesLeft = overagesMax;
  let dryAt: Instant | null = null;
  const applyUntil = (at: Instant): void => {
    followUps.sort((left, right) => compareKeys(keyOf(left), keyOf(right)));
    for (let next = followUps[0]; next && keyOf(next).at < at; next = followUps[0]) {
      followUps.shift();
      ledger.add([next]);
      if (next !== pack) lines.push(next);
    }
  };
  for (const action of actions) {
    applyUntil(action.at);
    const price = priceOf(action);
    const receipt = splitNow(ledger.stateAt(action.at), price.credits);
    const over = receipt.some((share) => share.grantId === null);
    const beforePack = pack === null || action.at < pack.occurredAt;
    const goesOn = over && beforePack && overagesLeft > 0 && isLarge(price) && contains(dryMonth, action.at);
    if (over && !goesOn) continue;
    if (goesOn) {
      overagesLeft -= 1;
      dryAt ??= action.at;
    }
    const line = lineOf(story, action, { price, receipt, over });
    ledger.add([line]);
    lines.push(line);
    const followUp = followUpOf(story, line, action);
    if (followUp) followUps.push(followUp);
  }
  applyUntil(instant(story.now + 1));
  return { lines, dryAt };
}

function lineOf(
  story: SampleStory,
  action: SampleAction,
  { price, receipt, over }: { readonly price: Price; readonly receipt: Usage['receipt']; readonly over: boolean },
): Usage | Hold {
  const { workspace } = story;
  const memberId = slugOf(sampleMembers[action.member]?.name ?? '');
  const teamId = holdingAt(workspace.index.members.get(memberId), action.at)?.member.teamId ?? null;
  const { course } = action;
  const note = over ? 'Made on the platform itself' : action.note;
  const spend = {
    id: story.freshId(),
    workspaceId: workspace.id,
    poolId: story.pool.id,
    occurredAt: action.at,
    recordedAt: action.at,
    authorId: memberId,
    origin: 'sample',
    memberId,
    teamId,
    featureId: action.feature,
    variant: null,
    quantity: quantity(action.quantity * microPerUnit),
    unitRate: price.unitRate,
    credits: price.credits,
    pricing: price.pricing,
    catalogueVersion: price.catalogueVersion,
    receipt,
    ...(note === null ? {} : { note }),
  } as const;
  if (over || course.kind !== 'held') return { kind: 'usage', ...spend, happened: over };
  const expiresAt = course.ends === 'expired' ? instant(action.at + course.afterMs) : null;
  return { kind: 'hold', ...spend, expiresAt };
}

/** What settles a hold, or gives a use back, as far as it has happened. [H2] [H7] [L4] */
function followUpOf(story: SampleStory, line: Usage | Hold, { course }: SampleAction): Transaction | null {
  const afterMs = 'afterMs' in course ? course.afterMs : 0;
  const at = instant(line.occurredAt + afterMs);
  if (at >= story.now) return null;
  const linked = {
    id: story.freshId(),
    workspaceId: line.workspaceId,
    poolId: line.poolId,
    occurredAt: at,
    recordedAt: at,
    authorId: line.memberId,
    origin: 'sample',
    memberId: line.memberId,
    teamId: line.teamId,
    featureId: line.featureId,
    variant: line.variant,
    linkedId: line.id,
    spentAt: line.occurredAt,
  } as const;
  const amount = line.credits;
  if (line.kind === 'hold') {
    if (course.kind !== 'held' || course.ends === 'open' || course.ends === 'expired') return null;
    return course.ends === 'released'
      ? { kind: 'release', ...linked }
      : { kind: 'capture', ...linked, credits: amount };
  }
  if (course.kind !== 'given-back') return null;
  const { reason } = course;
  return course.how === 'refund'
    ? { kind: 'refund', ...linked, credits: amount, reason }
    : { kind: 'void', of: 'usage', ...linked, credits: amount, reason };
}

/** Nobody leaves the app for a trifle. */
function isLarge(price: Price): boolean {
  return price.credits >= wholeCredits(25);
}

const overagesMax = 4;
