import type { Transaction } from '../../shared/ledger/transaction.ts';
import { credits } from '../../shared/kernel/credits.ts';
import { instant } from '../../shared/kernel/instant.ts';
import { correction } from './ledger-lines.ts';
import { NaiveLedger, type NaiveTerms } from './naive-ledger.ts';

/**
 * Decides and settles in the simplest way, from all lines and from scratch, with no code of the rules that it judges.
 * All amounts are whole micro-credits, zones are UTC and weeks begin on Monday.
 */
export interface NaiveCap {
  readonly scope: 'member' | 'team' | 'team-members-default' | 'member-default';
  readonly subject: string | null;
  readonly span: 'day' | 'week' | 'period';
  readonly limit: number | null;
  readonly from: number;
  readonly until: number | null;
}

export interface NaiveWorkspace {
  readonly terms: NaiveTerms;
  readonly hardLimit: boolean;
  readonly caps: readonly NaiveCap[];
  /** Switches of the add-on that the feature `diagram` needs; before the first one holds what it says. */
  readonly switches: readonly { readonly from: number; readonly on: boolean }[];
}

export interface NaiveRequest {
  readonly feature: string;
  readonly amount: number;
  readonly memberId: string | null;
  readonly teamId: string | null;
  /** Whether the member's role spends. */
  readonly spends: boolean;
  readonly at: number;
  readonly happened: boolean;
}

export interface NaiveDecision {
  readonly outcome: string;
  readonly credits: number;
  readonly split: string;
  /** `rule effect headroom frees limit span subject`, the headline first. */
  readonly reasons: readonly string[];
  /** `rule headroom frees` */
  readonly headrooms: readonly string[];
}

type Lines = readonly Transaction[];

export function naiveDecision(
  workspace: NaiveWorkspace,
  lines: Lines,
  asked: NaiveRequest,
  now: number,
): NaiveDecision {
  const { amount } = asked;
  const caps = bindingCaps(workspace, lines, asked, now);
  const pool = naivePool(workspace.terms, lines, { amount, at: asked.at, now });
  const over = amount > 0 && pool.overageAdded > 0;
  const firstAt = Math.min(...workspace.switches.map(({ from }) => from));
  const lastSwitch = workspace.switches.findLast(({ from }) => from <= Math.max(asked.at, firstAt));
  const isOff = lastSwitch?.on === false;
  const failing: { readonly text: string; readonly effect: string }[] = [];
  const effectOf = (effect: string): string => (asked.happened ? 'overage' : effect);
  const fail = (rule: string, effect: string, rest: string): void => {
    failing.push({ text: `${rule} ${effectOf(effect)} ${rest}`, effect });
  };
  if (asked.memberId !== null && !asked.spends) fail('platform-role', 'refused', 'null null null null Viewer');
  if (asked.feature === 'diagram' && isOff) fail('feature-in-plan', 'refused', 'null null null null Diagrams');
  const broken = caps.filter((cap) => amount > 0 && cap.used + amount > cap.limit);
  for (const cap of broken.toSorted((left, right) => left.headroom - right.headroom)) {
    fail(cap.rule, 'refused', `${cap.headroom} ${cap.frees} ${cap.limit} ${cap.span} null`);
  }
  if (over) {
    const effect = workspace.hardLimit ? 'refused' : 'overage';
    fail('pool', effect, `${pool.headroom} ${pool.frees} null null null`);
  }
  const refused = !asked.happened && failing.some(({ effect }) => effect === 'refused');
  return {
    outcome: refused ? 'refused' : over ? 'allowed-overage' : 'allowed',
    credits: amount,
    split: pool.split,
    reasons: failing.map(({ text }) => text),
    headrooms: [
      ...caps.map((cap) => `${cap.rule} ${cap.headroom} ${cap.frees}`),
      `pool ${pool.headroom} ${pool.frees}`,
    ],
  };
}

/** What a pool answers: the most that adds no overage at any instant from `at` until now is looked for by halving. */
export function naivePool(
  terms: NaiveTerms,
  lines: Lines,
  asked: { readonly amount: number; readonly at: number; readonly now: number },
) {
  const known = lines.filter((line) => line.occurredAt <= asked.now);
  const withUse = (amount: number): NaiveLedger => {
    const at = instant(asked.at);
    const use = correction(askedId, credits(amount), { when: at });
    return new NaiveLedger(terms, [...known, use], asked.now);
  };
  const before = withUse(0);
  const added = (ledger: NaiveLedger): number =>
    ledger.unpaid.reduce((most, unpaid, place) => Math.max(most, unpaid - (before.unpaid[place] ?? 0)), 0);
  const after = withUse(asked.amount);
  let [low, high] = [0, after.balance().grantedEver + 1];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (added(withUse(middle)) === 0) low = middle;
    else high = middle;
  }
  return {
    split: after.spend(askedId)?.split.replace(/^.*?: /, '') ?? '',
    headroom: low,
    overageAdded: added(after),
    frees: new NaiveLedger(terms, lines, asked.at).nextAllotmentAt(),
  };
}

