import { assert } from '../../shared/kernel/assert.ts';
import { priceOf, type Price } from '../../shared/catalogue/price.ts';
import { microPerUnit, quantity, wholeCredits } from '../../shared/kernel/credits.ts';
import { formatInstant, instant, type Instant } from '../../shared/kernel/instant.ts';
import { seededRandom } from '../../shared/kernel/random.ts';
import { addDays, addMonths, dayOf, startOfDay, weekdayOf } from '../../shared/kernel/time-zone.ts';
import { capSubject, holdingAt, type Change } from '../../shared/ledger/change.ts';
import { periodAt, planAt } from '../../shared/ledger/schedule.ts';
import type { Grant } from '../../shared/ledger/transaction.ts';
import { forgetDays } from '../projections/usage-rollup.ts';
import { createWorkspace } from './create-workspace.ts';
import { changeOf } from './dated-changes.ts';
import { confirmOrder, createOrder } from './orders.ts';
import { problem } from './problems.ts';
import type { Actor, ReplicaState } from './replica-state.ts';
import { playSample, type SampleStory } from './sample-play.ts';
import { sampleActions, sampleDays, sampleMembers, sampleTeams, type SampleAction } from './sample-script.ts';
import type { Workspace } from './workspace.ts';

/**
 * Makes a team that never was, with a hundred days of use up to now: to look at, and to remove with one click. Its
 * members, orders, caps and lines are marked as sample data.
 */
export async function createSample(state: ReplicaState): Promise<{ readonly workspaceId: string }> {
  const { timeZone } = state.options;
  const now = state.clock();
  const today = dayOf(now, timeZone);
  const { workspaceId } = await createWorkspace(
    state,
    {
      name: sampleName,
      platform: 'piktochart',
      plan: 'business',
      seats: { member: sampleMembers.length },
      // Two thirds of the running month are over, and everything lies in months that the plan has seen.
      anchor: addMonths(addDays(today, -daysIntoMonth), -monthsBefore),
      timeZone,
      members: sampleMembers.map(({ name, team }) => ({ name, role: 'member', team: sampleTeams[team] })),
      me: 0,
    },
    actor,
    { sample: true },
  );
  try {
    await state.appendChanges(workspaceId, sampleChanges(state, state.workspace(workspaceId), now));
    await writeHistory(state, workspaceId, now);
  } catch (error) {
    await removeSample(state, workspaceId);
    throw error;
  }
  return { workspaceId };
}

/** Removes everything of a sample team, and nothing else: what people entered is never deleted. */
export async function removeSample(state: ReplicaState, workspaceId: string): Promise<{ readonly removed: boolean }> {
  const workspace = state.workspace(workspaceId);
  if (!workspace.sample) {
    throw problem('refused', `“${workspace.name}” is no sample team, and only those can be removed.`, {
      todo: 'Leave it as it is.',
    });
  }
  const { rx } = state.database;
  const selector = { workspaceId };
  // The workspace goes last: whatever cuts this off, what is left can be removed again.
  const collections = [
    rx.transactions,
    rx.changes,
    rx.pools,
    rx.orders,
    rx.readings,
    rx.refusals,
    rx.settings,
    rx.workspaces,
  ];
  for (const collection of collections) {
    const documents = await collection.find({ selector }).exec();
    await collection.bulkRemove(documents.map((document) => document.primary));
    // Nobody else has ever seen these documents, so not even their graves are kept.
    let clean = false;
    while (!clean) clean = await collection.storageInstance.cleanup(0);
  }
  forgetDays(state.database.connection, workspaceId);
  state.forgetWorkspace(workspaceId);
  return { removed: true };
}

