// What the server's own catalogue, ledger, roles and caps say of an entry. Pure: everything that it depends on is given.
import { findFeature } from '../../shared/catalogue/lookup.ts';
import { figure } from '../../shared/catalogue/figure.ts';
import { capsBinding, type BindingCap } from '../../shared/entitlement/caps.ts';
import { multiply, noCredits } from '../../shared/kernel/credits.ts';
import { instant, type Instant } from '../../shared/kernel/instant.ts';
import { contains, type Period } from '../../shared/kernel/period.ts';
import { isLocalDate, isTimeZone } from '../../shared/kernel/time-zone.ts';
import { holdingAt } from '../../shared/ledger/change.ts';
import { periodAt, type TermsIndex } from '../../shared/ledger/schedule.ts';
import { useOf, type Hold, type Transaction, type Usage } from '../../shared/ledger/transaction.ts';
import type { Authorship, Entry } from '../../shared/protocol/entry.ts';
import type { RefusalReason } from '../../shared/protocol/verdict.ts';
import { isOfTerms } from '../../shared/sync-engine/accept-push.ts';
import type { HoldGroup, Review } from '../../shared/sync-engine/booking-facts.ts';
import { borneAfter, followOf, type Follow } from '../../shared/sync-engine/given-back.ts';
import { spentAt } from '../../shared/sync-engine/incoming-row.ts';
import { mayWrite, type Author } from './may-write.ts';
import { cataloguesOf, indexOf, poolsOf, withEntries, type Terms } from './terms.ts';

export interface ReviewGiven {
  /** As they are before the first of the entries. */
  readonly terms: Terms;
  readonly author: Author;
  /** Of the device that sends. */
  readonly deviceId: string;
  /** Lines that lines of the batch link to, as far as they are known. */
  readonly bases: ReadonlyMap<string, Transaction>;
  readonly groups: ReadonlyMap<string, HoldGroup>;
  /** What was booked as following from the bases. */
  readonly follows: ReadonlyMap<string, readonly Follow[]>;
  /** What was used and is held against caps, by `capKey`. */
  readonly usedByCap: ReadonlyMap<string, number>;
  /** The database's clock. */
  readonly now: Instant;
  /** When this server got the workspace: periods that were over by then were never closed here. */
  readonly beganAt: Instant;
  /** A tail was lost once: what lines link to, and what admins wrote, may have to be brought back yet. */
  readonly lostTail: boolean;
}

/** Looks at the entries of a batch one after the other: what one of them changes counts for those after it. */
export function reviewer(given: ReviewGiven): (entry: Entry, by: Authorship) => Review {
  let { terms } = given;
  const seen = new Map(given.bases);
  const usedByCap = new Map(given.usedByCap);
  const uses = new KnownUses(given);
  const periods = new PeriodFinder();
  return (entry, by) => {
    const refused = refusalOf(entry, by, { ...given, terms, bases: seen });
    if (refused !== null) return { refused, late: false, overCap: false };
    if (isOfTerms(entry)) terms = withEntries(terms, [entry]);
    if (entry.kind !== 'line') return booked;
    const { line } = entry;
    const index = indexOf(terms);
    const amount = uses.changeBy(line);
    const overCap = index !== null && exceedsCap(index, line, { ...given, terms, usedByCap, amount });
    seen.set(line.id, line);
    return { refused: null, late: index !== null && isLate(line, periods.at(index, spentAt(line)), given), overCap };
  };
}

const booked: Review = { refused: null, late: false, overCap: false };

function refusalOf(entry: Entry, by: Authorship, given: ReviewGiven): RefusalReason | null {
  const { terms, author, bases, now, lostTail } = given;
  if (entry.kind === 'workspace') return refusalOfWorkspace(entry, given);
  if (terms.record === null) return 'unknown-workspace';
  const index = indexOf(terms);
  const baseOf = (line: Transaction): Transaction | undefined =>
    'linkedId' in line && line.linkedId !== null ? bases.get(line.linkedId) : undefined;
  // What was lost is brought back by a lead or an admin as it was, whoever had written it.
  const isBroughtBack = by.deviceId !== given.deviceId && lostTail;
  if (author.access === null) return 'not-allowed';
  if (!isBroughtBack && !mayWrite(entry, author, { index, now, baseOf, orders: terms.orders })) return 'not-allowed';
  if (entry.kind === 'change' && entry.change.value.kind === 'time-zone') {
    return isTimeZone(entry.change.value.timeZone) ? null : 'malformed';
  }
  if (entry.kind !== 'line') return null;
  const { line } = entry;
  const pool = poolsOf(terms).get(line.poolId);
  if (!pool) return 'unknown-pool';
  if ('memberId' in line && pool.memberId !== null && line.memberId !== pool.memberId) return 'not-allowed';
  if ((line.kind === 'usage' || line.kind === 'hold') && !isPriced(line, terms)) return 'not-priced';
  return refusalOfLink(line, baseOf(line), { lostTail });
}

function refusalOfWorkspace(entry: Entry & { readonly kind: 'workspace' }, given: ReviewGiven): RefusalReason | null {
  if (given.author.access !== 'company-admin' || given.terms.record !== null) return 'not-allowed';
  const { timeZone, anchor } = entry.workspace;
  return isTimeZone(timeZone) && isLocalDate(anchor) ? null : 'malformed';
}

