import type { z } from 'zod';
import type { exportInput, ledgerPageInput } from '../../shared/bridge/inputs.ts';
import type { LedgerPage, LedgerRow } from '../../shared/bridge/views.ts';
import { noCredits, type Credits } from '../../shared/kernel/credits.ts';
import { useOf, type Transaction } from '../../shared/ledger/transaction.ts';
import { ledgerSource } from '../database/ledger-index.ts';
import { lineIn } from '../database/stored-rows.ts';
import { fromColumnText, toColumnText } from '../storage-sqlite/column-text.ts';
import { exportCsv, exportJson } from '../transfer/export.ts';
import { between, compareKeys, othersFirst, type LedgerKey, type LedgerTable } from './ledger-blocks.ts';
import { inTime, ledgerConditions, type LedgerConditions, type SqlPart } from './ledger-filter.ts';
import { labelOf } from './log-usage.ts';
import { rowSyncOf } from './row-sync.ts';
import { peopleFor, type People } from './people.ts';
import { wrongField } from './problems.ts';
import type { ReplicaState } from './replica-state.ts';
import { spendFigures } from './spend-figures.ts';
import { usedAround, type UsedAround } from './used-around.ts';
import type { Workspace } from './workspace.ts';

/** A page of the ledger, newest first, by key: any page costs the same. Others are answered while it is looked for. */
export async function ledgerPage(state: ReplicaState, given: z.output<typeof ledgerPageInput>): Promise<LedgerPage> {
  const workspace = state.workspace(given.workspaceId);
  const where = ledgerConditions(workspace, given.filter, peopleFor(state, workspace));
  const page = await readPage(state, workspace, { where, cursor: given.cursor, limit: given.limit });
  return { ...page, total: await state.tallies.total(ledgerTable(state, workspace), where) };
}

/** What the filter selects, or everything, as a file in pieces. */
export async function* exportLedger(
  state: ReplicaState,
  given: z.output<typeof exportInput>,
): AsyncGenerator<{ readonly text: string }> {
  const workspace = state.workspace(given.workspaceId);
  const where = ledgerConditions(workspace, given.filter ?? {}, peopleFor(state, workspace));
  const pages = allPages(state, workspace, where);
  for await (const text of given.format === 'csv' ? exportCsv(pages) : exportJson(pages)) yield { text };
}

/** Lines with the names and the state that a person reads. */
export function rowsOf(state: ReplicaState, workspace: Workspace, lines: readonly Transaction[]): readonly LedgerRow[] {
  return lines.map(rowMaker(state, workspace, lines));
}

/** What makes a row of each of some lines. */
function rowMaker(
  state: ReplicaState,
  workspace: Workspace,
  lines: readonly Transaction[],
  pseudonyms = false,
): (line: Transaction) => LedgerRow {
  const people = peopleFor(state, workspace);
  const voided = voidedAmong(state, lines);
  const around = usedAround(state, lines);
  const syncOf = rowSyncOf(
    state,
    workspace,
    lines.map(({ id }) => id),
  );
  return (line) => {
    const row = rowOf(state, workspace, {
      line,
      people,
      voided: voided.has(line.id),
      used: around.get(line.id),
      pseudonyms,
    });
    const sync = syncOf(line.id);
    return sync === undefined ? row : { ...row, sync };
  };
}

interface PageQuery {
  readonly where: LedgerConditions;
  readonly cursor: string | null;
  readonly limit: number;
  readonly pseudonyms?: boolean;
}

async function readPage(
  state: ReplicaState,
  workspace: Workspace,
  query: PageQuery,
): Promise<Omit<LedgerPage, 'total'>> {
  const after = query.cursor === null ? null : parseCursor(query.cursor);
  const found =
    query.where.indexed === 'not'
      ? await searchedRows(state, workspace, query, after)
      : indexedRows(state, query, after);
  const shown = found.slice(0, query.limit);
  const last = found.length > query.limit ? shown.at(-1) : undefined;
  const lines = shown.flatMap((row) => lineIn(state.database, row) ?? []);
  const rowOfLine = rowMaker(state, workspace, lines, query.pseudonyms);
  const rows: LedgerRow[] = [];
  for (const line of lines) {
    rows.push(rowOfLine(line));
    // Rows that lie far apart each ask another stretch of the pool's past.
    if (rows.length % rowsAtOnce === 0) await othersFirst(state.database.connection);
  }
  return {
    rows,
    nextCursor: last ? `${String(last['occurredAt'])}/${fromColumnText(String(last['id']))}` : null,
  };
}

const rowsAtOnce = 5;

type FoundRow = Readonly<Record<string, unknown>>;

/** One row more than the page shows, straight from an index. */
function indexedRows(state: ReplicaState, { where, limit }: PageQuery, after: LedgerKey | null): readonly FoundRow[] {
  const { sql, parameters } = inTime(where);
  const bounds = between(null, after);
  const page = { sql: sql + bounds.sql, parameters: [...parameters, ...bounds.parameters] };
  // The plus keeps SQLite from going through the whole ledger in its order, past all lines that are not asked for.
  const order = where.indexed === 'by-column' ? '"occurredAt" DESC, +id DESC' : newestFirst;
  return selectRows(state, page, { source: state.transactionsTable(), order, limit: limit + 1 });
}

