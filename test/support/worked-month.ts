import type { Catalogue, Plan } from '../../shared/catalogue/catalogue.ts';
import { figure } from '../../shared/catalogue/figure.ts';
import { explain, plainWording } from '../../shared/entitlement/explain.ts';
import { credits, formatDecimal, microPerUnit, type Credits } from '../../shared/kernel/credits.ts';
import { formatInstant, instant, type Instant } from '../../shared/kernel/instant.ts';
import { addDays, startOfDay } from '../../shared/kernel/time-zone.ts';
import type { Balance } from '../../shared/ledger/balance.ts';
import type { TermsIndex } from '../../shared/ledger/schedule.ts';
import type { Hold, Share, Transaction, Usage } from '../../shared/ledger/transaction.ts';
import { askPool } from '../../shared/ledger/what-if.ts';
import { considerUsage, holdLine, usageLine, type LineDetails } from '../../shared/usage/log-usage.ts';
import { captureHold, refundUse, releaseHold } from '../../shared/usage/settle.ts';
import { asked, surroundings } from './usage-desk.ts';
import { at, cr, grant, pack, poolId, usage } from './ledger-lines.ts';
import { balanceAt, change, fold, ledgerOf, member, workspaceTerms } from './workspace-terms.ts';

/**
 * A month of one plan, worked through by the rules: what was asked, what was decided and who paid, and the balance at the
 * end of each day on which something changed. Written so that a person can follow it with a pencil.
 */
export interface WorkedMonth {
  readonly about: string;
  readonly given: Readonly<Record<string, string>>;
  readonly events: readonly Readonly<Record<string, string>>[];
  readonly days: readonly Readonly<Record<string, string>>[];
}

const anchor = '2026-04-01';
const firstAt = (day: number, time = '09:00'): Instant => at(`2026-04-${String(day).padStart(2, '0')}T${time}`);

export function workedMonth(catalogue: Catalogue, plan: Plan): WorkedMonth {
  if (catalogue.metered) return importedMonth(catalogue, plan);
  const desk = new Desk(catalogue, plan);
  const [cheap, dear] = featuresOf(catalogue);
  desk.log(firstAt(2), cheap, 3);
  const first = desk.lastUse();
  const kept = desk.hold(firstAt(5), dear, 1);
  desk.capture(firstAt(5, '09:20'), kept);
  const failed = desk.hold(firstAt(8), dear, 2);
  desk.release(firstAt(8, '09:01'), failed);
  desk.buy(firstAt(10));
  desk.logShareOfRest(firstAt(12), dear, 60);
  desk.refund(firstAt(15), first);
  desk.log(firstAt(20), cheap, 2, firstAt(3));
  desk.logShareOfRest(firstAt(25), dear, 130);
  desk.logShareOfRest(firstAt(28), dear, 130, true);
  return desk.written();
}

/** Where the platform meters, use comes with reports and is never asked for. */
function importedMonth(catalogue: Catalogue, plan: Plan): WorkedMonth {
  const desk = new Desk(catalogue, plan);
  desk.log(firstAt(2), 'some-model', 1);
  desk.importMetered(firstAt(4), cr('1234.567891'));
  desk.importMetered(firstAt(5), cr(0));
  desk.buy(firstAt(10));
  desk.importMetered(firstAt(14), cr('4400.25'));
  desk.importMetered(firstAt(26), cr(9000), firstAt(20));
  return desk.written();
}

/** The cheapest feature that costs something, and the dearest; the first two where no rate is known. */
function featuresOf(catalogue: Catalogue): readonly [string, string] {
  const features = catalogue.versions.at(-1)?.features ?? [];
  const priced = features
    .flatMap(({ id, rates }) =>
      rates.slice(0, 1).map(({ credits: rate }) => ({ id, rate: rate === null ? 0 : Number(rate) })),
    )
    .filter(({ rate }) => rate > 0)
    .toSorted((left, right) => left.rate - right.rate);
  const unpriced = features[0]?.id ?? 'some-model';
  return [priced[0]?.id ?? unpriced, priced.at(-1)?.id ?? unpriced];
}

class Desk {
  readonly #catalogue: Catalogue;
  readonly #plan: Plan;
  readonly #index: TermsIndex;
  readonly #memberId: string | null;
  readonly #lines: Transaction[] = [];
  readonly #events: Record<string, string>[] = [];
  readonly #given: Record<string, string>;
  #made = 0;