/** After every real id. */
const askedId = '\uffff';

interface Binding {
  readonly rule: string;
  readonly span: string;
  readonly limit: number;
  readonly used: number;
  readonly headroom: number;
  readonly frees: number | null;
}

function bindingCaps(workspace: NaiveWorkspace, lines: Lines, asked: NaiveRequest, now: number): readonly Binding[] {
  const { memberId, teamId, at } = asked;
  const bindings: Binding[] = [];
  for (const span of ['day', 'week', 'period'] as const) {
    const holding = (scope: NaiveCap['scope'], subject: string | null, when: number): NaiveCap | null => {
      const open = workspace.caps.filter(
        (cap) => cap.scope === scope && cap.subject === subject && cap.span === span && (cap.until ?? Infinity) > when,
      );
      const last = open.filter((cap) => cap.from <= when).at(-1);
      return last?.limit === null ? null : (last ?? null);
    };
    const personal = (when: number): NaiveCap | null =>
      holding('member', memberId, when) ??
      (teamId === null ? null : holding('team-members-default', teamId, when)) ??
      holding('member-default', null, when);
    const team = (when: number): NaiveCap | null => holding('team', teamId, when);
    const ledger = new NaiveLedger(workspace.terms, lines, now);
    const bind = (rule: string, capAt: (when: number) => NaiveCap | null, isTheirs: (line: Transaction) => boolean) => {
      const cap = capAt(at);
      const limit = cap?.limit ?? null;
      if (cap === null || limit === null) return;
      const window = windowOf(workspace.terms, span, at);
      const used = lines.reduce((total, line) => {
        const inside = (line.kind === 'usage' || line.kind === 'hold') && isTheirs(line);
        const spend = inside && line.occurredAt >= window.start && line.occurredAt < window.end;
        const known = spend ? ledger.spend(line.id) : undefined;
        return total + (known?.used ?? 0) + (known?.held ?? 0);
      }, 0);
      const later = cap.until === null ? null : capAt(cap.until);
      const loosens = cap.until !== null && (later?.limit ?? Infinity) > limit ? cap.until : Infinity;
      const frees = Math.min(limit === 0 ? Infinity : window.end, loosens);
      const headroom = Math.max(limit - used, 0);
      bindings.push({ rule, span, limit, used, headroom, frees: frees === Infinity ? null : frees });
    };
    if (memberId !== null) bind('personal-cap', personal, (line) => 'memberId' in line && line.memberId === memberId);
    if (teamId !== null) bind('team-budget', team, (line) => 'teamId' in line && line.teamId === teamId);
  }
  return bindings;
}

function windowOf(terms: NaiveTerms, span: NaiveCap['span'], at: number) {
  const dayMs = 86_400_000;
  if (span === 'period') return new NaiveLedger(terms, [], at).balance().period;
  const start = Math.floor(at / dayMs) * dayMs;
  if (span === 'day') return { start, end: start + dayMs };
  const monday = start - ((new Date(start).getUTCDay() + 6) % 7) * dayMs;
  return { start: monday, end: monday + 7 * dayMs };
}

/** Why a settlement of a line is refused; null when it is not. `amount` null is all there is, a quantity for a correction. */
export function naiveSettlement(
  ledger: NaiveLedger,
  base: Extract<Transaction, { kind: 'usage' | 'hold' }>,
  what: 'capture' | 'release' | 'refund' | 'void' | 'correct',
  given: { readonly at: number; readonly amount: number | null },
): string | null {
  const { at, amount } = given;
  const spend = ledger.spend(base.id);
  if (what === 'capture' || what === 'release') {
    if (base.kind !== 'hold' || !spend) return 'not-a-hold';
    if (at < base.occurredAt) return 'before-it-began';
    const stillOpenThen = spend.resolved === 'expired' && at < spend.resolvedAt;
    if (spend.resolved !== null && !stillOpenThen) return `already-resolved ${spend.resolved}`;
    const held = stillOpenThen ? base.credits : spend.held;
    return what === 'capture' && amount !== null && amount > held ? `more-than-was-held ${amount - held}` : null;
  }
  const usedFrom = spend?.resolved === 'captured' ? spend.resolvedAt : base.occurredAt;
  if (at < base.occurredAt || at < usedFrom) return 'before-it-began';
  const used = spend?.used ?? 0;
  if (what === 'refund') {
    if (used === 0) return 'nothing-to-give-back';
    return amount !== null && amount > used ? `more-than-was-used ${used}` : null;
  }
  if (used === 0 && base.credits > 0) return 'nothing-to-give-back';
  const target = base.unitRate === 0 ? 0 : amount;
  return what === 'correct' && target === used ? 'unchanged' : null;
}
