import { assert } from '../../shared/kernel/assert.ts';
import type { Price } from '../../shared/catalogue/price.ts';
import type { Reason } from '../../shared/entitlement/decision.ts';
import {
  credits,
  microPerUnit,
  multiply,
  quantity,
  subtract,
  wholeCredits,
  type Credits,
} from '../../shared/kernel/credits.ts';
import { instant, type Instant } from '../../shared/kernel/instant.ts';
import { contains, type Period } from '../../shared/kernel/period.ts';
import { holdingAt } from '../../shared/ledger/change.ts';
import { splitNow } from '../../shared/ledger/fold.ts';
import { compareKeys, keyOf } from '../../shared/ledger/line-order.ts';
import { PoolLedger } from '../../shared/ledger/pool-ledger.ts';
import { planAt, scheduleOf, type TermsIndex } from '../../shared/ledger/schedule.ts';
import type { Correction, Grant, Hold, Transaction, Usage } from '../../shared/ledger/transaction.ts';
import { askPool } from '../../shared/ledger/what-if.ts';
import type { SampleAction } from './sample-story.ts';

/** The story of a sample team with everything that is needed to book it. */
export interface PlayedStory {
  readonly workspaceId: string;
  readonly index: TermsIndex;
  readonly poolIdOf: (memberId: string | null) => string;
  /** The allotment period in which a shared pool runs dry, and some go on all the same; null for none. */
  readonly dryPeriod: Period | null;
  /** Grants and corrections that are booked besides. */
  readonly entries: readonly Transaction[];
  /** What is bought when a hard pool cannot pay; null for nothing. */
  readonly buyMore: (short: Short) => Grant | null;
  readonly freshId: () => string;
  /** When a use is written down. */
  readonly recordedAt: (at: Instant) => Instant;
  /** Of what is not metered. */
  readonly priceOf: (action: SampleAction) => Price;
  readonly now: Instant;
}

/** A pool that cannot pay for an action. */
export interface Short {
  readonly action: SampleAction;
  readonly poolId: string;
  /** Some go on all the same in that period. */
  readonly isDry: boolean;
}

/** What somebody wanted to spend and was refused. */
export interface PlayedRefusal {
  readonly action: SampleAction;
  readonly teamId: string | null;
  readonly credits: Credits;
  readonly reasons: readonly Reason[];
}

export interface Played {
  /** In the order in which they were written down. */
  readonly lines: readonly Transaction[];
  readonly refusals: readonly PlayedRefusal[];
  readonly ledgers: ReadonlyMap<string, { readonly memberId: string | null; readonly ledger: PoolLedger }>;
}

/**
 * Plays actions against the pools, one after the other in their order: what a hard pool cannot pay is not done, except
 * for a few in the dry period that were made on the platform itself and are recorded as overage. [E4] [E6]
 */
export class Player {
  readonly #story: PlayedStory;
  readonly #ledgers = new Map<string, { readonly memberId: string | null; readonly ledger: PoolLedger }>();
  readonly #lines: Transaction[] = [];
  readonly #refusals: PlayedRefusal[] = [];
  /** What follows from lines that were played, the earliest first. */
  readonly #later: Transaction[];
  #overagesLeft = overagesMax;
  /** From when on there is more in the dry period. */
  #moreAt: Instant | null = null;

  constructor(story: PlayedStory) {
    this.#story = story;
    this.#later = story.entries.toSorted((left, right) => compareKeys(keyOf(left), keyOf(right)));
  }

  play(action: SampleAction): void {
    this.#applyUntil(action.at);
    const { index } = this.#story;
    const { plan } = planAt(index, action.at);
    const price = this.#priceOf(action);
    const { poolId, ledger } = this.#poolOf(action);
    const receipt = splitNow(ledger.stateAt(action.at), price.credits);
    const over = receipt.some((share) => share.grantId === null);
    const teamId = holdingAt(index.members.get(action.memberId), action.at)?.member.teamId ?? null;
    const isHard = over && plan.limit.kind === 'hard';
    if (isHard && !this.#goesOn({ action, poolId }, price.credits)) {
      this.#refuse(action, { ledger, teamId, credits: price.credits });
      return;
    }
    const line = this.#lineOf(action, { poolId, teamId, price, receipt, outside: isHard });
    ledger.add([line]);
    this.#lines.push(line);
    const followUp = this.#followUpOf(line, action);
    if (followUp) this.#await(followUp);
  }

  /** Whether somebody does on the platform itself what the pool cannot pay. */
  #goesOn({ action, poolId }: Omit<Short, 'isDry'>, amount: Credits): boolean {
    const { dryPeriod, buyMore } = this.#story;
    const isDry = dryPeriod !== null && contains(dryPeriod, action.at);
    const more = buyMore({ action, poolId, isDry });
    if (more) {
      this.#await(more);
      if (isDry) this.#moreAt = more.occurredAt;
    }
    const beforeMore = this.#moreAt === null || action.at < this.#moreAt;
    if (!isDry || !beforeMore || this.#overagesLeft === 0 || amount < largeMin) return false;
    this.#overagesLeft -= 1;
    return true;
  }

