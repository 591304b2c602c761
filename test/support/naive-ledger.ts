import type { Transaction } from '../../shared/ledger/transaction.ts';

/**
 * A second ledger, as simple as it can be and as slow: every single credit is an object, everything is computed from
 * scratch, and time goes from one instant at which anything may happen to the next. It shares no code with the engine
 * and derives the allotments of its one plan by itself (so many credits for each seat and calendar month in UTC).
 */
export interface NaiveTerms {
  readonly opensAt: number;
  readonly creditsPerSeat: number;
  /** Seats count from their instant on; the first entry holds before it too. */
  readonly seats: readonly { readonly from: number; readonly seats: number }[];
  /** When the plan ended and was taken up again, in turn. */
  readonly planEnds: readonly number[];
  readonly planResumes: readonly number[];
  readonly rollOver: { readonly min: number; readonly max: number } | null;
  readonly addOn: { readonly from: number; readonly credits: number } | null;
}

interface Grant {
  readonly id: string;
  readonly kind: string;
  readonly amount: number;
  readonly priority: number;
  readonly from: number;
  readonly until: number;
  readonly rollsOver: boolean;
  ended: 'lapsed' | 'voided' | null;
}

/** One micro-credit of one spend. */
interface Unit {
  readonly grant: Grant | null;
  readonly spend: Spend;
  state: 'held' | 'used' | 'free';
}

interface Spend {
  readonly id: string;
  readonly kind: string;
  readonly at: number;
  readonly place: number;
  readonly month: number;
  readonly expiresAt: number;
  resolved: string | null;
  resolvedAt: number;
}

export interface NaiveBalance {
  readonly period: { readonly start: number; readonly end: number };
  readonly allotted: number;
  readonly used: number;
  readonly held: number;
  readonly available: number;
  readonly overage: number;
  readonly lapsedInPeriod: number;
  readonly lapsed: number;
  readonly voided: number;
  readonly grantedEver: number;
  readonly usedEver: number;
  readonly overageEver: number;
  /** `id amount remaining held` of each grant in force, in burn order. */
  readonly grants: readonly string[];
  /** `id: grant=credits …` of each spend that still counts; `over` is overage. */
  readonly splits: readonly string[];
  readonly anomalies: readonly string[];
}

export class NaiveLedger {
  readonly #terms: NaiveTerms;
  readonly #lines: readonly Transaction[];
  readonly #asOf: number;
  readonly #grants: Grant[] = [];
  readonly #units: Unit[] = [];
  readonly #spends: Spend[] = [];
  readonly #anomalies: string[] = [];
  readonly #earlyVoids = new Map<string, string>();
  #opensAt = 0;
  /** What no grant paid, after everything that happened. */
  readonly unpaid: number[] = [];

