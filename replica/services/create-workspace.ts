import type { z } from 'zod';
import type { workspaceCreateInput } from '../../shared/bridge/inputs.ts';
import type { Issue } from '../../shared/bridge/problem.ts';
import type { Catalogue, Plan } from '../../shared/catalogue/catalogue.ts';
import { allotmentOf } from '../../shared/catalogue/allotment.ts';
import { findPlan, versionInForce } from '../../shared/catalogue/lookup.ts';
import { noCredits, type Credits } from '../../shared/kernel/credits.ts';
import type { Change } from '../../shared/ledger/change.ts';
import { startOfDay } from '../../shared/kernel/time-zone.ts';
import type { Transaction } from '../../shared/ledger/transaction.ts';
import type { WorkspaceRecord } from '../../shared/ledger/workspace-record.ts';
import { changeOf } from './dated-changes.ts';
import { memberChanges } from './members.ts';
import { readRecurringCredits } from './countable.ts';
import { wrongField, wrongInput } from './problems.ts';
import { readCredits, readDate, readInstant, readTimeZone } from './reading.ts';
import { openingLine, refuseWherePoolsArePersonal, writeReading } from './readings.ts';
import type { Actor, ReplicaState } from './replica-state.ts';
import { setMe } from './settings.ts';

type WorkspaceCreate = z.output<typeof workspaceCreateInput>;

/** Makes a workspace with its plan, seats, add-ons and members, all or nothing. */
export async function createWorkspace(
  state: ReplicaState,
  given: WorkspaceCreate,
  actor: Actor,
  options: { readonly sample: boolean } = { sample: false },
): Promise<{ readonly workspaceId: string }> {
  const { catalogue, plan } = choiceOf(state, given);
  const timeZone = readTimeZone(given.timeZone, 'timeZone');
  const anchor = readDate(given.anchor, 'anchor');
  const record: WorkspaceRecord = {
    id: state.ids.fresh(),
    name: given.name ?? `${catalogue.name} ${plan.name}`,
    platform: catalogue.platform,
    anchor,
    timeZone,
    weekStart: given.weekStart ?? 1,
    sample: options.sample,
    createdAt: state.clock(),
  };
  const start = startOfDay(anchor, timeZone);
  const me = given.me === undefined ? null : (given.members?.[given.me] ?? null);
  if (given.me !== undefined && !me) throw wrongField('me', 'names nobody in the list of members');
  const changes: Change[] = [];
  const dated = (value: Change['value'], subject = ''): void => {
    changes.push(changeOf(state, { workspaceId: record.id, subject, effectiveFrom: start, value }, actor));
  };
  dated({ kind: 'plan', planId: plan.id });
  const seats = seatsFor(plan, given.seats);
  dated({ kind: 'seats', seatsByRole: seats });
  // Only what was said is written down: a later figure counts from the start of a period that may begin before the
  // anchor, and a *nothing* dated at the anchor would end it again.
  const entered = enteredFor(plan, given.enteredAllotment);
  checkAllotment(plan, { seats, entered });
  if (entered !== null && publishes(plan, seats)) {
    throw wrongField('enteredAllotment', 'is only for seats without a published figure; these have one');
  }
  if (entered !== null) dated({ kind: 'entered-allotment', credits: entered });
  for (const [id, on] of addOnsFor(plan, given.addOns)) dated({ kind: 'add-on', on, creditsPerPeriod: null }, id);
  changes.push(
    ...memberChanges(
      state,
      {
        workspaceId: record.id,
        plan,
        index: null,
        drafts: given.members ?? [],
        at: start,
        firstAccess: given.me ?? null,
      },
      actor,
    ),
  );
  const lines = await openingLines(state, given, { record, plan, actor });
  await state.addWorkspace(record, changes, lines);
  const meChange =
    me && changes.find((change) => change.value.kind === 'member' && change.value.member.access === 'company-admin');
  if (meChange) await setMe(state, record.id, meChange.subject);
  return { workspaceId: record.id };
}