  #await(line: Transaction): void {
    this.#later.push(line);
    this.#later.sort((left, right) => compareKeys(keyOf(left), keyOf(right)));
  }

  end(): Played {
    this.#applyUntil(instant(this.#story.now + 1));
    return { lines: this.#lines, refusals: this.#refusals, ledgers: this.#ledgers };
  }

  #applyUntil(at: Instant): void {
    for (let next = this.#later[0]; next && keyOf(next).at < at; next = this.#later[0]) {
      this.#later.shift();
      this.#lines.push(next);
      this.#ledgerOf(next.poolId).ledger.add([next]);
    }
  }

  #poolOf(action: SampleAction): { readonly poolId: string; readonly ledger: PoolLedger } {
    const { index, poolIdOf } = this.#story;
    const owner = planAt(index, action.at).plan.poolScope === 'member' ? action.memberId : null;
    const poolId = poolIdOf(owner);
    return { poolId, ledger: this.#ledgerOf(poolId, owner).ledger };
  }

  #ledgerOf(poolId: string, memberId: string | null = null) {
    const known = this.#ledgers.get(poolId);
    if (known) return known;
    const owner = memberId ?? this.#ownerOf(poolId);
    const made = {
      memberId: owner,
      ledger: new PoolLedger({ poolId, schedule: scheduleOf(this.#story.index, poolId, owner) }),
    };
    this.#ledgers.set(poolId, made);
    return made;
  }

  #ownerOf(poolId: string): string | null {
    const { index, poolIdOf } = this.#story;
    return [...index.members.keys()].find((memberId) => poolIdOf(memberId) === poolId) ?? null;
  }

  #priceOf(action: SampleAction): LinePrice {
    if (action.metered === null) return this.#story.priceOf(action);
    const amount = multiply(wholeCredits(action.metered), quantity(action.quantity * microPerUnit));
    assert(amount !== undefined, 'A sample costs little');
    return { credits: amount, unitRate: null, pricing: 'metered', catalogueVersion: null };
  }

  #lineOf(
    action: SampleAction,
    given: {
      readonly poolId: string;
      readonly teamId: string | null;
      readonly price: LinePrice;
      readonly receipt: Usage['receipt'];
      /** It was made on the platform itself. */
      readonly outside: boolean;
    },
  ): Usage | Hold {
    const { course, at, memberId } = action;
    const { poolId, teamId, price, receipt, outside } = given;
    const note = outside ? 'Made on the platform itself' : action.note;
    const spend = {
      id: this.#story.freshId(),
      workspaceId: this.#story.workspaceId,
      poolId,
      occurredAt: at,
      recordedAt: this.#story.recordedAt(at),
      authorId: memberId,
      origin: 'sample',
      memberId,
      teamId,
      featureId: action.feature,
      variant: action.variant,
      quantity: quantity(action.quantity * microPerUnit),
      unitRate: price.unitRate,
      credits: price.credits,
      pricing: price.pricing,
      catalogueVersion: price.catalogueVersion,
      receipt,
      ...(note === null ? {} : { note }),
    } as const;
    if (outside || course.kind !== 'held')
      return { kind: 'usage', ...spend, happened: outside || action.metered !== null };
    const expiresAt = course.ends === 'expired' ? instant(at + course.afterMs) : null;
    return { kind: 'hold', ...spend, expiresAt };
  }

  /** Every rule that stands in the way of it now, as a person would have been told. */
  #refuse(
    action: SampleAction,
    given: { readonly ledger: PoolLedger; readonly teamId: string | null; readonly credits: Credits },
  ): void {
    const { at } = action;
    const answer = askPool({ ledger: given.ledger, amount: given.credits, at, now: at });
    const { headroom, freesAt } = answer;
    const limits = { limit: null, span: null, subject: null };
    const reasons: readonly Reason[] = [{ rule: 'pool', effect: 'refused', headroom, freesAt, ...limits }];
    this.#refusals.push({ action, teamId: given.teamId, credits: given.credits, reasons });
  }

  /** What settles a hold, gives a use back or corrects it, as far as it has happened. [H2] [H7] [L3] [L4] */
  #followUpOf(line: Usage | Hold, { course }: SampleAction): Transaction | null {
    const afterMs = 'afterMs' in course ? course.afterMs : 0;
    const at = instant(line.occurredAt + afterMs);
    if (at >= this.#story.now) return null;
    const linked = {
      id: this.#story.freshId(),
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
    if (course.kind === 'corrected') return correctionOf(line, linked, course);
    if (course.kind !== 'given-back') return null;
    const { reason } = course;
    return course.how === 'refund'
      ? { kind: 'refund', ...linked, credits: amount, reason }
      : { kind: 'void', of: 'usage', ...linked, credits: amount, reason };
  }
}

/** Brings a use to a smaller quantity, at the rate that it was priced with. [L3] */
function correctionOf(
  line: Usage,
  linked: Omit<Correction, 'kind' | 'credits' | 'reason'>,
  course: { readonly toQuantity: number; readonly reason: string },
): Correction | null {
  const stated = quantity(course.toQuantity * microPerUnit);
  const target = line.unitRate === null ? undefined : multiply(line.unitRate, stated);
  if (target === undefined || target >= line.credits) return null;
  return {
    kind: 'correction',
    ...linked,
    credits: credits(subtract(target, line.credits)),
    reason: course.reason,
    restatedQuantity: stated,
  };
}

type LinePrice = Pick<Usage, 'credits' | 'unitRate' | 'pricing' | 'catalogueVersion'>;

/** Nobody leaves the app for a trifle. */
const largeMin = wholeCredits(25);
const overagesMax = 4;
