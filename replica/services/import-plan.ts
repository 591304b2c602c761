import type { ImportField, ImportMapping } from '../../shared/bridge/import-views.ts';
import { credits, multiply, subtract, type Credits, type Quantity } from '../../shared/kernel/credits.ts';
import type { Instant } from '../../shared/kernel/instant.ts';
import { err, ok, type Result } from '../../shared/kernel/result.ts';
import { dayOf, startOfDay, type LocalDate } from '../../shared/kernel/time-zone.ts';
import type { Correction, Pricing, Usage } from '../../shared/ledger/transaction.ts';
import type { CellProblem, ImportRow } from '../transfer/import-row.ts';
import { priceProblem } from './catalogues.ts';
import { ImportNames } from './import-names.ts';
import { createImportPricing, listsFeature, type ImportPricing } from './import-pricing.ts';
import { ImportTally } from './import-tally.ts';
import type { Pool, ReplicaState } from './replica-state.ts';
import type { Workspace } from './workspace.ts';

/** A line that an import books. */
export type ImportLine = Usage | Correction;

/** A row of the file, or what is wrong with its cells. */
export type ReadRow = Result<ImportRow, readonly CellProblem[]>;

export interface ImportContext {
  readonly workspace: Workspace;
  readonly mapping: ImportMapping;
  /** When the import was started; all its lines are recorded at this instant. */
  readonly now: Instant;
  readonly authorId: string | null;
}

/**
 * Turns rows into the lines to be booked. Nothing is written: a dry run and the real one plan alike. Receipts are
 * empty until the pools are folded.
 */
export class ImportPlan {
  readonly names: ImportNames;
  readonly tally = new ImportTally();
  /** In the order of the file. */
  readonly lines: ImportLine[] = [];
  readonly poolsById = new Map<string, Pool>();
  /** What one unit of a feature is that the file brings in. */
  readonly unit: string;
  readonly #state: ReplicaState;
  readonly #context: ImportContext;
  readonly #pricing: ImportPricing;
  readonly #poolsByOwner = new Map<string, Pool>();
  readonly #moments = new Map<Instant, Moment>();
  /** What rows of this very file have brought in under an id of their own. */
  readonly #contentsOfFile = new Map<string, RowContent>();

  constructor(state: ReplicaState, context: ImportContext) {
    this.#state = state;
    this.#context = context;
    this.unit = requestReports.has(context.mapping.id) ? 'request' : 'action';
    this.names = new ImportNames(context.workspace);
    this.#pricing = createImportPricing(context.workspace);
  }

