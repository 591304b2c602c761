import { unreachable } from '../kernel/assert.ts';
import type { Instant } from '../kernel/instant.ts';
import { periodContaining, type LaterZone, type PeriodRule } from '../kernel/period.ts';
import { windowStart, type LocalDate } from '../kernel/time-zone.ts';
import type { Plan } from './catalogue.ts';

/** What a workspace brings to its plan's dates. */
export interface WorkspaceDates {
  /** Billing, sign-up or creation date, whichever the plan's reset goes by. */
  readonly anchor: LocalDate;
  /** The IANA zone that the workspace was made with; plans that reset in UTC ignore it. [K3] */
  readonly timeZone: string;
  /** The zones that came to hold later, oldest first. */
  readonly laterZones?: readonly LaterZone[];
}

/** How the plan's allotment periods are cut. A calendar month counts from the first day of the anchor's month. [K4] [K5] */
export function periodRuleOf(plan: Plan, { anchor, timeZone, laterZones = [] }: WorkspaceDates): PeriodRule {
  return {
    anchor: plan.reset.on === 'calendar-month' ? windowStart('month', anchor, 1) : anchor,
    months: plan.reset.everyMonths,
    ...(plan.reset.zone === 'UTC' ? { zone: 'UTC' } : { zone: timeZone }),
    ...(plan.reset.zone === 'UTC' || laterZones.length === 0 ? {} : { laterZones }),
  };
}

/**
 * From when on a change of seats counts for the allotment. A change exactly at a reset or billing date counts from
 * there. Billing dates come every month from the anchor. `fewer` asks for a change to fewer seats, which some plans
 * treat differently. [S1] [S2]
 */
export function seatChangeEffectiveAt(
  plan: Plan,
  workspace: WorkspaceDates,
  changedAt: Instant,
  fewer = false,
): Instant {
  const takesEffect = (fewer ? plan.seatChange.fewerTakeEffect : undefined) ?? plan.seatChange.takesEffect;
  const resets = periodRuleOf(plan, workspace);
  switch (takesEffect) {
    case 'now':
      return changedAt;
    case 'next-reset':
      return firstBoundaryFrom(resets, changedAt);
    case 'next-billing-date': {
      const billing = { ...resets, anchor: workspace.anchor, months: 1 };
      return firstBoundaryFrom(resets, firstBoundaryFrom(billing, changedAt));
    }
  }
  return unreachable(takesEffect);
}

function firstBoundaryFrom(rule: PeriodRule, at: Instant): Instant {
  const period = periodContaining(rule, at);
  return period.start === at ? at : period.end;
}
