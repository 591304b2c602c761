import fc from 'fast-check';
import { assert } from '../../shared/kernel/assert.ts';
import { credits, microPerUnit, noCredits, quantity, type Credits } from '../../shared/kernel/credits.ts';
import { instant, type Instant } from '../../shared/kernel/instant.ts';
import type { Decision } from '../../shared/entitlement/decision.ts';
import { capSubject, type Change, type ChangeValue } from '../../shared/ledger/change.ts';
import { PoolLedger } from '../../shared/ledger/pool-ledger.ts';
import { heldOf } from '../../shared/ledger/spends.ts';
import { scheduleOf, type TermsIndex } from '../../shared/ledger/schedule.ts';
import { useOf, type Hold, type Transaction, type Usage } from '../../shared/ledger/transaction.ts';
import { askPool } from '../../shared/ledger/what-if.ts';
import { considerUsage, holdLine, usageLine, type UsageSurroundings } from '../../shared/usage/log-usage.ts';
import {
  captureHold,
  correctUse,
  refundUse,
  releaseHold,
  voidUse,
  type SettleProblem,
} from '../../shared/usage/settle.ts';
import { plainCatalogue, plainPlan, plainVersion } from '../unit/catalogue/catalogue-builder.ts';
import { grant, pack, poolId, voidOfGrant } from './ledger-lines.ts';
import type { NaiveCap, NaiveDecision, NaiveRequest, NaiveWorkspace } from './naive-desk.ts';
import { change, member, workspaceTerms } from './workspace-terms.ts';

/** What a team does, at random, through the rules as the product uses them. */

const hourMs = 3_600_000;
/** Two days before a reset, so that a few days of commands go over it. */
const firstNow = Date.UTC(2026, 0, 30);
const opensAt = Date.UTC(2026, 0, 1);

const people = ['ada', 'ben', 'gus'] as const;
const scopes = ['member', 'team', 'team-members-default', 'member-default'] as const;
const spans = ['day', 'week', 'period'] as const;

/** Everything a command may need; what it is about is taken modulo what there is, so that any shrunk command is one. */
export interface Command {
  readonly what: (typeof kinds)[number];
  readonly amount: number;
  readonly about: number;
  readonly who: number;
  /** How many hours before now; 0 most of the time. */
  readonly ago: number;
  readonly hours: number;
}

const kinds = [
  ...(['log', 'log', 'late', 'hold', 'hold', 'capture', 'partial', 'more', 'release', 'expire'] as const),
  ...(['refund', 'void', 'correct', 'grant', 'pack', 'void-grant', 'seats', 'cap', 'override'] as const),
  ...(['add-on', 'duplicate', 'time', 'time'] as const),
];

export const anyCommands: fc.Arbitrary<readonly Command[]> = fc.array(
  fc.record({
    what: fc.constantFrom(...kinds),
    amount: fc.integer({ min: 1, max: 7 }),
    about: fc.nat(60),
    who: fc.nat(11),
    ago: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(60) }),
    hours: fc.nat(40),
  }),
  { minLength: 1, maxLength: 40, size: 'max' },
);

export interface Opening {
  readonly creditsPerSeat: number;
  readonly seats: number;
  readonly hardLimit: boolean;
  readonly rollOver: { readonly min: number; readonly max: number } | null;
}

export const anyOpening: fc.Arbitrary<Opening> = fc.record({
  creditsPerSeat: fc.integer({ min: 1, max: 4 }),
  seats: fc.nat(4),
  hardLimit: fc.boolean(),
  rollOver: fc.option(fc.constantFrom({ min: 0, max: 5 }, { min: 2, max: 8 })),
});

/** One line of what came of a command, on both sides. */
export interface Outcome {
  readonly asked: NaiveRequest | null;
  readonly decision: NaiveDecision | null;
  readonly settled: {
    readonly base: Hold | Usage;
    readonly what: 'capture' | 'release' | 'refund' | 'void' | 'correct';
    readonly at: Instant;
    readonly amount: number | null;
    readonly problem: string | null;
    /** Whether more than was held could be taken. */
    readonly differenceAllowed: boolean | null;
  } | null;
}