  /** Rows in the order of the file; some hundreds at a time keep everybody else answered. */
  add(rows: readonly ReadRow[]): void {
    const { workspace } = this.#context;
    const ids = rows.map((row) =>
      row.ok ? this.#state.ids.ofName(`usage/${workspace.id}/${row.value.externalKey}`) : '',
    );
    const booked = contentsOf(this.#state, ids);
    for (const [place, row] of rows.entries()) {
      const id = ids[place] ?? '';
      const before = this.#contentsOfFile.get(id) ?? booked.get(id);
      if (!row.ok) {
        this.tally.reject(row.error);
        continue;
      }
      const problem = before ? this.#again(row.value, before) : this.#first(row.value, id);
      if (problem) this.tally.reject([problem]);
    }
  }

  /** A row that was never booked. Metered credits win over the catalogue. [C6] */
  #first(row: ImportRow, id: string): CellProblem | null {
    const { names } = this;
    const moment = this.#momentOf(row);
    const { at } = moment;
    const priced = this.#priceOf(row, at);
    if (!priced.ok) return priced.error;
    if (row.memberName === null && this.#pricing.planAt(at).plan.poolScope === 'member') {
      return this.#cell(
        row,
        'member',
        'The cell is empty, and each member has credits of their own here: say who used them.',
      );
    }
    const { featureId, variant, price } = priced.value;
    const memberId = row.memberName === null ? null : names.use('member', row.memberName, at);
    const teamId = row.teamName === null ? names.teamOfMember(memberId, at) : names.use('team', row.teamName, at);
    if (memberId !== null && row.teamName !== null && teamId !== null) names.noteTeam(memberId, teamId, at);
    if (price.pricing === 'metered') names.useFeature(featureId, row.featureName, at);
    const { workspace, now, authorId } = this.#context;
    const usage: Usage = {
      kind: 'usage',
      id,
      workspaceId: workspace.id,
      poolId: this.#poolOf(memberId, at).id,
      occurredAt: at,
      recordedAt: now,
      authorId,
      origin: 'import',
      memberId,
      teamId,
      featureId,
      variant,
      quantity: row.quantity,
      unitRate: price.unitRate,
      credits: price.credits,
      pricing: price.pricing,
      catalogueVersion: price.catalogueVersion,
      receipt: [],
      happened: true,
      externalKey: row.externalKey,
      ...(row.note === null ? {} : { note: row.note }),
    };
    this.lines.push(usage);
    this.#remember({ base: usage, lastId: id, quantity: row.quantity, credits: price.credits, takenBack: false });
    this.#accept(row, { outcome: 'booked', moment, usage, credits: price.credits });
    return null;
  }

  /** A row that is there already: the same content is a duplicate, another amount a restatement. [L2] */
  #again(row: ImportRow, before: RowContent): CellProblem | null {
    const { base } = before;
    const moment = this.#momentOf(row);
    if (row.externalKey.startsWith(`${this.#context.mapping.id}:id:`) && !this.#isSameUse(row, base, moment.at)) {
      return this.#cell(row, 'externalId', 'This id was imported before for another member, feature or time.');
    }
    const target = this.#restatedCredits(row, before, moment.at);
    if (!target.ok) return target.error;
    const amount = target.value;
    const same = amount === before.credits && row.quantity === before.quantity;
    // What a person took back stays taken back.
    if (same || before.takenBack) {
      this.#accept(row, { outcome: 'duplicate', moment, usage: base, credits: before.credits });
      return null;
    }
    const { now, authorId } = this.#context;
    const correction: Correction = {
      kind: 'correction',
      // Made of what it follows and what it brings the row to: booked once, however often the file comes.
      id: this.#state.ids.ofName(`restatement/${before.lastId}/${row.quantity}/${amount}`),
      workspaceId: base.workspaceId,
      poolId: base.poolId,
      // The report says what was used back then: the balance of that day follows it, however late it comes. [L1]
      occurredAt: base.occurredAt,
      recordedAt: now,
      authorId,
      origin: 'import',
      memberId: base.memberId,
      teamId: base.teamId,
      featureId: base.featureId,
      variant: base.variant,
      linkedId: base.id,
      spentAt: base.occurredAt,
      credits: subtract(amount, before.credits),
      reason: 'The imported report was restated',
      restatedQuantity: row.quantity,
      externalKey: row.externalKey,
    };
    this.lines.push(correction);
    this.#remember({ ...before, lastId: correction.id, quantity: row.quantity, credits: amount });
    this.#accept(row, { outcome: 'restated', moment, usage: base, credits: amount });
    return null;
  }

  #isSameUse(row: ImportRow, base: Usage, at: Instant): boolean {
    const memberId = row.memberName === null ? null : (this.names.find('member', row.memberName) ?? row.memberName);
    return base.featureId === this.names.featureOf(row) && base.occurredAt === at && base.memberId === memberId;
  }

  /** A priced row keeps the rate that it was priced with. [C2] */
  #restatedCredits(row: ImportRow, before: RowContent, at: Instant): Result<Credits, CellProblem> {
    if (row.credits !== null) return ok(row.credits);
    if (row.quantity === before.quantity) return ok(before.credits);
    const { unitRate } = before.base;
    const kept = unitRate === null ? undefined : multiply(unitRate, row.quantity);
    if (kept !== undefined) return ok(kept);
    const priced = this.#priceOf(row, at);
    return priced.ok ? ok(priced.value.price.credits) : priced;
  }

  #priceOf(row: ImportRow, at: Instant): Result<PricedRow, CellProblem> {
    const featureId = this.names.featureOf(row);
    const variant = this.names.variantOf(row, featureId);
    if (row.credits !== null) {
      const price: RowPrice = { credits: row.credits, unitRate: null, catalogueVersion: null, pricing: 'metered' };
      return ok({ featureId, variant, price });
    }
    const price = this.#pricing.priceOf({ feature: featureId, variant, quantity: row.quantity, at });
    if (price.ok) return ok({ featureId, variant, price: price.value });
    const [issue] = priceProblem(price.error).problem.issues;
    const field = fieldsOfPrice.find((candidate) => candidate === issue?.path) ?? 'feature';
    return err(this.#cell(row, field, sentenceOf(issue?.message ?? 'has no price')));
  }

  /** What the catalogue would have asked for a metered row. [C6] */
  #listedOf(row: ImportRow, usage: Usage): Credits | null {
    if (usage.pricing !== 'metered' || !listsFeature(this.#context.workspace, usage.featureId, usage.occurredAt))
      return null;
    const { featureId: feature, variant, occurredAt: at } = usage;
    const price = this.#pricing.priceOf({ feature, variant, quantity: row.quantity, at });
    return price.ok ? price.value.credits : null;
  }

  #accept(
    row: ImportRow,
    {
      outcome,
      moment,
      usage,
      credits: amount,
    }: {
      readonly outcome: 'booked' | 'duplicate' | 'restated';
      readonly moment: Moment;
      readonly usage: Usage;
      readonly credits: Credits;
    },
  ): void {
    const { memberId, featureId } = usage;
    const listed = this.#listedOf(row, usage);
    this.tally.accept({ outcome, ...moment, memberId, featureId, credits: amount, rounded: row.rounded, listed });
  }

  #remember(content: RowContent): void {
    // Only an id of the report's own can come twice; keys made of dimensions are told apart by their ordinal.
    if (this.#context.mapping.columns.externalId !== undefined) this.#contentsOfFile.set(content.base.id, content);
  }

  #poolOf(memberId: string | null, at: Instant): Pool {
    const owner = this.#pricing.planAt(at).plan.poolScope === 'member' ? (memberId ?? '') : '';
    const known = this.#poolsByOwner.get(owner);
    if (known) return known;
    const pool = this.#state.poolOf(this.#context.workspace, memberId, at);
    this.#poolsByOwner.set(owner, pool);
    this.poolsById.set(pool.id, pool);
    return pool;
  }

  /**
   * When a row counts. A date without a time keeps its date in every zone that matters here: it takes the first instant
   * that lies on that day in the zone of the file, of the workspace and of the reset. [K3]
   */
  #momentOf(row: ImportRow): Moment {
    const { workspace, mapping } = this.#context;
    if (!row.dateOnly) return { at: row.occurredAt, day: dayOf(row.occurredAt, workspace.timeZone) };
    const known = this.#moments.get(row.occurredAt);
    if (known) return known;
    const day = dayOf(row.occurredAt, mapping.zone);
    const { reset } = this.#pricing.planAt(row.occurredAt).plan;
    const starts = [mapping.zone, workspace.timeZone, reset.zone === 'UTC' ? 'UTC' : workspace.timeZone].map((zone) =>
      startOfDay(day, zone),
    );
    const latest = starts.reduce((left, right) => (left >= right ? left : right));
    const at = dayOf(latest, workspace.timeZone) === day ? latest : startOfDay(day, workspace.timeZone);
    const moment = { at, day };
    this.#moments.set(row.occurredAt, moment);
    return moment;
  }

  #cell(row: ImportRow, field: ImportField, message: string): CellProblem {
    return { line: row.line, column: this.#context.mapping.columns[field] ?? '', message };
  }
}

