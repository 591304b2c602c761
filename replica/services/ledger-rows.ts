import type { z } from 'zod';
import type { exportInput, ledgerFilter, ledgerPageInput } from '../../shared/bridge/inputs.ts';
import type { LedgerPage, LedgerRow } from '../../shared/bridge/views.ts';
import { noCredits, type Credits } from '../../shared/kernel/credits.ts';
import { heldOf, sharesOf, usedOf } from '../../shared/ledger/spends.ts';
import { useOf, type Transaction } from '../../shared/ledger/transaction.ts';
import { foldedCase, lineIn } from '../database/stored-rows.ts';
import { fromColumnText, toColumnText } from '../storage-sqlite/column-text.ts';
import { exportCsv, exportJson } from '../transfer/export.ts';
import { labelOf } from './log-usage.ts';
import { namesOf, type Names } from './names.ts';
import { wrongField } from './problems.ts';
import { readInstant } from './reading.ts';
import type { ReplicaState } from './replica-state.ts';
import { usedAround, type UsedAround } from './used-around.ts';
import type { Workspace } from './workspace.ts';

type LedgerFilter = z.output<typeof ledgerFilter>;

/** A page of the ledger, newest first, by key: any page costs the same. */
export function ledgerPage(state: ReplicaState, given: z.output<typeof ledgerPageInput>): LedgerPage {
  const workspace = state.workspace(given.workspaceId);
  const where = conditions(workspace, given.filter);
  const page = readPage(state, workspace, { where, cursor: given.cursor, limit: given.limit });
  const count = state.database.connection
    .prepare(`SELECT count(*) AS total FROM ${state.transactionsTable()} WHERE deleted=0 AND ${where.sql}`)
    .get(...where.parameters);
  return { ...page, total: Number(count?.['total'] ?? 0) };
}

/** What the filter selects, or everything, as a file in pieces. */
export async function* exportLedger(
  state: ReplicaState,
  given: z.output<typeof exportInput>,
): AsyncGenerator<{ readonly text: string }> {
  const workspace = state.workspace(given.workspaceId);
  const where = conditions(workspace, given.filter ?? {});
  const pages = allPages(state, workspace, where);
  for await (const text of given.format === 'csv' ? exportCsv(pages) : exportJson(pages)) yield { text };
}

/** Lines with the names and the state that a person reads. */
export function rowsOf(state: ReplicaState, workspace: Workspace, lines: readonly Transaction[]): readonly LedgerRow[] {
  const names = namesOf(workspace);
  const voided = voidedAmong(state, lines);
  const around = usedAround(state, lines);
  return lines.map((line) =>
    rowOf(state, workspace, { line, names, voided: voided.has(line.id), used: around.get(line.id) }),
  );
}

interface Conditions {
  readonly sql: string;
  readonly parameters: readonly (string | number)[];
}

function conditions(workspace: Workspace, filter: LedgerFilter): Conditions {
  const parts: string[] = ['"workspaceId"=?'];
  const parameters: (string | number)[] = [workspace.id];
  const equal = (column: string, value: string | null | undefined): void => {
    if (value === undefined) return;
    parts.push(`"${column}"=?`);
    parameters.push(toColumnText(value ?? ''));
  };
  equal('memberId', filter.member);
  equal('teamId', filter.team);
  equal('featureId', filter.feature);
  if (filter.kinds && filter.kinds.length > 0) {
    parts.push(`"kind" IN (${filter.kinds.map(() => '?').join(',')})`);
    parameters.push(...filter.kinds);
  }
  const from = filter.from === undefined ? null : readInstant(filter.from, 'filter.from', workspace.timeZone);
  const to = filter.to === undefined ? null : readInstant(filter.to, 'filter.to', workspace.timeZone);
  if (from !== null && to !== null && to <= from) throw wrongField('filter.to', 'is not after the start');
  if (from !== null) {
    parts.push('"occurredAt">=?');
    parameters.push(from);
  }
  if (to !== null) {
    parts.push('"occurredAt"<?');
    parameters.push(to);
  }
  const text = filter.text?.trim().toLowerCase() ?? '';
  if (text !== '') textCondition(workspace, text, parts, parameters);
  return { sql: parts.join(' AND '), parameters };
}

