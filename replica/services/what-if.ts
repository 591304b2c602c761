import type { z } from 'zod';
import type { cheapestInput, whatIfInput } from '../../shared/bridge/advice-inputs.ts';
import type {
  CheapestView,
  OutcomeRow,
  PurchaseView,
  WhatIfChoices,
  WhatIfView,
} from '../../shared/bridge/advice-views.ts';
import { getThroughInSteps, type GetThrough } from '../../shared/advice/get-through.ts';
import { asToday, onlyPart, partsOf, type Scenario } from '../../shared/advice/scenario.ts';
import { dayMs, seatsOn, termsUnder } from '../../shared/advice/supply.ts';
import {
  inputUnder,
  laterPeriodOf,
  outcomeInSteps,
  type NoOutcome,
  type Situation,
} from '../../shared/advice/what-if.ts';
import { allotmentOf } from '../../shared/catalogue/allotment.ts';
import type { Pack } from '../../shared/catalogue/catalogue.ts';
import { figure } from '../../shared/catalogue/figure.ts';
import { versionInForce } from '../../shared/catalogue/lookup.ts';
import { credits, noCredits } from '../../shared/kernel/credits.ts';
import { money } from '../../shared/kernel/money.ts';
import { addDays, dayOf } from '../../shared/kernel/time-zone.ts';
import { holdingAt } from '../../shared/ledger/change.ts';
import { periodAt, planAt } from '../../shared/ledger/schedule.ts';
import { inTurns, shortTurnMs, takingTurns } from './import-turns.ts';
import { peopleFor, type People } from './people.ts';
import { readScenario, sentenceOfAllotment, situationOf, useUnder, wholeOf } from './advice-situation.ts';
import { wrongField } from './problems.ts';
import type { ReplicaState } from './replica-state.ts';
import type { Workspace } from './workspace.ts';

/** Today beside what would be: each change alone, and all of them together. Others are answered in between. */
export async function whatIf(state: ReplicaState, given: z.output<typeof whatIfInput>): Promise<WhatIfView> {
  const workspace = state.workspace(given.workspaceId);
  const giveWay = takingTurns(() => undefined, shortTurnMs);
  const scenario = readScenario(state, workspace, given.scenario);
  const situation = situationOf(state, workspace);
  await giveWay();
  const { asOf } = situation.balance;
  const parts = partsOf(scenario);
  const [first] = parts;
  const laterFrom = laterPeriodOf(workspace.index, scenario, asOf);
  const asked: readonly (readonly [id: OutcomeRow['id'], tried: Scenario])[] = [
    ['today', asToday],
    ...(parts.length > 1 ? parts.map((part) => [part, onlyPart(scenario, part)] as const) : []),
    ...(first === undefined ? [] : [[parts.length === 1 ? first : 'all', scenario] as const]),
  ];
  const rows: OutcomeRow[] = [];
  for (const [id, tried] of asked) {
    const use = useUnder(state, workspace, { scenario: tried, situation });
    await giveWay();
    const answer = await inTurns(outcomeInSteps(situation, tried, { use, laterFrom }), giveWay);
    rows.push(
      answer.ok
        ? { id, outcome: answer.value, problem: null }
        : { id, outcome: null, problem: sentenceOf(workspace, tried, answer.error, situation) },
    );
  }
  return {
    asOf,
    limit: planAt(workspace.index, asOf).plan.limit.kind,
    rows,
    choices: choicesOf(workspace, situation, peopleFor(state, workspace)),
  };
}

function sentenceOf(workspace: Workspace, scenario: Scenario, failure: NoOutcome, { balance }: Situation): string {
  const { version } = versionInForce(workspace.catalogue, balance.asOf);
  const { plan } = planAt(workspace.index, balance.asOf);
  if (failure.code === 'no-figure') {
    const name = version.plans.find((known) => known.id === scenario.planId)?.name ?? plan.name;
    return sentenceOfAllotment(name, failure.problem);
  }
  const name = version.packs.find((known) => known.id === failure.packId)?.name ?? failure.packId;
  return failure.code === 'unknown-pack'
    ? `${workspace.catalogue.name} sells no pack “${name}”.`
    : `The platform publishes no amount for the pack ${name}. Enter it with the platform’s figures, or try credits from elsewhere.`;
}

function choicesOf(workspace: Workspace, situation: Situation, people: People): WhatIfChoices {
  const { index } = workspace;
  const { asOf } = situation.balance;
  const { plan } = planAt(index, asOf);
  const { version } = versionInForce(workspace.catalogue, asOf);
  const entered = holdingAt(index.entered, asOf)?.credits ?? null;
  const members = [...index.members.values()].flatMap((dated) => holdingAt(dated, asOf)?.member ?? []);
  const seats =
    plan.poolScope === 'member' && members.length > 0
      ? countBy(members.flatMap((one) => (one.active ? one.role : [])))
      : (holdingAt(index.seats, asOf)?.seatsByRole ?? {});
  return {
    planId: plan.id,
    plans: version.plans.map((one) => ({
      id: one.id,
      name: one.name,
      needsAllotment:
        one.poolScope !== 'member' &&
        !allotmentOf(one.allotment, { seats: seatsOn(one, seats), periodNumber: 1, entered }).ok,
      price: situation.planPrices[one.id] ?? null,
    })),
    seats: plan.roles
      .filter((role) => role.takesSeat)
      .map((role) => ({ role: role.id, roleName: role.name, seats: seats[role.id] ?? 0 })),
    packs: packsOn(workspace, situation).map(({ id, name, credits: amount, price }) => ({
      id,
      name,
      credits: amount === null ? null : figure(amount),
      price: price === null ? null : money(price.minorUnits, price.currency),
    })),
    sold: plan.packs.sold,
    teams: [...index.teams].flatMap(([id, dated]) => {
      const team = holdingAt(dated, asOf);
      // What would change without a team tells what it uses: one that is not shown is not offered. [V2]
      if (!team || team.deleted || people.team(id) !== id) return [];
      return [{ id, name: team.name, members: members.filter((one) => one.active && one.teamId === id).length }];
    }),
  };
}

