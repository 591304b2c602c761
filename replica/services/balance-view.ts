import type { z } from 'zod';
import type { balanceInput } from '../../shared/bridge/inputs.ts';
import type { BalanceView, PoolView } from '../../shared/bridge/views.ts';
import { credits, type Credits } from '../../shared/kernel/credits.ts';
import type { Instant } from '../../shared/kernel/instant.ts';
import type { Balance } from '../../shared/ledger/balance.ts';
import { balanceOf } from '../../shared/ledger/balance-of.ts';
import { compareBurnOrder } from '../../shared/ledger/burn-order.ts';
import { periodAt } from '../../shared/ledger/schedule.ts';
import { hiddenPerson, peopleFor, type People } from './people.ts';
import { notFound, wrongField } from './problems.ts';
import { readInstant } from './reading.ts';
import type { Pool, ReplicaState } from './replica-state.ts';
import type { Workspace } from './workspace.ts';

/** The balance of a workspace or of one member's pool, now or at any instant. [G5] */
export function getBalance(state: ReplicaState, given: z.output<typeof balanceInput>): BalanceView {
  const workspace = state.workspace(given.workspaceId);
  const asOf = given.asOf === undefined ? 'now' : readInstant(given.asOf, 'asOf', workspace.timeZone);
  if (given.member === undefined) return balancesAt(state, workspace, asOf);
  if (!workspace.index.members.has(given.member)) throw notFound('member', given.member);
  const people = peopleFor(state, workspace);
  if (!people.person(given.member)) throw hiddenPerson();
  const pool = state.poolOf(workspace, given.member, asOf === 'now' ? state.clock() : asOf);
  if (pool.memberId === null) {
    throw wrongField('member', 'all members share one pool here; leave the member out');
  }
  const view = poolView(state, workspace, { pool, people, asOf });
  return { balance: view.balance, pools: [view] };
}

/**
 * Every pool that may be shown, and the sum of all: where there is one pool, the sum is that pool. Pools of people who
 * are hidden count in the sum alone.
 */
export function balancesAt(state: ReplicaState, workspace: Workspace, asOf: Instant | 'now'): BalanceView {
  const instantOf = asOf === 'now' ? state.clock() : asOf;
  const people = peopleFor(state, workspace);
  const all = state.poolsOf(workspace, instantOf).map((pool) => poolView(state, workspace, { pool, people, asOf }));
  const [only] = all;
  const balance = all.length === 1 && only ? only.balance : summedUp(workspace, instantOf, all);
  return { balance, pools: all.filter(({ memberId }) => memberId === null || people.person(memberId)) };
}

function poolView(
  state: ReplicaState,
  workspace: Workspace,
  given: { readonly pool: Pool; readonly people: People; readonly asOf: Instant | 'now' },
): PoolView {
  const { pool, people, asOf } = given;
  const { memberId } = pool;
  const folded = asOf === 'now' ? state.poolNow(workspace, pool) : state.poolAt(workspace, pool, asOf);
  return {
    poolId: pool.id,
    memberId,
    memberName: memberId === null ? null : people.names.member(memberId),
    balance: balanceOf(folded, asOf === 'now' ? state.clock() : asOf),
  };
}

function summedUp(workspace: Workspace, asOf: Instant, pools: readonly PoolView[]): Balance {
  const total = (pick: (balance: Balance) => Credits): Credits =>
    credits(pools.reduce((sum, { balance }) => sum + pick(balance), 0));
  const { start, end } = periodAt(workspace.index, asOf);
  return {
    poolId: '',
    asOf,
    period: { start, end },
    allotted: total((balance) => balance.allotted),
    used: total((balance) => balance.used),
    held: total((balance) => balance.held),
    available: total((balance) => balance.available),
    overage: total((balance) => balance.overage),
    lapsedInPeriod: total((balance) => balance.lapsedInPeriod),
    lapsed: total((balance) => balance.lapsed),
    voided: total((balance) => balance.voided),
    grantedEver: total((balance) => balance.grantedEver),
    usedEver: total((balance) => balance.usedEver),
    overageEver: total((balance) => balance.overageEver),
    grants: pools.flatMap(({ balance }) => balance.grants).toSorted(compareBurnOrder),
  };
}