  constructor(terms: NaiveTerms, lines: readonly Transaction[], asOf: number) {
    this.#terms = terms;
    this.#asOf = asOf;
    const byId = new Map(lines.map((line) => [line.id, line]));
    this.#lines = [...byId.values()].filter((line) => {
      const spent = 'spentAt' in line ? line.spentAt : line.occurredAt;
      return line.occurredAt <= asOf && spent <= asOf;
    });
    this.#run();
  }

  #run(): void {
    const instants = this.#lines.map(countedAt);
    this.#opensAt = Math.min(this.#terms.opensAt, ...instants);
    const first = Math.min(this.#opensAt, this.#asOf);
    for (let month = monthStart(first, 0); month <= this.#asOf; month = monthStart(month, 1)) instants.push(month);
    instants.push(...this.#terms.planEnds, ...this.#terms.planResumes, ...this.#terms.seats.map(({ from }) => from));
    for (const line of this.#lines) {
      if ((line.kind === 'grant' || line.kind === 'hold') && line.expiresAt !== null) instants.push(line.expiresAt);
    }
    const from = this.#period(first).start;
    const ordered = [...new Set(instants)].filter((at) => at >= from && at <= this.#asOf).sort((a, b) => a - b);
    for (const at of ordered) this.#stepClock(at);
  }

  #stepClock(at: number): void {
    for (const spend of this.#spends) {
      if (spend.kind === 'hold' && spend.resolved === null && spend.expiresAt <= at) {
        this.#free(spend, 'expired', spend.expiresAt);
      }
    }
    for (const grant of this.#grants) if (grant.ended === null && grant.until <= at) grant.ended = 'lapsed';
    if (this.#period(at).start === at) this.#startPeriod(at);
    else this.#growAllotment(at);
    this.#notePaid();
    for (let phase = 0; phase <= 5; phase += 1) {
      const now = this.#lines.filter((line) => countedAt(line) === at && phaseOf(line) === phase);
      for (const line of now.sort((a, b) => (sortId(a) < sortId(b) ? -1 : 1))) {
        this.#apply(line, at);
        this.#notePaid();
      }
    }
  }

  #notePaid(): void {
    this.unpaid.push(this.#count((unit) => unit.grant === null && unit.state !== 'free'));
  }

  /** Cut by calendar months and by the plan being taken up again. */
  #period(at: number): { readonly start: number; readonly end: number } {
    const cuts = this.#terms.planResumes;
    return {
      start: Math.max(monthStart(at, 0), ...cuts.filter((cut) => cut <= at)),
      end: Math.min(monthStart(at, 1), ...cuts.filter((cut) => cut > at)),
    };
  }

  #planEnded(at: number): boolean {
    const lastEnd = Math.max(-1, ...this.#terms.planEnds.filter((end) => end <= at));
    const lastResume = Math.max(-1, ...this.#terms.planResumes.filter((resume) => resume <= at));
    return lastEnd > lastResume;
  }

  /** When an allotment that begins in the period of `at` ends. */
  #allotmentEnd(at: number): number {
    const { start, end } = this.#period(at);
    return Math.min(end, ...this.#terms.planEnds.filter((planEnd) => planEnd > start));
  }

  #seatsAt(at: number): number {
    const { seats } = this.#terms;
    return (seats.findLast(({ from }) => from <= at) ?? seats[0])?.seats ?? 0;
  }

  #startPeriod(at: number): void {
    const before = this.#grants.filter((grant) => grant.rollsOver && grant.until === at && grant.ended !== 'voided');
    if (this.#planEnded(at) || this.#period(at).end <= this.#opensAt) return;
    const until = this.#allotmentEnd(at);
    this.#allot(`allotment/pool/${iso(at)}`, this.#seatsAt(at) * this.#terms.creditsPerSeat, at, until, true);
    const { addOn, rollOver } = this.#terms;
    if (addOn && addOn.from <= at) this.#allot(`allotment/pool/${iso(at)}/extra`, addOn.credits, at, until, false);
    const opened = this.#period(this.#opensAt).start;
    if (!rollOver || at <= opened) return;
    const left = before.reduce((total, grant) => total + this.#left(grant), 0);
    this.#allot(`roll-over/pool/${iso(at)}`, Math.min(rollOver.max, Math.max(left, rollOver.min)), at, until, true);
  }

  #growAllotment(at: number): void {
    const { start, end } = this.#period(at);
    if (this.#planEnded(start) || this.#planEnded(at) || end <= this.#opensAt) return;
    const until = this.#allotmentEnd(at);
    const grown = this.#terms.seats.some(({ from }) => from === at);
    const so = this.#grants.filter((grant) => grant.id.startsWith(`allotment/pool/${iso(start)}`) && grant.rollsOver);
    const highest = so.reduce((total, grant) => total + grant.amount, 0);
    const now = this.#seatsAt(at) * this.#terms.creditsPerSeat;
    if (grown) this.#allot(`allotment/pool/${iso(start)}/${iso(at)}`, now - highest, at, until, true);
  }

  #allot(id: string, amount: number, from: number, until: number, rollsOver: boolean): void {
    if (amount <= 0) return;
    this.#begin({ id, kind: 'allotment', amount, priority: 10, from, until, rollsOver, ended: null });
  }

  #begin(grant: Grant): void {
    this.#grants.push(grant);
    const early = this.#earlyVoids.get(grant.id);
    if (early !== undefined) {
      grant.ended = 'voided';
      this.#anomalies.splice(this.#anomalies.indexOf(`${early} unknown-grant`), 1);
    } else if (grant.until <= grant.from) grant.ended = 'lapsed';
  }

  #apply(line: Transaction, at: number): void {
    switch (line.kind) {
      case 'grant': {
        const until = line.expiresAt ?? Infinity;
        const { id, amount, priority } = line;
        this.#begin({ id, kind: line.grantKind, amount, priority, from: at, until, rollsOver: false, ended: null });
        return;
      }
      case 'usage':
        this.#pay(this.#newSpend(line.id, 'usage', at, Infinity), line.credits, 'used');
        return;
      case 'hold': {
        const spend = this.#newSpend(line.id, 'hold', at, line.expiresAt ?? Infinity);
        this.#pay(spend, line.credits, 'held');
        if (spend.expiresAt <= at) this.#free(spend, 'expired', spend.expiresAt);
        return;
      }
      case 'capture': {
        const spend = this.#openHold(line.id, line.linkedId);
        if (!spend) return;
        let left: number = line.credits;
        for (const unit of this.#unitsOf(spend, 'held').sort(byBurnOrder)) {
          unit.state = left > 0 ? 'used' : 'free';
          if (left > 0) left -= 1;
        }
        this.#pay(spend, left, 'used');
        spend.resolved = 'captured';
        spend.resolvedAt = at;
        return;
      }
      case 'release': {
        const spend = this.#openHold(line.id, line.linkedId);
        if (spend) this.#free(spend, 'released', at);
        return;
      }
      case 'refund':
        this.#giveBack(line.id, line.linkedId, line.credits);
        return;
      case 'void':
        if (line.of === 'grant') this.#voidGrant(line.id, line.linkedId);
        else this.#giveBack(line.id, line.linkedId, line.credits);
        return;
      case 'correction':
        this.#correct(line, at);
        return;
    }
  }

  #correct(line: Extract<Transaction, { kind: 'correction' }>, at: number): void {
    const base = this.#spends.find((spend) => spend.id === line.linkedId);
    if (line.credits >= 0) {
      this.#pay(base ?? this.#newSpend(line.id, 'correction', at, Infinity), line.credits, 'used');
      return;
    }
    if (line.linkedId !== null) {
      this.#giveBack(line.id, line.linkedId, -line.credits);
      return;
    }
    const month = this.#period(line.spentAt).start;
    for (let unit = 0; unit < -line.credits; unit += 1) {
      const latest = this.#spends
        .filter((spend) => spend.at <= line.spentAt && spend.month === month && this.#unitsOf(spend, 'used').length > 0)
        .at(-1);
      if (!latest) {
        this.#anomalies.push(`${line.id} more-than-was-used`);
        return;
      }
      this.#returnOne(latest);
    }
  }

  #newSpend(id: string, kind: string, at: number, expiresAt: number): Spend {
    const place = this.#spends.length;
    const spend: Spend = {
      id,
      kind,
      at,
      place,
      month: this.#period(at).start,
      expiresAt,
      resolved: null,
      resolvedAt: 0,
    };
    this.#spends.push(spend);
    return spend;
  }

  /** One credit after the other, each from the first grant in burn order that has one left. */
  #pay(spend: Spend, amount: number, state: 'held' | 'used'): void {
    for (let unit = 0; unit < amount; unit += 1) {
      const payers = this.#grants.filter((grant) => grant.ended === null && this.#left(grant) > 0).sort(inBurnOrder);
      this.#units.push({ grant: payers[0] ?? null, spend, state });
    }
  }

  #giveBack(lineId: string, spendId: string, amount: number): void {
    const spend = this.#spends.find((known) => known.id === spendId);
    if (!spend) {
      this.#anomalies.push(`${lineId} unknown-line`);
      return;
    }
    for (let unit = 0; unit < amount; unit += 1) {
      if (this.#unitsOf(spend, 'used').length === 0) {
        this.#anomalies.push(`${lineId} more-than-was-used`);
        return;
      }
      this.#returnOne(spend);
    }
  }

  #returnOne(spend: Spend): void {
    const last = this.#unitsOf(spend, 'used').sort(byBurnOrder).at(-1);
    if (last) last.state = 'free';
  }

  #openHold(lineId: string, spendId: string): Spend | undefined {
    const spend = this.#spends.find((known) => known.id === spendId);
    if (spend?.kind === 'hold' && spend.resolved === null) return spend;
    const code = !spend ? 'unknown-line' : spend.kind === 'hold' ? 'hold-already-resolved' : 'not-a-hold';
    this.#anomalies.push(`${lineId} ${code}`);
    return undefined;
  }

  #free(spend: Spend, how: string, at: number): void {
    for (const unit of this.#unitsOf(spend, 'held')) unit.state = 'free';
    spend.resolved = how;
    spend.resolvedAt = at;
  }

  #voidGrant(lineId: string, grantId: string): void {
    const grant = this.#grants.find((known) => known.id === grantId);
    if (grant) grant.ended ??= 'voided';
    else {
      this.#earlyVoids.set(grantId, lineId);
      this.#anomalies.push(`${lineId} unknown-grant`);
    }
  }

  #unitsOf(spend: Spend, state: Unit['state']): Unit[] {
    return this.#units.filter((unit) => unit.spend === spend && unit.state === state);
  }

  #count(wanted: (unit: Unit) => boolean): number {
    return this.#units.filter(wanted).length;
  }

  #left(grant: Grant): number {
    return grant.amount - this.#count((unit) => unit.grant === grant && unit.state !== 'free');
  }

  balance(): NaiveBalance {
    const period = this.#period(this.#asOf);
    const ofPeriod = (unit: Unit): boolean => unit.state === 'used' && unit.spend.month === period.start;
    const sumOf = (ended: Grant['ended']): number =>
      this.#grants.filter((grant) => grant.ended === ended).reduce((total, grant) => total + this.#left(grant), 0);
    const total = (grants: readonly Grant[]): number => grants.reduce((sum, grant) => sum + grant.amount, 0);
    const inForce = this.#grants.filter((grant) => grant.ended === null).sort(inBurnOrder);
    return {
      period,
      allotted: total(this.#grants.filter((grant) => grant.kind === 'allotment' && grant.from >= period.start)),
      used: this.#count(ofPeriod),
      held: this.#count((unit) => unit.state === 'held'),
      available: sumOf(null),
      overage: this.#count((unit) => ofPeriod(unit) && unit.grant === null),
      lapsedInPeriod: this.#grants
        .filter((grant) => grant.ended === 'lapsed' && grant.until >= period.start)
        .reduce((sum, grant) => sum + this.#left(grant), 0),
      lapsed: sumOf('lapsed'),
      voided: sumOf('voided'),
      grantedEver: total(this.#grants),
      usedEver: this.#count((unit) => unit.state === 'used'),
      overageEver: this.#count((unit) => unit.state === 'used' && unit.grant === null),
      grants: inForce.map((grant) => {
        const held = this.#count((unit) => unit.grant === grant && unit.state === 'held');
        return `${grant.id} ${grant.amount} ${this.#left(grant) + held} ${held}`;
      }),
      splits: this.#spends.map((spend) => this.#split(spend)).filter((split) => split.includes('=')),
      anomalies: this.#anomalies.toSorted(),
    };
  }

  /** What became of a spend; undefined when there is none of this id. */
  spend(id: string) {
    const spend = this.#spends.find((known) => known.id === id);
    if (!spend) return undefined;
    const units = (state: Unit['state']): number => this.#unitsOf(spend, state).length;
    const { kind, at, resolved, resolvedAt } = spend;
    return { kind, at, resolved, resolvedAt, held: units('held'), used: units('used'), split: this.#split(spend) };
  }

  /** When the next allotment is due, in this period or the next one; null when there is none. */
  nextAllotmentAt(): number | null {
    const { start, end } = this.#period(this.#asOf);
    const { addOn, creditsPerSeat, seats } = this.#terms;
    const so = this.#grants.filter((grant) => grant.id.startsWith(`allotment/pool/${iso(start)}`) && grant.rollsOver);
    const highest = so.reduce((total, grant) => total + grant.amount, 0);
    const growing = seats.map(({ from }) => from).filter((from) => from > this.#asOf && from < end);
    const grown = growing.find((from) => this.#seatsAt(from) * creditsPerSeat > highest);
    const atReset = this.#seatsAt(end) * creditsPerSeat > 0 || (addOn !== null && addOn.from <= end);
    const next = this.#period(end);
    const later = seats.map(({ from }) => from).filter((from) => from > end && from < next.end);
    return grown ?? (atReset ? end : (later.find((from) => this.#seatsAt(from) * creditsPerSeat > 0) ?? null));
  }

  #split(spend: Spend): string {
    const units = this.#units.filter((unit) => unit.spend === spend && unit.state !== 'free').sort(byBurnOrder);
    const byGrant = Map.groupBy(units, (unit) => unit.grant?.id ?? 'over');
    return `${spend.id}: ${[...byGrant].map(([id, of]) => `${id}=${of.length}`).join(' ')}`;
  }
}

function countedAt(line: Transaction): number {
  if (line.kind === 'correction' && line.credits >= 0) return line.spentAt;
  if (line.kind === 'void' && line.of === 'grant') return line.occurredAt;
  return 'spentAt' in line ? Math.max(line.occurredAt, line.spentAt) : line.occurredAt;
}

/** What is added to a use, and what takes it back from its instant on, come right after it. */
function sortId(line: Transaction): string {
  if (line.kind === 'void' && undoes(line)) return `${line.linkedId}\u0000b${line.id}`;
  return line.kind === 'correction' && line.credits >= 0 && line.linkedId !== null
    ? `${line.linkedId}\u0000a${line.id}`
    : line.id;
}

function undoes(line: Extract<Transaction, { kind: 'void' }>): boolean {
  return line.of === 'usage' && line.occurredAt <= line.spentAt;
}

function phaseOf(line: Transaction): number {
  if (line.kind === 'grant') return 0;
  if (line.kind === 'void') return line.of === 'grant' ? 1 : undoes(line) ? 2 : 4;
  if (line.kind === 'usage' || line.kind === 'hold') return 2;
  if (line.kind === 'capture' || line.kind === 'release') return 3;
  if (line.kind === 'refund') return 4;
  if (line.credits < 0) return line.linkedId === null ? 5 : 4;
  return 2;
}

function inBurnOrder(left: Grant, right: Grant): number {
  if (left.priority !== right.priority) return left.priority - right.priority;
  if (left.until !== right.until) return left.until < right.until ? -1 : 1;
  if (left.from !== right.from) return left.from - right.from;
  return left.id < right.id ? -1 : left.id > right.id ? 1 : 0;
}

function byBurnOrder(left: Unit, right: Unit): number {
  if (left.grant === null || right.grant === null)
    return (left.grant === null ? 1 : 0) - (right.grant === null ? 1 : 0);
  return inBurnOrder(left.grant, right.grant);
}

/** The start of the calendar month in UTC that is `further` months after the one that holds `at`. */
function monthStart(at: number, further: number): number {
  const date = new Date(at);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + further, 1);
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