function countBy(roles: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const role of roles) counts[role] = (counts[role] ?? 0) + 1;
  return counts;
}

function packsOn({ catalogue, index }: Workspace, { balance }: Situation): readonly Pack[] {
  const { plan } = planAt(index, balance.asOf);
  return versionInForce(catalogue, balance.asOf).version.packs.filter((pack) => plan.packs.ids.includes(pack.id));
}

/** The packs, and their days, with which the credits last at the least price. */
export async function cheapest(state: ReplicaState, given: z.output<typeof cheapestInput>): Promise<CheapestView> {
  const giveWay = takingTurns(() => undefined, shortTurnMs);
  const workspace = state.workspace(given.workspaceId);
  const scenario = { ...readScenario(state, workspace, given.scenario ?? {}), packs: [], extra: null };
  const sureness = given.sureness ?? 'safe';
  const situation = situationOf(state, workspace);
  await giveWay();
  const { asOf, grants, period } = situation.balance;
  const today = dayOf(asOf, workspace.timeZone);
  const tried = termsUnder(workspace.index, scenario, asOf);
  let untilAt = periodAt(tried.index, asOf).end;
  for (let resets = 1; resets < (given.resets ?? 1); resets++) untilAt = periodAt(tried.index, untilAt).end;
  const untilDays = (untilAt - asOf) / dayMs;
  if (untilDays > untilDaysMax) throw wrongField('resets', 'reach further than a forecast does');
  const { plan } = planAt(tried.index, asOf);
  const { plan: later } = planAt(tried.index, periodAt(tried.index, asOf).end);
  const offeredBy = scenario.planId === null ? plan : later;
  const packs = versionInForce(workspace.catalogue, asOf).version.packs.filter((pack) =>
    offeredBy.packs.ids.includes(pack.id),
  );
  const frame = {
    asOf,
    untilAt,
    sureness,
    limit: plan.limit.kind,
    sold: offeredBy.packs.sold,
    onlyWhenUsedUp: offeredBy.packs.onlyWhenUsedUp,
  };
  const use = useUnder(state, workspace, { scenario, situation });
  const made = inputUnder(situation, scenario, { tried, packs: [], use });
  await giveWay();
  if (!made.ok) {
    const problem = sentenceOfAllotment(later.name, made.error);
    const nothing = {
      short: noCredits,
      firstShortOn: null,
      ofOneKind: [],
      leftOut: [],
      lasts: { without: null, with: null },
    };
    return { ...frame, ...nothing, quality: 'none', answer: { kind: 'no-figure', problem } };
  }
  const steps = getThroughInSteps({
    input: made.value.under,
    today,
    untilDays,
    sureness: sureness === 'safe' ? 'p90' : 'p50',
    plan: offeredBy,
    packs: offeredBy.packs.sold === 'no' ? [] : packs,
    lasting: grants
      .filter((grant) => grant.expiresAt === null || grant.expiresAt > period.end)
      .map((grant) => ({
        credits: (grant.remaining - grant.held) / 1e6,
        lapsesOn: grant.expiresAt === null ? null : dayOf(grant.expiresAt, workspace.timeZone),
      })),
  });
  const through = await inTurns(steps, giveWay);
  return { ...frame, ...cheapestFigures(through, { packs, today }) };
}

const untilDaysMax = 390;

function cheapestFigures(
  through: GetThrough,
  { packs, today }: { readonly packs: readonly Pack[]; readonly today: string },
): Pick<CheapestView, 'quality' | 'short' | 'firstShortOn' | 'answer' | 'ofOneKind' | 'leftOut' | 'lasts'> {
  const { choice, currency, quality } = through;
  const packOf = (id: string): Pack | undefined => packs.find((pack) => pack.id === id);
  const nameOf = (id: string): string => packOf(id)?.name ?? id;
  const amountOf = (id: string, count: number) => credits(figure(packOf(id)?.credits ?? '0') * count);
  const priceOf = (minorUnits: number) => (currency === null ? null : money(minorUnits, currency));
  const purchases = (): readonly PurchaseView[] =>
    choice.ok
      ? choice.value.purchases.map(({ packId, day, count }, place) => ({
          packId,
          packName: nameOf(packId),
          count,
          credits: amountOf(packId, count),
          price: priceOf((packOf(packId)?.price?.minorUnits ?? 0) * count),
          on: addDays(today, day),
          earliest: through.earliest[place] ?? addDays(today, day),
        }))
      : [];
  const short = wholeOf(Math.ceil(through.short));
  const answer = (): CheapestView['answer'] => {
    if (quality === 'none' || quality === 'pace-only') return { kind: 'too-early' };
    if (!choice.ok) return { kind: choice.error };
    if (choice.value.packs === 0) return { kind: 'nothing-short' };
    const left = credits(Math.max(0, choice.value.credits - short));
    return {
      kind: 'buy',
      purchases: purchases(),
      price: priceOf(choice.value.price),
      credits: credits(choice.value.credits),
      left,
    };
  };
  return {
    quality,
    short,
    firstShortOn: through.firstShortOn,
    answer: answer(),
    ofOneKind: through.ofOneKind.map(({ packId, count, price }) => ({
      packName: nameOf(packId),
      count,
      price: priceOf(price),
      credits: amountOf(packId, count),
    })),
    leftOut: through.leftOut.map(({ packId, reason }) => ({ packName: nameOf(packId), reason })),
    lasts: through.lasts,
  };
}