interface Moment {
  readonly at: Instant;
  readonly day: LocalDate;
}

interface RowPrice {
  readonly credits: Credits;
  readonly unitRate: Credits | null;
  readonly catalogueVersion: string | null;
  readonly pricing: Pricing;
}

interface PricedRow {
  readonly featureId: string;
  readonly variant: string | null;
  readonly price: RowPrice;
}

/** What a row stands at in the ledger, with all its restatements. */
interface RowContent {
  readonly base: Usage;
  /** The last of the lines that brought it there. */
  readonly lastId: string;
  readonly quantity: Quantity;
  readonly credits: Credits;
  /** A person voided the entry. */
  readonly takenBack: boolean;
}

/** A form's message names its field beside it; here it has to stand alone. */
function sentenceOf(message: string): string {
  return /^[a-z]/.test(message) ? `The cell ${message}.` : `${message}.`;
}

/** Reports of which one row counts requests. */
const requestReports: ReadonlySet<string> = new Set(['github-copilot', 'cursor']);

const fieldsOfPrice = ['feature', 'variant', 'quantity'] as const satisfies readonly ImportField[];

function contentsOf(state: ReplicaState, ids: readonly string[]): ReadonlyMap<string, RowContent> {
  const contents = new Map<string, RowContent>();
  const anyOf = (column: string): string => `${column} IN (SELECT value FROM json_each(?))`;
  for (const base of state.linesWhere(anyOf('id'), [JSON.stringify(ids)])) {
    if (base.kind !== 'usage') continue;
    contents.set(base.id, { base, lastId: base.id, quantity: base.quantity, credits: base.credits, takenBack: false });
  }
  if (contents.size === 0) return contents;
  const linked = state.linesWhere(`${anyOf('"linkedId"')} ORDER BY sequence`, [JSON.stringify([...contents.keys()])]);
  for (const line of linked) {
    if (line.kind !== 'correction' && line.kind !== 'void') continue;
    const content = contents.get(line.linkedId ?? '');
    if (!content) continue;
    if (line.kind === 'void') contents.set(content.base.id, { ...content, takenBack: true });
    // A correction without a key is a person's own and leaves what the report says as it is.
    else if (line.externalKey !== undefined) {
      contents.set(content.base.id, {
        ...content,
        lastId: line.id,
        quantity: line.restatedQuantity ?? content.quantity,
        credits: credits(content.credits + line.credits),
      });
    }
  }
  return contents;
}