/** The platform and the plan that were chosen. */
function choiceOf(state: ReplicaState, given: WorkspaceCreate): { readonly catalogue: Catalogue; readonly plan: Plan } {
  const catalogue = state.catalogues().find((known) => known.platform === given.platform);
  if (!catalogue) {
    const known = state.catalogues().map((candidate) => candidate.platform);
    throw wrongField('platform', `“${given.platform}” is not known; there are ${known.join(', ')}`);
  }
  const { version } = versionInForce(catalogue, state.clock());
  const plan = findPlan(version, given.plan);
  if (!plan) {
    const known = version.plans.map((candidate) => candidate.id).join(', ');
    throw wrongField('plan', `“${given.plan}” is no plan of ${catalogue.name}; it has ${known}`);
  }
  return { catalogue, plan };
}

/** Takes the opening reading, and returns what it books. [G13] */
async function openingLines(
  state: ReplicaState,
  given: WorkspaceCreate,
  workspace: { readonly record: WorkspaceRecord; readonly plan: Plan; readonly actor: Actor },
): Promise<readonly Transaction[]> {
  if (!given.openingReading) return [];
  const { record, plan, actor } = workspace;
  refuseWherePoolsArePersonal(plan, 'openingReading.used');
  const at = readInstant(given.openingReading.at, 'openingReading.at', record.timeZone);
  const used = readCredits(given.openingReading.used, 'openingReading.used');
  const readingId = await writeReading(state, { workspaceId: record.id, at, used });
  if (used === noCredits) return [];
  const poolId = state.ids.ofName(`pool/${record.id}/`);
  return [openingLine(state, { workspaceId: record.id, poolId, at, used, readingId }, actor)];
}

/** Seats per role that takes one; a single `*` goes to the first such role. Roles without a seat are refused. [S3] */
export function seatsFor(plan: Plan, seats: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  const roles = plan.roles.filter((role) => role.takesSeat).map((role) => role.id);
  const first = roles[0];
  const issues: Issue[] = [];
  const byRole: Record<string, number> = {};
  for (const [role, count] of Object.entries(seats)) {
    const id = role === anyRole ? first : role;
    if (id === undefined || !roles.includes(id)) {
      const known = roles.join(', ') || 'no roles with a seat';
      issues.push({ path: `seats.${role}`, message: `“${role}” takes no seat in ${plan.name}; it has ${known}` });
      continue;
    }
    byRole[id] = (byRole[id] ?? 0) + count;
  }
  if (issues.length > 0) throw wrongInput(issues);
  return byRole;
}

/** Stands for *the* seats of a plan that does not tell roles apart. */
const anyRole = '*';

/** Beyond the brackets that a plan publishes, the contract's figure is needed: nothing is extrapolated. */
export function checkAllotment(
  plan: Plan,
  given: { readonly seats: Readonly<Record<string, number>>; readonly entered: Credits | null },
): void {
  if (plan.allotment.rule !== 'by-seat-bracket') return;
  const published = allotmentOf(plan.allotment, { seats: given.seats, periodNumber: 0, entered: null });
  if (!published.ok && published.error.code === 'not-published' && given.entered === null) {
    const { seats, publishedUpTo } = published.error;
    throw wrongField(
      'enteredAllotment',
      `is needed: ${plan.name} publishes no figure for ${seats} seats (the last is for ${publishedUpTo}); enter the credits of the contract`,
    );
  }
}

function publishes(plan: Plan, seats: Readonly<Record<string, number>>): boolean {
  const { allotment } = plan;
  return allotment.rule === 'by-seat-bracket' && allotmentOf(allotment, { seats, periodNumber: 0, entered: null }).ok;
}

export function enteredFor(plan: Plan, text: string | undefined) {
  if (text === undefined || text === '') return null;
  const { rule } = plan.allotment;
  if (rule !== 'entered' && rule !== 'by-seat-bracket') {
    throw wrongField('enteredAllotment', `is only for plans without a published figure; ${plan.name} publishes one`);
  }
  return readRecurringCredits(text, 'enteredAllotment');
}

function addOnsFor(plan: Plan, chosen: readonly string[] | undefined): readonly (readonly [string, boolean])[] {
  if (chosen === undefined) return [];
  const unknown = chosen.find((id) => !plan.addOns.some((addOn) => addOn.id === id));
  if (unknown !== undefined) {
    const known = plan.addOns.map((addOn) => addOn.id).join(', ') || 'none';
    throw wrongField('addOns', `“${unknown}” is no add-on of ${plan.name}; it has ${known}`);
  }
  return plan.addOns
    .map((addOn) => [addOn.id, chosen.includes(addOn.id)] as const)
    .filter(([id, on]) => on || plan.addOns.some((addOn) => addOn.id === id && addOn.onByDefault));
}