/** What gives back needs something to give back from; a hold may come after what settles it. */
function refusalOfLink(
  line: Transaction,
  base: Transaction | undefined,
  { lostTail }: { readonly lostTail: boolean },
): RefusalReason | null {
  if (!('linkedId' in line) || line.linkedId === null) return null;
  const settles = line.kind === 'capture' || line.kind === 'release';
  if (!base) return settles || lostTail ? null : 'unknown-line';
  if (base.poolId !== line.poolId) return 'malformed';
  if (settles && base.kind !== 'hold') return 'unknown-line';
  if ((settles || line.kind === 'refund') && line.spentAt !== spentAt(base)) return 'malformed';
  if (line.kind === 'void') return (line.of === 'grant') === (base.kind === 'grant') ? null : 'unknown-line';
  return base.kind === 'grant' ? 'unknown-line' : null;
}

/** Whether a price is that of the catalogue version which it names. Versions that are not known here are believed. [C1] */
function isPriced(line: Usage | Hold, terms: Terms): boolean {
  // Metered credits come with reports of what happened.
  if (line.pricing === 'metered') return line.kind === 'usage' && line.happened;
  if (line.unitRate === null || multiply(line.unitRate, line.quantity) !== line.credits) return false;
  const versions = cataloguesOf(terms)
    .flatMap((catalogue) => catalogue.versions)
    .filter(({ version }) => version === line.catalogueVersion);
  if (versions.length === 0) return true;
  return versions.some((version) => {
    const feature = findFeature(version, line.featureId);
    if (!feature) return line.pricing === 'estimate';
    const rate = feature.rates.find((candidate) => (candidate.variant ?? null) === line.variant);
    return rate !== undefined && rate.credits !== null && figure(rate.credits) === line.unitRate;
  });
}

/** [L1] */
function isLate(line: Transaction, period: Period, { now, beganAt }: ReviewGiven): boolean {
  return line.kind !== 'grant' && period.end <= now && period.end > beganAt;
}

/** Lines of one batch are mostly of one period, and working it out costs more than all else of a review. */
class PeriodFinder {
  #index: TermsIndex | null = null;
  #last: Period = { start: instant(0), end: instant(0) };

  at(index: TermsIndex, at: Instant): Period {
    if (this.#index !== index || !contains(this.#last, at)) this.#last = periodAt(index, at);
    this.#index = index;
    return this.#last;
  }
}

/** The caps that a line counts against. [E3] */
export function capsOf(index: TermsIndex, line: Transaction, weekStart: number): readonly BindingCap[] {
  if (index.caps.size === 0 || !('memberId' in line)) return [];
  return capsBinding(index, line, spentAt(line), weekStart);
}

export function weekStartOf({ record }: Terms, index: TermsIndex, at: Instant): number {
  return holdingAt(index.weekStarts, at)?.weekStart ?? record?.weekStart ?? 1;
}

export function capKey({ memberId, teamId, window }: Pick<BindingCap, 'memberId' | 'teamId' | 'window'>): string {
  return JSON.stringify([memberId, teamId, window.start, window.end]);
}

/** Whether more is used than a cap lets; what the line uses is added to what is used. What costs nothing passes. */
function exceedsCap(
  index: TermsIndex,
  line: Transaction,
  given: Pick<ReviewGiven, 'now' | 'terms'> & { readonly usedByCap: Map<string, number>; readonly amount: number },
): boolean {
  const { amount } = given;
  if (amount === 0) return false;
  let exceeds = false;
  const seen = new Set<string>();
  for (const cap of capsOf(index, line, weekStartOf(given.terms, index, given.now))) {
    const key = capKey(cap);
    const before = given.usedByCap.get(key) ?? 0;
    const used = seen.has(key) ? before : before + amount;
    seen.add(key);
    given.usedByCap.set(key, used);
    if (amount > 0 && used > cap.limit) exceeds = true;
  }
  return exceeds;
}

/** What is known of the uses that a batch is about: what several give back of one of them counts once. [H7] */
class KnownUses {
  readonly #lines: Map<string, Transaction>;
  readonly #groups: Map<string, HoldGroup>;
  readonly #follows: Map<string, readonly Follow[]>;

  constructor({ bases, groups, follows }: Pick<ReviewGiven, 'bases' | 'groups' | 'follows'>) {
    this.#lines = new Map(bases);
    this.#groups = new Map(groups);
    this.#follows = new Map(follows);
  }

  /** By how much a line changes what is used and held. */
  changeBy(line: Transaction): number {
    switch (line.kind) {
      case 'usage':
        return this.#change(line.id, () => this.#lines.set(line.id, line));
      case 'hold':
        return this.#change(line.id, () =>
          this.#groups.set(line.id, { hold: line, settlement: this.#groups.get(line.id)?.settlement }),
        );
      case 'capture':
      case 'release':
        return this.#change(line.linkedId, () =>
          this.#groups.set(line.linkedId, { hold: this.#groups.get(line.linkedId)?.hold, settlement: line }),
        );
      case 'refund':
      case 'void':
      case 'correction': {
        const found = followOf(line);
        if (!found) return useOf(line)?.credits ?? noCredits;
        const { baseId, follow } = found;
        return this.#change(baseId, () => this.#follows.set(baseId, [...(this.#follows.get(baseId) ?? []), follow]));
      }
      case 'grant':
        return noCredits;
    }
  }

  #change(baseId: string, change: () => void): number {
    const before = this.#used(baseId);
    change();
    return this.#used(baseId) - before;
  }

  #used(baseId: string): number {
    const [line, group, follows] = [this.#lines.get(baseId), this.#groups.get(baseId), this.#follows.get(baseId)];
    return borneAfter({ line, group, follows: follows ?? [] }).used;
  }
}