/** The same, looked for line by line from the newest on, a block at a time. */
async function searchedRows(
  state: ReplicaState,
  workspace: Workspace,
  { where, limit }: PageQuery,
  after: LedgerKey | null,
): Promise<readonly FoundRow[]> {
  const ledger = ledgerTable(state, workspace);
  const tally = await state.tallies.of(ledger, where.line);
  const { sql, parameters } = inTime(where);
  const end = earlier(after, where.to === null ? null : { at: where.to, id: '' });
  const found: FoundRow[] = [];
  for (const block of tally.blocksBefore(end)) {
    if (where.from !== null && block.end !== null && block.end.at < where.from) break;
    const bounds = between(block.first, earlier(block.end, end));
    const selected = { sql: sql + bounds.sql, parameters: [...parameters, ...bounds.parameters] };
    const given = { source: ledger.source, order: newestFirst, limit: limit + 1 - found.length };
    found.push(...selectRows(state, selected, given));
    if (found.length > limit) break;
    await othersFirst(ledger.connection);
  }
  return found;
}

const newestFirst = '"occurredAt" DESC, id DESC';

function earlier(left: LedgerKey | null, right: LedgerKey | null): LedgerKey | null {
  if (left === null || right === null) return left ?? right;
  return compareKeys(left, right) < 0 ? left : right;
}

function selectRows(
  state: ReplicaState,
  { sql, parameters }: SqlPart,
  given: { readonly source: string; readonly order: string; readonly limit: number },
): readonly FoundRow[] {
  return state.database.connection
    .prepare(
      `SELECT id, "occurredAt", document FROM ${given.source} WHERE deleted=0 AND ${sql} ORDER BY ${given.order} LIMIT ?`,
    )
    .all(...parameters, given.limit);
}

export function ledgerTable(state: ReplicaState, workspace: Workspace): LedgerTable {
  const table = state.transactionsTable();
  const { database } = state;
  return { connection: database.connection, table, source: ledgerSource(database, table), workspaceId: workspace.id };
}

async function* allPages(state: ReplicaState, workspace: Workspace, where: LedgerConditions) {
  let cursor: string | null = null;
  do {
    const page: Omit<LedgerPage, 'total'> = await readPage(state, workspace, {
      where,
      cursor,
      limit: 1000,
      pseudonyms: true,
    });
    yield page.rows;
    cursor = page.nextCursor;
    await othersFirst(state.database.connection);
  } while (cursor !== null);
}

function parseCursor(cursor: string): LedgerKey {
  const [at = '', ...id] = cursor.split('/');
  if (!/^-?\d{1,16}$/.test(at) || id.length === 0) throw wrongField('cursor', 'is none that a page gave');
  return { at: Number(at), id: toColumnText(id.join('/')) };
}

function rowOf(
  state: ReplicaState,
  workspace: Workspace,
  given: {
    readonly line: Transaction;
    readonly people: People;
    readonly voided: boolean;
    readonly used: UsedAround | undefined;
    /** A file names people who are hidden by pseudonyms, so that it can be counted with. [V3] */
    readonly pseudonyms: boolean;
  },
): LedgerRow {
  const { line, people, used } = given;
  const { names } = people;
  const attributed = 'memberId' in line ? line : null;
  const isSpend = line.kind === 'usage' || line.kind === 'hold';
  const details = isSpend ? spendDetails(state, workspace, line, given.voided) : noDetails;
  const memberId = attributed?.memberId ?? null;
  const hidden = memberId !== null && !people.person(memberId);
  const teamId = attributed?.teamId ? people.team(attributed.teamId) : null;
  const featureId = attributed?.featureId ?? null;
  return {
    id: line.id,
    kind: line.kind,
    occurredAt: line.occurredAt,
    recordedAt: line.recordedAt,
    spentAt: 'spentAt' in line ? line.spentAt : line.occurredAt,
    memberId: hidden ? null : memberId,
    memberName: memberId === null || (hidden && !given.pseudonyms) ? null : names.member(memberId),
    memberHidden: hidden,
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
    note: hidden ? null : (line.note ?? ('reason' in line ? line.reason : null)),
    linkedId: 'linkedId' in line ? line.linkedId : null,
    authorName: line.authorId === null || !people.person(line.authorId) ? null : names.member(line.authorId),
    reason: !hidden && 'reason' in line ? line.reason : null,
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
  const figures = spendFigures(state, workspace, line);
  if (!figures) return noDetails;
  const { overage, held, used, resolution } = figures;
  const actions: LedgerRow['actions'][number][] = [];
  if (held > 0) actions.push('capture', 'release');
  if (used > 0) actions.push('refund');
  if (!voided && (used > 0 || (line.kind === 'usage' && line.credits === noCredits))) actions.push('void');
  if (!voided && used > 0 && line.unitRate !== null) actions.push('correct');
  return {
    overage,
    actions,
    holdState: line.kind === 'hold' ? (resolution?.how ?? 'open') : null,
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
