import type { Change } from '../../shared/ledger/change.ts';
import { appendLines } from '../database/append.ts';
import type { FoldedImport, FoldedPool } from './import-fold.ts';
import { takingTurns, type GiveWay, type Progress } from './import-turns.ts';
import type { ReplicaState } from './replica-state.ts';
import type { Workspace } from './workspace.ts';

/** Notes that an import is being booked, so that one which is cut off is taken up again. */
export interface Staging {
  readonly begin: () => Promise<void>;
  readonly end: () => Promise<void>;
}

/** Up to here an import is one bulk, on disk as a whole or not at all. */
const oneBulkLinesMax = 10_000;
/** A longer one goes in bulks that let others have their answers in between, on a slow machine too. */
const bulkLines = { min: 500, first: 2_000, max: 5_000 } as const;
const bulkMs = 150;

/**
 * Writes what an import brings: first whom and what it names, then its lines. What takes more than one write is staged
 * before, so that it is finished at the next start if it is cut off. Answers the ids of lines that were there already.
 */
export async function bookImport(
  state: ReplicaState,
  given: {
    /** As it was when the pools were folded. */
    readonly workspace: Workspace;
    readonly changes: readonly Change[];
    readonly folded: FoldedImport;
    readonly staging: Staging;
    /** Called between bulks; throws to leave the rest for the next start. */
    readonly throwIfClosing: () => void;
    readonly onProgress: (progress: Progress) => void;
  },
): Promise<ReadonlySet<string>> {
  const { workspace, folded, staging, onProgress } = given;
  const { lines } = folded;
  const oneBulk = lines.length <= oneBulkLinesMax;
  let perBulk: number = oneBulk ? oneBulkLinesMax : bulkLines.first;
  const writes = (given.changes.length > 0 ? 1 : 0) + Math.ceil(lines.length / perBulk);
  const giveWay = takingTurns(given.throwIfClosing);
  const alreadyThere = new Set<string>();
  if (writes > 1) await staging.begin();
  const { terms, asFolded } = await state.inTurn(async () => {
    const known = state.workspace(workspace.id);
    await state.appendChanges(
      workspace.id,
      given.changes.filter((change) => !isThere(known, change)),
    );
    return { terms: state.workspace(workspace.id), asFolded: known === workspace };
  });
  try {
    for (let done = 0; done < lines.length;) {
      onProgress({ kind: 'progress', phase: 'booking', done, total: lines.length });
      const bulk = lines.slice(done, done + perBulk);
      // In turn with everybody else, bulk by bulk: nobody waits for the whole, and nothing closes in the middle of one.
      const { ms, answer } = await state.inTurn(async () => {
        const begun = performance.now();
        return { answer: await appendLines(state.database, bulk), ms: performance.now() - begun };
      });
      for (const id of answer.alreadyThere) alreadyThere.add(id);
      done += bulk.length;
      perBulk = Math.round(Math.min(bulkLines.max, Math.max(bulkLines.min, (bulk.length * bulkMs) / Math.max(ms, 1))));
      await giveWay();
    }
  } catch (error) {
    // Some bulks may be on disk: what was kept of these pools is no longer true.
    state.adoptPools(
      workspace.id,
      folded.pools.map(({ pool }) => ({ pool, ledger: null })),
    );
    throw error;
  }
  const foldedAsBooked = asFolded && alreadyThere.size === 0;
  if (lines.length > 0) await state.inTurn(() => handOver(state, { folded, terms, foldedAsBooked, giveWay }));
  if (writes > 1) await staging.end();
  return alreadyThere;
}

/**
 * Hands the folded pools over, so that nobody has to wait for a hundred thousand lines to be folded again. Lines that
 * others booked meanwhile are added.
 */
async function handOver(
  state: ReplicaState,
  given: {
    readonly folded: FoldedImport;
    /** The workspace as it was when booking began. */
    readonly terms: Workspace;
    readonly foldedAsBooked: boolean;
    readonly giveWay: GiveWay;
  },
): Promise<void> {
  const { terms, giveWay } = given;
  const { lines, pools, sequence, rewritten } = given.folded;
  const own = new Set(lines.map((line) => line.id));
  const poolsById = new Map<string, FoldedPool>(pools.map((folded) => [folded.pool.id, folded]));
  const outdated = new Set<string>();
  for (let last = sequence, more = true; more;) {
    const rows = state.database.connection
      .prepare(`SELECT sequence, id FROM ${state.transactionsTable()} WHERE sequence>? ORDER BY sequence LIMIT ?`)
      .all(last, rowsPerLook);
    for (const row of rows) {
      const id = String(row['id']);
      const line = own.has(id) ? undefined : state.line(id);
      const folded = line && poolsById.get(line.poolId);
      if (!folded) continue;
      if (folded.ledger.canTake(line, state.pools.locateIn(line.poolId))) folded.ledger.add([line]);
      else outdated.add(line.poolId);
    }
    last = Number(rows.at(-1)?.['sequence'] ?? last);
    more = rows.length === rowsPerLook;
    // After the last look nobody else may come in between.
    if (more) await giveWay();
  }
  const usable = given.foldedAsBooked && state.rewritten === rewritten && state.workspace(terms.id) === terms;
  const adopted = pools.map(({ pool, ledger }) => ({
    pool,
    ledger: usable && !outdated.has(pool.id) ? ledger : null,
  }));
  state.adoptPools(terms.id, adopted);
}

function isThere({ index }: Workspace, { subject, value }: Change): boolean {
  switch (value.kind) {
    case 'member':
      return index.members.has(subject);
    case 'team':
      return index.teams.has(subject);
    case 'feature':
      return index.features.has(subject);
    default:
      return false;
  }
}

const rowsPerLook = 20_000;