/** A desk that a team works at, with a ledger that is kept all the time, as in the product. */
export class Desk {
  readonly lines: Transaction[] = [];
  now: Instant = instant(firstNow);
  ledger: PoolLedger;
  #index: TermsIndex;
  readonly #opening: Opening;
  readonly #changes: Change[] = [];
  readonly #seats: { readonly from: number; readonly seats: number }[];
  readonly #caps: NaiveCap[] = [];
  readonly #switches: { readonly from: number; readonly on: boolean }[] = [];
  #made = 0;

  constructor(opening: Opening) {
    this.#opening = opening;
    this.#seats = [{ from: opensAt, seats: opening.seats }];
    this.#index = this.#terms();
    this.ledger = new PoolLedger({ poolId, schedule: scheduleOf(this.#index, poolId, null) });
  }

  /** The same workspace for the other side. */
  get workspace(): NaiveWorkspace {
    const { creditsPerSeat, hardLimit, rollOver } = this.#opening;
    const terms = { opensAt, creditsPerSeat, seats: this.#seats, planEnds: [], planResumes: [], rollOver, addOn: null };
    return { terms, hardLimit, caps: this.#caps, switches: this.#switches };
  }

  run(command: Command): Outcome {
    const { what, amount, about, ago, hours } = command;
    const at = instant(this.now - ago * hourMs);
    const base = pick(this.#bases(), about);
    const hold = pick(
      this.#bases().filter((line) => line.kind === 'hold'),
      about,
    );
    switch (what) {
      case 'log':
      case 'hold':
      case 'late':
      case 'expire':
        return this.#spend(command, at);
      case 'capture':
      case 'partial':
      case 'more':
        return this.#settle(hold, 'capture', at, what === 'capture' ? null : amount + (what === 'more' ? 5 : 0));
      case 'release':
        return this.#settle(hold ?? base, 'release', at, null);
      case 'refund':
        return this.#settle(base, 'refund', at, about % 2 === 0 ? null : amount);
      case 'void':
        return this.#settle(base, 'void', at, null);
      case 'correct':
        return this.#settle(base, 'correct', at, amount);
      case 'grant': {
        const expiresAt = about % 2 === 0 ? instant(at + (hours + 1) * hourMs) : null;
        this.#add(grant(this.#id(), at, credits(amount), { priority: [5, 10, 15, 20][about % 4] ?? 15, expiresAt }));
        return nothing;
      }
      case 'pack':
        this.#add(pack(this.#id(), at, credits(amount)));
        return nothing;
      case 'void-grant': {
        const granted = pick(
          this.lines.filter((line) => line.kind === 'grant'),
          about,
        );
        if (granted) this.#add(voidOfGrant(this.#id(), granted.id, this.now));
        return nothing;
      }
      case 'duplicate': {
        const again = pick(this.lines, about);
        if (again) this.ledger.add([{ ...again }]);
        return nothing;
      }
      case 'time':
        this.now = instant(this.now + (hours + 1) * hourMs);
        return nothing;
      case 'seats':
      case 'cap':
      case 'override':
      case 'add-on':
        this.#agree(command);
        return nothing;
    }
  }

  #spend({ what, amount, about, who, hours }: Command, at: Instant): Outcome {
    const memberId = people[who % 4] ?? null;
    const teamId = memberId === 'ada' ? 'design' : null;
    const happened = what === 'late';
    const feature = about % 5 === 0 ? 'diagram' : about % 11 === 0 ? 'free' : 'image';
    const request = {
      feature,
      variant: null,
      quantity: quantity(amount * microPerUnit),
      at,
      happened,
      memberId,
      teamId,
    };
    const answer = considerUsage(request, this.#surroundings());
    const { price, decision } = answer;
    assert(price.ok, 'Everything here has a price');
    const free = price.value.credits === noCredits;
    const details = {
      id: this.#id(),
      workspaceId: 'workspace',
      poolId,
      recordedAt: this.now,
      authorId: memberId,
      origin: 'app' as const,
      note: null,
    };
    const holds = (what === 'hold' || what === 'expire') && !free;
    if (decision.outcome !== 'refused') {
      const expiresAt = what === 'expire' ? instant(at + (hours + 1) * hourMs) : null;
      const given = { price: price.value, decision };
      this.#add(
        holds
          ? holdLine(request, given, { ...details, expiresAt })
          : usageLine(request, given, { ...details, externalKey: null }),
      );
    }
    return {
      asked: { feature, amount: price.value.credits, memberId, teamId, spends: memberId !== 'gus', at, happened },
      decision: plainDecision(decision),
      settled: null,
    };
  }

  #settle(
    base: Hold | Usage | undefined,
    what: NonNullable<Outcome['settled']>['what'],
    at: Instant,
    amount: number | null,
  ): Outcome {
    if (!base) return nothing;
    const details = { id: this.#id(), at, recordedAt: this.now, authorId: null, origin: 'app' as const };
    const state = this.ledger.stateAt(this.now);
    const given: Credits | null = amount === null ? null : credits(amount);
    const settle = (differenceAllowed: boolean) => {
      switch (what) {
        case 'capture':
          return captureHold(state, base, given, { ...details, differenceAllowed });
        case 'release':
          return releaseHold(state, base, details);
        case 'refund':
          return refundUse(state, base, given, { ...details, reason: null });
        case 'void':
          return voidUse(state, base, { ...details, reason: 'Mistyped' });
        case 'correct':
          return correctUse(state, base, quantity((amount ?? 1) * microPerUnit), { ...details, reason: 'Mistyped' });
      }
    };
    const first = settle(false);
    let result = first;
    let differenceAllowed: boolean | null = null;
    if (!first.ok && first.error.code === 'more-than-was-held') {
      const { overageAdded } = askPool({ ledger: this.ledger, amount: first.error.difference, at, now: this.now });
      differenceAllowed = overageAdded === noCredits;
      if (differenceAllowed) result = settle(true);
    }
    if (result.ok) this.#add(result.value);
    const problem = first.ok ? null : problemText(first.error);
    return { asked: null, decision: null, settled: { base, what, at, amount, problem, differenceAllowed } };
  }

  #agree({ what, amount, about, who, hours }: Command): void {
    const from = this.now;
    if (what === 'seats') {
      this.#seats.push({ from, seats: amount });
      this.#change({ kind: 'seats', seatsByRole: { editor: amount } });
    } else if (what === 'add-on') {
      this.#switches.push({ from, on: about % 2 === 0 });
      this.#change({ kind: 'add-on', on: about % 2 === 0, creditsPerPeriod: null }, 'extra');
    } else {
      const scope = scopes[about % 4] ?? 'member';
      const subject = scope === 'member' ? (people[who % 3] ?? 'ada') : scope === 'member-default' ? null : 'design';
      const span = spans[who % 3] ?? 'day';
      const limit = about % 9 === 0 ? null : (amount - 1) * 3;
      const until = what === 'override' ? instant(from + (hours + 1) * hourMs) : null;
      this.#caps.push({ scope, subject, span, limit, from, until });
      const value = { kind: 'cap', credits: limit === null ? null : credits(limit), until } as const;
      this.#change(value, capSubject(scope, subject, span));
    }
  }

  #change(value: ChangeValue, subject = ''): void {
    this.#changes.push(change(this.now, value, subject));
    this.#index = this.#terms();
    const schedule = scheduleOf(this.#index, poolId, null);
    this.ledger = new PoolLedger({ poolId, schedule });
    this.ledger.add(this.lines);
  }

  #terms(): TermsIndex {
    const { creditsPerSeat, seats, hardLimit, rollOver } = this.#opening;
    const text = (micro: number): string => (micro / microPerUnit).toFixed(6);
    const source = 'page';
    const plan = plainPlan({
      allotment: { rule: 'per-seat', perRole: [{ role: 'editor', credits: text(creditsPerSeat) }], source },
      reset: { on: 'calendar-month', everyMonths: 1, zone: 'UTC', source },
      limit: { kind: hardLimit ? 'hard' : 'soft', source },
      addOns: [{ id: 'extra', name: 'Diagrams', kind: 'feature', onByDefault: true, source }],
      ...(rollOver && { rollOver: { min: text(rollOver.min), max: text(rollOver.max), source } }),
    });
    const feature = { unit: 'image', rates: [{ credits: '0.000001', source }] };
    const features = [
      { id: 'image', name: 'Image', ...feature },
      { id: 'diagram', name: 'Diagram', ...feature, needsAddOn: 'extra' },
      { id: 'free', name: 'Free', unit: 'image', rates: [{ credits: '0', source }] },
    ];
    const first = instant(opensAt);
    return workspaceTerms({
      catalogue: plainCatalogue({ versions: [plainVersion({ plans: [plan], features })] }),
      plan: 'team',
      seats: { editor: seats },
      changes: [
        change(first, member({ name: 'Ada', role: 'editor', teamId: 'design' }), 'ada'),
        change(first, member({ name: 'Ben', role: 'editor' }), 'ben'),
        change(first, member({ name: 'Gus', role: 'viewer' }), 'gus'),
        ...this.#changes,
      ],
    });
  }

  #surroundings(): UsageSurroundings {
    const { ledger, now } = this;
    return {
      index: this.#index,
      weekStart: 1,
      askPool: (amount, at) => askPool({ ledger, amount, at, now }),
      spentIn: (window, spender) => {
        const state = ledger.stateAt(now);
        let total = 0;
        for (const line of this.lines) {
          const theirs =
            'memberId' in line &&
            (spender.memberId === null ? line.teamId === spender.teamId : line.memberId === spender.memberId);
          const at = 'spentAt' in line ? line.spentAt : line.occurredAt;
          if (!theirs || at < window.start || at >= window.end) continue;
          const held = line.kind === 'hold' ? state.spendById.get(line.id, at) : undefined;
          total += (useOf(line)?.credits ?? 0) + (held ? heldOf(held) : 0);
        }
        return credits(total);
      },
    };
  }

  #bases(): readonly (Hold | Usage)[] {
    return this.lines.filter((line): line is Hold | Usage => line.kind === 'hold' || line.kind === 'usage');
  }

  #add(line: Transaction): void {
    this.lines.push(line);
    this.ledger.add([line]);
  }