/** Caps, and a member who has moved to another team. [E3] [L4] */
function sampleChanges(state: ReplicaState, workspace: Workspace, now: Instant): readonly Change[] {
  const daysAgo = (days: number): Instant =>
    startOfDay(addDays(dayOf(now, workspace.timeZone), -days), workspace.timeZone);
  const change = (subject: string, effectiveFrom: Instant, value: Change['value'], reason: string): Change =>
    changeOf(state, { workspaceId: workspace.id, subject, effectiveFrom, value, reason }, actor);
  const [, , , mover] = [...workspace.index.members];
  const teamIds = [...workspace.index.teams.keys()];
  assert(mover && teamIds[0] && teamIds[3], 'A sample team has members and four teams');
  const [moverId, dated] = mover;
  const member = holdingAt(dated, now)?.member;
  assert(member, 'A sample member has a beginning');
  const cap = (credits: number): Change['value'] => ({ kind: 'cap', credits: wholeCredits(credits), until: null });
  return [
    change(capSubject('member-default', null, 'period'), daysAgo(60), cap(4000), 'So that the pool lasts for all'),
    change(capSubject('team', teamIds[3], 'period'), daysAgo(34), cap(1500), 'Agreed with the team'),
    change(moverId, daysAgo(50), { kind: 'member', member: { ...member, teamId: teamIds[3] } }, 'Moved teams'),
  ];
}

/** A pack is bought the day after the pool first ran dry; then everything that happened is written at once. [P4] */
async function writeHistory(state: ReplicaState, workspaceId: string, now: Instant): Promise<void> {
  const workspace = state.workspace(workspaceId);
  const pool = state.poolOf(workspace, null, now);
  const thisMonth = periodAt(workspace.index, now);
  const monthBefore = periodAt(workspace.index, instant(thisMonth.start - dayMs));
  const dryMonth = periodAt(workspace.index, instant(monthBefore.start - dayMs));
  const storyOf = (seed: number): SampleStory => ({
    workspace,
    pool,
    schedule: state.scheduleOf(workspace, pool),
    actions: sampleActions({
      random: seededRandom(seed),
      now,
      zone: workspace.timeZone,
      // One month was too much for the pool; since then the team looks after it, and grows.
      paceOf: (day) => {
        const at = startOfDay(day, workspace.timeZone);
        if (at < dryMonth.start) return 0.85;
        if (at < dryMonth.end) return 1.2;
        return at < thisMonth.start ? 0.95 : 1.1;
      },
    }),
    dryMonth,
    freshId: state.ids.fresh,
    priceOf: (action) => priceIn(workspace, action),
    now,
  });
  // Which weekdays a month has decides whether its pool runs dry: the first story in which it does is told.
  const stories = seeds.map(storyOf);
  const story = stories.find((candidate) => playSample(candidate, null).dryAt !== null) ?? stories[0];
  assert(story, 'There is a story');
  const { dryAt } = playSample(story, null);
  const pack = dryAt === null ? null : await buyPack(state, workspace, dryAt);
  await state.appendLines(workspaceId, playSample(story, pack).lines);
}

function priceIn({ index, catalogue }: Workspace, action: SampleAction): Price {
  const { feature, at } = action;
  const amount = quantity(action.quantity * microPerUnit);
  const price = priceOf(catalogue, planAt(index, at).plan, { feature, variant: null, quantity: amount, at });
  assert(price.ok, `The catalogue prices ${feature}`);
  return price.value;
}

async function buyPack(state: ReplicaState, workspace: Workspace, dryAt: Instant): Promise<Grant | null> {
  const zone = workspace.timeZone;
  let day = addDays(dayOf(dryAt, zone), 1);
  while (weekdayOf(day) > 5) day = addDays(day, 1);
  const boughtAt = instant(startOfDay(day, zone) + 9.5 * hourMs);
  const at = formatInstant(boughtAt);
  const note = 'The pool ran dry before the reset';
  const { orderId } = await createOrder(state, { workspaceId: workspace.id, pack: 'booster', at, note }, actor);
  await confirmOrder(state, { orderId, at, reference: 'Sample invoice 1' });
  const grant = state.line(orderId);
  return grant?.kind === 'grant' ? grant : null;
}

const sampleName = 'Sample team Lighthouse';
const actor: Actor = { memberId: null, origin: 'sample' };
const seeds: readonly number[] = [20_261_120, 20_261_121, 20_261_122, 20_261_123];
const daysIntoMonth = 19;
/** The anchor lies before the first use. */
const monthsBefore = Math.ceil(sampleDays / 28) + 1;
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