/** Names are looked up first, so that the text is compared with ids, which are columns, and with the note. */
function textCondition(workspace: Workspace, text: string, parts: string[], parameters: (string | number)[]): void {
  const names = namesOf(workspace);
  const matching = (ids: Iterable<string>, nameOf: (id: string) => string): readonly string[] =>
    [...ids].filter((id) => nameOf(id).toLowerCase().includes(text) || id.toLowerCase().includes(text));
  const { index, catalogue } = workspace;
  const featureIds = new Set([
    ...index.features.keys(),
    ...catalogue.versions.flatMap((version) => version.features).map((feature) => feature.id),
  ]);
  const choices: string[] = [];
  for (const [column, ids] of [
    ['memberId', matching(index.members.keys(), names.member)],
    ['teamId', matching(index.teams.keys(), names.team)],
    ['featureId', matching(featureIds, names.feature)],
  ] as const) {
    if (ids.length === 0) continue;
    choices.push(`"${column}" IN (SELECT value FROM json_each(?))`);
    parameters.push(JSON.stringify(ids.map(toColumnText)));
  }
  // SQLite folds the case of ASCII letters only, so that notes are compared as JavaScript folds them.
  for (const field of ['note', 'reason']) {
    const written = `CASE WHEN json_valid(document) THEN json_extract(document,'$.body.${field}') END`;
    choices.push(`instr(coalesce(${foldedCase}(${written}),''),?)>0`);
    parameters.push(text);
  }
  choices.push('"id"=?');
  parameters.push(toColumnText(text));
  parts.push(`(${choices.join(' OR ')})`);
}

function readPage(
  state: ReplicaState,
  workspace: Workspace,
  query: { readonly where: Conditions; readonly cursor: string | null; readonly limit: number },
): Omit<LedgerPage, 'total'> {
  const after = query.cursor === null ? null : parseCursor(query.cursor);
  const sql = after === null ? query.where.sql : `${query.where.sql} AND ("occurredAt",id)<(?,?)`;
  const rows = state.database.connection
    .prepare(
      `SELECT id, "occurredAt", document FROM ${state.transactionsTable()} WHERE deleted=0 AND ${sql}
       ORDER BY "occurredAt" DESC, id DESC LIMIT ?`,
    )
    .all(...query.where.parameters, ...(after === null ? [] : [after.at, toColumnText(after.id)]), query.limit + 1);
  const shown = rows.slice(0, query.limit);
  const last = rows.length > query.limit ? shown.at(-1) : undefined;
  const lines = shown.flatMap((row) => lineIn(state.database, row) ?? []);
  return {
    rows: rowsOf(state, workspace, lines),
    nextCursor: last ? `${String(last['occurredAt'])}/${fromColumnText(String(last['id']))}` : null,
  };
}

async function* allPages(state: ReplicaState, workspace: Workspace, where: Conditions) {
  let cursor: string | null = null;
  do {
    const page: Omit<LedgerPage, 'total'> = readPage(state, workspace, { where, cursor, limit: 1000 });
    yield page.rows;
    cursor = page.nextCursor;
    // Others are answered between two pages.
    await new Promise((resolve) => setImmediate(resolve));
  } while (cursor !== null);
}

function parseCursor(cursor: string): { readonly at: number; readonly id: string } {
  const [at = '', ...id] = cursor.split('/');
  if (!/^-?\d{1,16}$/.test(at) || id.length === 0) throw wrongField('cursor', 'is none that a page gave');
  return { at: Number(at), id: id.join('/') };
}

