import { formatInstant } from '../../shared/kernel/instant.ts';
import type { Balance } from '../../shared/ledger/balance.ts';
import { balanceOf } from '../../shared/ledger/balance-of.ts';
import type { PoolCheckpoint } from '../../shared/ledger/checkpoint.ts';
import { PoolLedger } from '../../shared/ledger/pool-ledger.ts';
import { scheduleOf } from '../../shared/ledger/schedule.ts';
import { checkpointIn, checkpointText } from '../database/checkpoint-text.ts';
import type { Difference } from '../projections/check.ts';
import { checkpointAt, storedCheckpoints } from '../projections/pool-balances.ts';
import { addBooked } from './import-fold.ts';
import { takingTurns, type GiveWay } from './import-turns.ts';
import { PoolLedgers, type CheckpointPace } from './pool-ledgers.ts';
import type { Pool, ReplicaState } from './replica-state.ts';
import type { Workspace } from './workspace.ts';

/**
 * Folds every pool of a workspace from nothing but its lines, and compares with it what the pool answers now and every
 * checkpoint that it would go on from. It goes in pieces between which others are answered and may write; nothing is
 * changed by it. One difference for each table and pool, whose examples name the instants.
 */
export async function differencesOfPools(state: ReplicaState, workspaceId: string): Promise<readonly Difference[]> {
  const giveWay = takingTurns(() => undefined);
  const differences: Difference[] = [];
  for (const pool of state.everyPoolOf(state.workspace(workspaceId))) {
    let found: readonly Difference[] | null = null;
    while (found === null) found = await differencesOf(state, { workspaceId, pool }, giveWay);
    differences.push(...found);
  }
  return differences;
}

/** null where the terms or lines that were there were changed meanwhile: then it is to be done again. */
async function differencesOf(
  state: ReplicaState,
  { workspaceId, pool }: { readonly workspaceId: string; readonly pool: Pool },
  giveWay: GiveWay,
): Promise<readonly Difference[] | null> {
  const workspace = state.workspace(workspaceId);
  const { rewritten } = state;
  const schedule = scheduleOf(workspace.index, pool.id, pool.memberId);
  const ledger = new PoolLedger({ poolId: pool.id, schedule });
  let sequence = state.database.connection.lastSequence();
  await addBooked(state, ledger, { sequence, giveWay });
  /** Whether it has all lines of this moment, under the terms of this moment. */
  const isPresent = (): boolean => {
    const { connection } = state.database;
    ledger.add(state.linesWhere('sequence>? AND +"poolId"=?', [sequence, pool.id]));
    sequence = connection.lastSequence();
    return state.rewritten === rewritten && state.workspace(workspaceId) === workspace;
  };
  const wrong: string[] = [];
  let lost = 0;
  for (const { at } of storedCheckpoints(state.database, pool.id)) {
    await giveWay();
    if (!isPresent()) return null;
    const kept = checkpointAt(state.database, { poolId: pool.id, schedule }, at);
    const rebuilt = kept && ledger.checkpointAt(at, kept.since);
    // Through its text, so that both name their parts in one order.
    const text = rebuilt && checkpointIn(checkpointText(rebuilt));
    const unlike = kept && (text ? partsUnlike(kept, text) : 'there is no such state');
    if (!unlike) continue;
    wrong.push(`pool ${pool.id} on ${formatInstant(at)}: ${unlike}`);
    if (!rebuilt) lost += 1;
  }
  if (!isPresent()) return null;
  const checkpoints = { table: 'pool_checkpoint', keptOnly: wrong.length, rebuiltOnly: wrong.length - lost };
  return [
    ...(wrong.length === 0 ? [] : [{ ...checkpoints, examples: wrong.slice(0, examplesMax) }]),
    ...balanceDifference(state, { workspace, pool, ledger }),
  ];
}

/** What the pool answers now by whoever opens it, beside a fold from nothing. */
function balanceDifference(
  state: ReplicaState,
  { workspace, pool, ledger }: { readonly workspace: Workspace; readonly pool: Pool; readonly ledger: PoolLedger },
): readonly Difference[] {
  if (ledger.lines.size === 0) return [];
  const now = state.clock();
  const terms = { workspaceId: workspace.id, index: workspace.index };
  const opened = new PoolLedgers(state.database, state.clock, leavingNothing).of(pool, now, terms);
  const kept: Balance = balanceOf(opened.stateAt(now), now);
  const unlike = partsUnlike(kept, balanceOf(ledger.stateAt(now), now));
  if (unlike === null) return [];
  const example = `pool ${pool.id} on ${formatInstant(now)}: ${unlike}`;
  return [{ table: 'balance', keptOnly: 1, rebuiltOnly: 1, examples: [example] }];
}

/** The figures that two accounts of a pool tell otherwise; null where there are none. */
function partsUnlike<Account extends Balance | PoolCheckpoint>(kept: Account, rebuilt: Account): string | null {
  const texts = new Map(Object.entries(rebuilt).map(([part, value]) => [part, JSON.stringify(value)]));
  const unlike = Object.entries(kept).flatMap(([part, value]) => {
    const text = JSON.stringify(value);
    return text === texts.get(part) ? [] : [`${part} kept ${shortened(text)}, rebuilt ${shortened(texts.get(part))}`];
  });
  return unlike.length === 0 ? null : unlike.join('; ');
}

function shortened(text = 'nothing'): string {
  return text.length <= textMax ? text : `${text.slice(0, textMax)}…`;
}

/** A ledger that was opened to be checked leaves no checkpoints behind: they would repeat what is wrong. */
const leavingNothing: CheckpointPace = {
  linesWorthIt: Infinity,
  linesBetween: Infinity,
  linesBeforeEnd: [],
  linesHeldMax: Infinity,
  linesGrownMax: Infinity,
};
const examplesMax = 3;
const textMax = 200;
