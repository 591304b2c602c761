// What a plan of a catalogue allots, when it resets and what its limit means, in sentences.
import type { Catalogue, CatalogueVersion, Plan } from '../../shared/catalogue/catalogue.ts';
import { add, multiply, noCredits, parseCredits, quantity, type Credits } from '../../shared/kernel/credits.ts';
import { compareText } from '../../shared/kernel/id.ts';
import type { LocalDate } from '../../shared/kernel/time-zone.ts';
import { formatCount, formatCredits, formatCreditsWithUnit, formatList } from './figures.tsx';
import { planStrings as strings } from './plan-strings.ts';

/** The version of the catalogue in force on a day; before the first one, the earliest. Of two with one date the later holds. [C1] */
export function versionOn(catalogue: Catalogue, date: LocalDate): CatalogueVersion | undefined {
  const byDate = catalogue.versions.toSorted((left, right) => compareText(left.effectiveFrom, right.effectiveFrom));
  return byDate.findLast(({ effectiveFrom }) => effectiveFrom <= date) ?? byDate[0];
}

/** A figure of a catalogue, which the schema has checked already; null for what is no figure. */
export function catalogueCredits(text: string): Credits | null {
  const parsed = parseCredits(text);
  return parsed.ok ? parsed.value.value : null;
}

/** Whether a price is missing that the user has to fill in. */
export function hasUnpricedRate(version: CatalogueVersion): boolean {
  return version.features.some((feature) => feature.rates.some((rate) => rate.credits === null));
}

/** The roles whose seats the plan counts one by one, or the one role that stands for all seats. */
export function seatRoles(plan: Plan): readonly { readonly id: string; readonly name: string }[] {
  const nameOf = (id: string) => plan.roles.find((role) => role.id === id)?.name ?? id;
  const { allotment } = plan;
  if (allotment.rule === 'per-seat') return allotment.perRole.map(({ role }) => ({ id: role, name: nameOf(role) }));
  const role = plan.roles.find(({ takesSeat }) => takesSeat);
  return role === undefined ? [] : [{ id: role.id, name: strings.seats }];
}

/** What the plan allots, as a sentence: `3,000 credits per editor, 600 per guest editor, each month`. */
export function describeAllotment(plan: Plan): string {
  const { allotment } = plan;
  const every = everySoOften(plan.reset.everyMonths);
  switch (allotment.rule) {
    case 'by-seat-bracket': {
      const amounts = allotment.brackets.flatMap(({ credits }) => catalogueCredits(credits) ?? []);
      const [least, most] = [Math.min(...amounts), Math.max(...amounts)];
      const from = amounts.find((amount) => amount === least);
      const to = amounts.find((amount) => amount === most);
      if (from === undefined || to === undefined) return strings.bySeats({ every });
      return strings.byBracket({ from: formatCredits(from), to: formatCreditsWithUnit(to), every });
    }
    case 'per-seat': {
      const parts = allotment.perRole.map(({ role, credits }) => {
        const name = plan.roles.find(({ id }) => id === role)?.name ?? role;
        return strings.perRole({ credits: figure(credits), role: name });
      });
      const sentence = `${formatList(parts)} ${every}`;
      return plan.poolScope === 'member' ? strings.ownPools({ sentence }) : strings.sharedPool({ sentence });
    }
    case 'fixed':
      return allotment.firstPeriod === undefined
        ? strings.fixed({ credits: withUnit(allotment.credits), every })
        : strings.fixedWithFirst({ credits: withUnit(allotment.credits), every, first: figure(allotment.firstPeriod) });
    case 'entered':
      return strings.entered;
    case 'none':
      return strings.none;
  }
}

/** `Resets on day 1 of each calendar month (UTC)`. */
export function describeReset(plan: Plan, anchorName: string): string {
  const { on, everyMonths, zone } = plan.reset;
  const at = zone === 'UTC' ? strings.utc : strings.workspaceZone;
  const months = formatCount(everyMonths);
  if (on === 'calendar-month') {
    return everyMonths === 1
      ? strings.resetOnMonth.month({ zone: at })
      : strings.resetOnMonth.months({ months, zone: at });
  }
  if (everyMonths === 1) return strings.resetOnAnchor.month({ anchor: anchorName, zone: at });
  return everyMonths === 12
    ? strings.resetOnAnchor.year({ anchor: anchorName, zone: at })
    : strings.resetOnAnchor.months({ months, anchor: anchorName, zone: at });
}

/** `a month`, `a year`, `every 3 months`. */
export function everySoOften(months: number): string {
  if (months === 1) return strings.every.month;
  return months === 12 ? strings.every.year : strings.every.months({ months: formatCount(months) });
}

export function describeLimit(kind: Plan['limit']['kind']): string {
  return kind === 'soft' ? strings.soft : strings.hard;
}

/** What seats bring each period: an amount, or why there is none to tell. */
export type SeatsBring =
  | { readonly kind: 'amount'; readonly credits: Credits; readonly explanation: string }
  | { readonly kind: 'entered' }
  | { readonly kind: 'unpublished'; readonly seatsMax: number }
  | { readonly kind: 'nothing' };

/** What so many seats per role bring each period under this plan, before an entered figure. */
export function seatsBring(plan: Plan, seats: Readonly<Record<string, number>>): SeatsBring {
  const { allotment } = plan;
  switch (allotment.rule) {
    case 'per-seat': {
      let total: Credits = noCredits;
      const terms: string[] = [];
      for (const { role, credits: text } of allotment.perRole) {
        const count = seats[role] ?? 0;
        const product = multiply(catalogueCredits(text) ?? noCredits, quantity(count * 1_000_000));
        if (count === 0 || product === undefined) continue;
        total = add(total, product);
        terms.push(`${formatCount(count)} × ${figure(text)}`);
      }
      return { kind: 'amount', credits: total, explanation: terms.join(' + ') };
    }
    case 'by-seat-bracket': {
      const count = Object.values(seats).reduce((total, number) => total + number, 0);
      const bracket = allotment.brackets.find(({ from, to }) => count >= from && count <= to);
      if (bracket !== undefined) {
        const explanation = strings.bracket({ from: formatCount(bracket.from), to: formatCount(bracket.to) });
        return { kind: 'amount', credits: catalogueCredits(bracket.credits) ?? noCredits, explanation };
      }
      const seatsMax = Math.max(...allotment.brackets.map(({ to }) => to));
      return count > seatsMax ? { kind: 'unpublished', seatsMax } : { kind: 'nothing' };
    }
    case 'fixed':
      return { kind: 'amount', credits: catalogueCredits(allotment.credits) ?? noCredits, explanation: '' };
    case 'entered':
      return { kind: 'entered' };
    case 'none':
      return { kind: 'nothing' };
  }
}

function figure(text: string): string {
  const value = catalogueCredits(text);
  return value === null ? text : formatCredits(value);
}

function withUnit(text: string): string {
  const value = catalogueCredits(text);
  return value === null ? text : formatCreditsWithUnit(value);
}