  constructor(catalogue: Catalogue, plan: Plan) {
    this.#catalogue = catalogue;
    this.#plan = plan;
    this.#memberId = plan.poolScope === 'member' ? 'ada' : null;
    const seatRole = plan.roles.find((role) => role.takesSeat)?.id ?? 'member';
    const entered = plan.allotment.rule === 'entered' ? cr(1000) : null;
    this.#index = workspaceTerms({
      catalogue,
      plan: plan.id,
      seats: { [seatRole]: 3 },
      anchor,
      changes: [
        change(at(anchor), { kind: 'entered-allotment', credits: entered }),
        change(at(anchor), member({ role: seatRole }), 'ada'),
      ],
    });
    this.#given = {
      platform: catalogue.name,
      plan: plan.name,
      pool: plan.poolScope === 'member' ? 'of Ada alone' : `of the ${plan.poolScope}`,
      limit: plan.limit.kind,
      seats: `3 of role ${seatRole}`,
      ...(entered === null ? {} : { 'allotment entered': '1000' }),
      anchor,
      zone: 'UTC',
    };
  }

  /** Books a use if it is allowed. `when` is where it is dated, at the earliest `now`’s instant otherwise. */
  log(now: Instant, feature: string, count: number, when = now, happened = false): void {
    const request = asked(feature, count, when, { memberId: this.#memberId, happened });
    const answer = this.#consider(request, now);
    const { price, decision } = answer;
    this.#note(now, {
      what: happened ? 'already happened' : 'use',
      of: `${count} × ${feature}`,
      ...(when === now ? {} : { dated: short(when) }),
      ...this.#decided(answer),
    });
    if (!price.ok || decision.outcome === 'refused') return;
    this.#lines.push(
      usageLine(request, { price: price.value, decision }, { ...this.#details(now), externalKey: null }),
    );
  }

  /** As many units as make up a share of what is available, in per cent. */
  logShareOfRest(now: Instant, feature: string, percent: number, happened = false): void {
    const rate = this.#catalogue.versions.at(-1)?.features.find(({ id }) => id === feature)?.rates[0]?.credits ?? null;
    const unit = rate === null ? microPerUnit : figure(rate);
    const { available } = this.#balance(now);
    this.log(now, feature, Math.max(Math.ceil((available * percent) / 100 / unit), 1), now, happened);
  }

  lastUse(): Usage | undefined {
    const last = this.#lines.at(-1);
    return last?.kind === 'usage' ? last : undefined;
  }

  hold(now: Instant, feature: string, count: number): Hold | undefined {
    const request = asked(feature, count, now, { memberId: this.#memberId });
    const answer = this.#consider(request, now);
    const { price, decision } = answer;
    this.#note(now, { what: 'hold', of: `${count} × ${feature}`, ...this.#decided(answer) });
    if (!price.ok || decision.outcome === 'refused') return undefined;
    const line = holdLine(request, { price: price.value, decision }, { ...this.#details(now), expiresAt: null });
    this.#lines.push(line);
    return line;
  }

  capture(now: Instant, hold: Hold | undefined): void {
    if (!hold) return;
    const details = { ...this.#details(now), at: now, differenceAllowed: false };
    const result = captureHold(this.#state(now), hold, null, details);
    if (!result.ok) return;
    this.#lines.push(result.value);
    this.#note(now, { what: 'capture', credits: formatDecimal(result.value.credits) });
  }

  release(now: Instant, hold: Hold | undefined): void {
    if (!hold) return;
    const result = releaseHold(this.#state(now), hold, { ...this.#details(now), at: now });
    if (!result.ok) return;
    this.#lines.push(result.value);
    this.#note(now, { what: 'release', credits: formatDecimal(hold.credits) });
  }

  /** A third of what was used, in whole micro-credits. */
  refund(now: Instant, used: Usage | undefined): void {
    if (!used) return;
    const third = credits(Math.floor(used.credits / 3));
    const result = refundUse(this.#state(now), used, third, { ...this.#details(now), at: now, reason: null });
    if (!result.ok) return;
    this.#lines.push(result.value);
    this.#note(now, { what: 'refund', credits: formatDecimal(result.value.credits) });
  }

  /** The plan's first pack, else credits that were entered by hand. */
  buy(now: Instant): void {
    const packs = this.#catalogue.versions.at(-1)?.packs ?? [];
    const bought = packs.find((known) => this.#plan.packs.ids.includes(known.id));
    const amount = bought ? figure(bought.credits ?? '500') : cr(200);
    const id = bought ? bought.id : 'adjustment';
    this.#lines.push(bought ? pack(id, now, amount) : grant(id, now, amount));
    this.#note(now, { what: bought ? `pack ${id} bought` : 'credits entered by hand', credits: formatDecimal(amount) });
  }

  importMetered(now: Instant, amount: Credits, when = now): void {
    const details = {
      recordedAt: now,
      happened: true,
      unitRate: null,
      pricing: 'metered',
      featureId: 'some-model',
    } as const;
    this.#lines.push(usage(this.#id(), when, amount, details));
    const dated = when === now ? {} : { dated: short(when) };
    this.#note(now, { what: 'imported as the platform metered it', ...dated, credits: formatDecimal(amount) });
  }

  written(): WorkedMonth {
    const { platform, plan } = this.#given;
    return {
      about: `A worked month of ${platform}, ${plan}. Regenerate with: vitest run test/unit/ledger/golden.test.ts -u`,
      given: this.#given,
      events: this.#events,
      days: this.#days(),
    };
  }

  /** The end of each day on which the balance changed, and the first instant after the reset. */
  #days(): readonly Record<string, string>[] {
    const days: Record<string, string>[] = [];
    let before = '';
    for (let date = anchor; date <= '2026-05-01'; date = addDays(date, 1)) {
      const end = date === '2026-05-01' ? startOfDay(date, 'UTC') : instant(startOfDay(addDays(date, 1), 'UTC') - 1);
      const { allotted, used, held, available, overage, lapsed, grants }: Balance = this.#balance(end);
      const day = {
        ...plainly({ allotted, used, held, available, overage, lapsed }),
        left: grants.map((known) => `${labelOf(known.id)} ${formatDecimal(known.remaining)}`).join(', '),
      };
      const text = JSON.stringify(day);
      if (text !== before) days.push({ day: date, ...day });
      before = text;
    }
    return days;
  }

  #consider(request: ReturnType<typeof asked>, now: Instant) {
    const ledger = ledgerOf(this.#index, this.#lines, this.#memberId);
    const lines = this.#lines;
    return considerUsage(request, {
      ...surroundings(this.#index, lines, now),
      askPool: (amount, when) => askPool({ ledger, amount, at: when, now }),
    });
  }

  #decided({ price, decision }: ReturnType<typeof considerUsage>): Record<string, string> {
    return {
      price: price.ok ? `${formatDecimal(price.value.credits)}, ${price.value.pricing}` : price.error.code,
      outcome: decision.outcome,
      ...(decision.outcome === 'refused' ? {} : { 'paid by': paidBy(decision.split) }),
      ...(decision.reasons.length === 0 ? {} : { because: explain(decision, plainWording).join(' ') }),
    };
  }

  #state(now: Instant) {
    return fold(this.#index, this.#lines, now, this.#memberId);
  }

  #balance(now: Instant): Balance {
    return balanceAt(this.#index, this.#lines, now, this.#memberId);
  }

  #details(now: Instant): LineDetails {
    const common = { workspaceId: 'workspace', poolId, authorId: null, origin: 'app' as const, note: null };
    return { id: this.#id(), recordedAt: now, ...common };
  }

  #id(): string {
    this.#made += 1;
    return `line-${String(this.#made).padStart(3, '0')}`;
  }

  #note(now: Instant, event: Record<string, string>): void {
    this.#events.push({ at: short(now), ...event });
  }
}

/** One entry to a line, so that a change of one figure is a change of one line. */
export function writtenOut(month: WorkedMonth): string {
  const list = (entries: readonly object[]): string => entries.map((entry) => `    ${spaced(entry)}`).join(',\n');
  return [
    '{',
    `  "about": ${JSON.stringify(month.about)},`,
    `  "given": ${spaced(month.given)},`,
    `  "events": [\n${list(month.events)}\n  ],`,
    `  "days": [\n${list(month.days)}\n  ]`,
    '}',
    '',
  ].join('\n');
}

function spaced(entry: object): string {
  const fields = Object.entries(entry).map(([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`);
  return `{ ${fields.join(', ')} }`;
}

function plainly(figures: Readonly<Record<string, Credits>>): Record<string, string> {
  return Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, formatDecimal(value)]));
}

function paidBy(split: readonly Share[]): string {
  const parts = split.map(
    (share) => `${share.grantId === null ? 'overage' : labelOf(share.grantId)} ${formatDecimal(share.credits)}`,
  );
  return parts.join(' + ') || 'nobody';
}

/** The allotment of a period goes by its date. */
function labelOf(grantId: string): string {
  return /^allotment\/[^/]+\/(\d{4}-\d{2}-\d{2})/.exec(grantId)?.[1] ?? grantId;
}

function short(when: Instant): string {
  return formatInstant(when).slice(0, 16).replace('T', ' ');
}