function rowOf(
  state: ReplicaState,
  workspace: Workspace,
  given: {
    readonly line: Transaction;
    readonly names: Names;
    readonly voided: boolean;
    readonly used: UsedAround | undefined;
  },
): LedgerRow {
  const { line, names, used } = given;
  const attributed = 'memberId' in line ? line : null;
  const isSpend = line.kind === 'usage' || line.kind === 'hold';
  const details = isSpend ? spendDetails(state, workspace, line, given.voided) : noDetails;
  const memberId = attributed?.memberId ?? null;
  const teamId = attributed?.teamId ?? null;
  const featureId = attributed?.featureId ?? null;
  return {
    id: line.id,
    kind: line.kind,
    occurredAt: line.occurredAt,
    recordedAt: line.recordedAt,
    spentAt: 'spentAt' in line ? line.spentAt : line.occurredAt,
    memberId,
    memberName: memberId === null ? null : names.member(memberId),
    teamId,
    teamName: teamId === null ? null : names.team(teamId),
    featureId,
    featureName: featureId === null ? null : names.feature(featureId),
    variant: attributed?.variant ?? null,
    quantity: isSpend ? line.quantity : null,
    unit: isSpend ? names.unit(line.featureId) : null,
    credits: shownCredits(line),
    pricing: isSpend ? line.pricing : null,
    happened: line.kind === 'usage' && line.happened,
    origin: line.origin,
    note: line.note ?? ('reason' in line ? line.reason : null),
    linkedId: 'linkedId' in line ? line.linkedId : null,
    authorName: line.authorId === null ? null : names.member(line.authorId),
    reason: 'reason' in line ? line.reason : null,
    ...(used ? { usedBefore: used.before, usedAfter: used.after } : {}),
    ...(isSpend ? { receipt: receiptOf(state, workspace, line) } : {}),
    ...details,
  };
}

/** The split as it was decided, with what a person calls each part. [G3] */
function receiptOf(
  state: ReplicaState,
  workspace: Workspace,
  line: Extract<Transaction, { kind: 'usage' | 'hold' }>,
): LedgerRow['receipt'] {
  const pool = state.poolOfLine(line);
  return line.receipt.map((share) => ({ ...share, label: labelOf(state, workspace, pool, share) }));
}

/** By how much the line changes what is used; what a hold sets aside or a grant adds. */
function shownCredits(line: Transaction): Credits {
  switch (line.kind) {
    case 'hold':
      return line.credits;
    case 'grant':
      return line.amount;
    case 'release':
      return noCredits;
    default:
      return useOf(line)?.credits ?? noCredits;
  }
}

type SpendDetails = Pick<LedgerRow, 'overage' | 'actions' | 'holdState' | 'open'>;
const noDetails: SpendDetails = { overage: noCredits, actions: [], holdState: null, open: noCredits };

/** What the fold says of a use: how much is overage, what can still be done with it. */
function spendDetails(
  state: ReplicaState,
  workspace: Workspace,
  line: Extract<Transaction, { kind: 'usage' | 'hold' }>,
  voided: boolean,
): SpendDetails {
  const pool = state.poolNow(workspace, state.poolOfLine(line));
  const spend = pool.spendById.get(line.id, line.occurredAt);
  if (!spend) return noDetails;
  const overage = sharesOf(spend).find((share) => share.grantId === null)?.credits ?? noCredits;
  const held = heldOf(spend);
  const used = usedOf(spend);
  const actions: LedgerRow['actions'][number][] = [];
  if (held > 0) actions.push('capture', 'release');
  if (used > 0) actions.push('refund');
  if (!voided && (used > 0 || (line.kind === 'usage' && line.credits === noCredits))) actions.push('void');
  if (!voided && used > 0 && line.unitRate !== null) actions.push('correct');
  return {
    overage,
    actions,
    holdState: line.kind === 'hold' ? (spend.resolution?.how ?? 'open') : null,
    open: held > 0 ? held : used,
  };
}

function voidedAmong(state: ReplicaState, lines: readonly Transaction[]): ReadonlySet<string> {
  const ids = lines.filter((line) => line.kind === 'usage' || line.kind === 'hold').map((line) => line.id);
  const voided = new Set<string>();
  for (let start = 0; start < ids.length; start += 500) {
    const some = ids.slice(start, start + 500);
    const linked = state.linesWhere(`"linkedId" IN (${some.map(() => '?').join(',')})`, some);
    for (const line of linked) if (line.kind === 'void') voided.add(line.linkedId);
  }
  return voided;
}