  /** In no order of time. */
  #id(): string {
    this.#made += 1;
    return `${((this.#made * 7) % 10).toString()}-${String(this.#made).padStart(3, '0')}`;
  }
}

const nothing: Outcome = { asked: null, decision: null, settled: null };

function pick<Item>(from: readonly Item[], about: number): Item | undefined {
  return from[about % Math.max(from.length, 1)];
}

function problemText(error: SettleProblem): string {
  switch (error.code) {
    case 'already-resolved':
      return `${error.code} ${error.how}`;
    case 'more-than-was-held':
      return `${error.code} ${error.difference}`;
    case 'more-than-was-used':
      return `${error.code} ${error.used}`;
    default:
      return error.code;
  }
}

function plainDecision(decision: Decision): NaiveDecision {
  const split = decision.split.map((share) => `${share.grantId ?? 'over'}=${share.credits}`).join(' ');
  return {
    outcome: decision.outcome,
    credits: decision.credits,
    split,
    reasons: decision.reasons.map(
      ({ rule, effect, headroom, freesAt, limit, span, subject }) =>
        `${rule} ${effect} ${headroom} ${freesAt} ${limit} ${span} ${subject}`,
    ),
    headrooms: decision.headrooms.map(({ rule, headroom, freesAt }) => `${rule} ${headroom} ${freesAt}`),
  };
}
