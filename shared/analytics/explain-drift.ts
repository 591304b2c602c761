import { add, credits, greatest, least, multiply, negate, noCredits, subtract, sum } from '../kernel/credits.ts';
import type { Credits, Quantity } from '../kernel/credits.ts';
import { compareText } from '../kernel/id.ts';
import type { Instant } from '../kernel/instant.ts';
import type { LocalDate } from '../kernel/time-zone.ts';

/**
 * Why a reading and the ledger differ, as far as the ledger itself shows it. The gap is cut into parts that add up to
 * it: what was there before, what likely causes would account for, and the rest, which is said to be unexplained. A
 * cause is named by feature and day only, and never by person. [G13] [V1]
 */

/** Use that the ledger counts in the span of a reading: a use, a capture, or what was given back of one. */
export interface CountedUse {
  readonly id: string;
  /** The use that this takes back or adds to; null for one that stands by itself. */
  readonly linkedId: string | null;
  readonly at: Instant;
  readonly day: LocalDate;
  readonly recordedAt: Instant;
  readonly source: 'hand' | 'import' | 'reading';
  readonly featureId: string | null;
  readonly variant: string | null;
  /** Who: only compared, to tell two people doing the same from one entry made twice. */
  readonly who: string | null;
  /** Negative gives back. */
  readonly credits: Credits;
  /** null where credits were metered or there is none. */
  readonly quantity: Quantity | null;
}

/** Credits that were set aside and not resolved when the reading was taken. [H6] */
export interface PendingHold {
  readonly day: LocalDate;
  readonly featureId: string | null;
  readonly credits: Credits;
}

/** A feature whose price changed within the span. */
export interface RateChange {
  readonly at: Instant;
  readonly featureId: string;
  readonly variant: string | null;
  readonly before: Credits;
  readonly after: Credits;
}

export interface DriftQuestion {
  /** The reading minus the ledger without what was booked for the reading itself. */
  readonly gap: Credits;
  /** What the reading before leaves open in the same period; 0 without one. */
  readonly carried: Credits;
  /** When the reading was entered. */
  readonly enteredAt: Instant;
  readonly uses: readonly CountedUse[];
  readonly pending: readonly PendingHold[];
  readonly rates: readonly RateChange[];
  /** Whole days of the span on which the team works. */
  readonly workDays: readonly LocalDate[];
  /** All days of the span, in order. */
  readonly days: readonly LocalDate[];
  /** What the platform says by feature, of the whole period; null where nobody has entered it. */
  readonly stated: ReadonlyMap<string, Credits> | null;
  /** What the ledger counts by feature, in the whole period up to the reading. */
  readonly ledgerByFeature: ReadonlyMap<string | null, Credits>;
}

export type DriftCause = 'entered-twice' | 'pending-holds' | 'entered-late' | 'rate-changed' | 'silent-days';

/** Where a cause was found. */
export interface DriftPlace {
  readonly day: LocalDate;
  /** null for use without a feature, and for days without any. */
  readonly featureId: string | null;
  /** By how much it would move the reading away from the ledger. */
  readonly credits: Credits;
  readonly entries: number;
}

export interface DriftPart {
  readonly kind: 'carried' | DriftCause | 'unexplained';
  /** What of the gap this accounts for. All parts together are the gap. */
  readonly credits: Credits;
  /** What was found, which may be more than the gap has room for, or point the other way. */
  readonly found: Credits;
  readonly places: readonly DriftPlace[];
}

/** What the ledger counts beside what the platform says; `stated` null where the platform says nothing of it. */
export interface DriftByFeature {
  /** null for use without a feature. */
  readonly featureId: string | null;
  readonly ledger: Credits;
  readonly stated: Credits | null;
  readonly difference: Credits | null;
}

export interface DriftByDay {
  readonly day: LocalDate;
  readonly ledger: Credits;
  readonly entries: number;
  /** What an imported report says of the day; null where no report covers it. */
  readonly stated: Credits | null;
  readonly difference: Credits | null;
  readonly causes: readonly DriftCause[];
}

export interface DriftExplanation {
  readonly parts: readonly DriftPart[];
  readonly byFeature: readonly DriftByFeature[];
  /** Of the gap, what lies in features that the platform's figures name no part of; null without such figures. */
  readonly restOfFeatures: Credits | null;
  readonly byDay: readonly DriftByDay[];
  /** Of the gap, what lies on days that no report covers, or before the span; null where no day is covered. */
  readonly restOfDays: Credits | null;
}

export function explainDrift(question: DriftQuestion): DriftExplanation {
  const { gap, carried } = question;
  const causes = causesOf(question);
  const parts: DriftPart[] = [];
  if (carried !== noCredits) parts.push({ kind: 'carried', credits: carried, found: carried, places: [] });
  let left = subtract(gap, carried);
  for (const { kind, places } of causes) {
    const found = sum(places.map((place) => place.credits));
    const accounted = towards(left, found);
    parts.push({ kind, credits: accounted, found, places });
    left = subtract(left, accounted);
  }
  parts.push({ kind: 'unexplained', credits: left, found: left, places: [] });
  return { parts, ...byFeatureOf(question), ...byDayOf(question, causes) };
}

/** As much of what was found as there is left to explain; nothing where it points the other way. */
function towards(left: Credits, found: Credits): Credits {
  if (left > 0 && found > 0) return least(left, found);
  return left < 0 && found < 0 ? greatest(left, found) : noCredits;
}

interface Found {
  readonly kind: DriftCause;
  readonly places: readonly DriftPlace[];
}

/** The surest first: each explains what those before it have left. */
function causesOf(question: DriftQuestion): readonly Found[] {
  const all: readonly Found[] = [
    { kind: 'entered-twice', places: enteredTwice(question) },
    { kind: 'pending-holds', places: placesOf(question.pending) },
    { kind: 'entered-late', places: enteredLate(question) },
    { kind: 'rate-changed', places: rateChanged(question) },
    { kind: 'silent-days', places: silentDays(question) },
  ];
  return all.filter(({ places }) => places.length > 0);
}

/**
 * Entries that look like another one: the same use by hand and in an imported report on one day, or twice by hand within
 * minutes. What was taken back since is no second one.
 */
function enteredTwice({ uses }: DriftQuestion): readonly DriftPlace[] {
  const net = new Map<string, Credits>();
  for (const use of uses) {
    const id = use.linkedId !== null && use.credits < 0 ? use.linkedId : use.id;
    net.set(id, add(net.get(id) ?? noCredits, use.credits));
  }
  const standing = uses.filter(
    ({ id, credits: amount, source }) => amount > 0 && source !== 'reading' && (net.get(id) ?? noCredits) > 0,
  );
  const doubled: CountedUse[] = [];
  for (const alike of Map.groupBy(standing, sameUse).values()) {
    const imported = new Twins(alike.filter(({ source }) => source === 'import'));
    const byHand: CountedUse[] = [];
    for (const use of alike) {
      if (use.source !== 'hand') continue;
      if (imported.takeTwinOf(use)) doubled.push(use);
      else byHand.push(use);
    }
    for (const perPerson of Map.groupBy(byHand, ({ who }) => who).values()) {
      const inOrder = perPerson.toSorted((left, right) => left.at - right.at);
      for (const [place, use] of inOrder.entries()) {
        const before = inOrder[place - 1];
        if (before && use.at - before.at <= twiceWithinMs) doubled.push(use);
      }
    }
  }
  return placesOf(doubled.map((use) => ({ ...use, credits: negate(use.credits) })));
}

function sameUse({ featureId, variant, credits: amount }: CountedUse): string {
  return JSON.stringify([featureId, variant, amount]);
}

/** Imported uses by day and person, each of which stands for one entry by hand. A report may name nobody. */
class Twins {
  readonly #left = new Map<LocalDate, Map<string | null, number>>();

  constructor(imported: readonly CountedUse[]) {
    for (const { day, who } of imported) {
      const ofDay = this.#left.get(day) ?? new Map<string | null, number>();
      ofDay.set(who, (ofDay.get(who) ?? 0) + 1);
      this.#left.set(day, ofDay);
    }
  }

  takeTwinOf({ day, who }: CountedUse): boolean {
    const ofDay = this.#left.get(day);
    const twin = [who, ...(who === null ? (ofDay?.keys() ?? []) : [null])].find((one) => (ofDay?.get(one) ?? 0) > 0);
    if (!ofDay || twin === undefined) return false;
    ofDay.set(twin, (ofDay.get(twin) ?? 0) - 1);
    return true;
  }
}

/** Written down after the reading, for a time before it: where the ledger has more, these may lie elsewhere. */
function enteredLate({ uses, enteredAt }: DriftQuestion): readonly DriftPlace[] {
  const late = uses.filter(({ recordedAt, source }) => recordedAt > enteredAt && source !== 'reading');
  return placesOf(late.map((use) => ({ ...use, credits: negate(use.credits) })));
}

/** Around a change of price: the platform may have charged the old one for longer, or the new one sooner. */
function rateChanged({ uses, rates, gap, carried }: DriftQuestion): readonly DriftPlace[] {
  const left = subtract(gap, carried);
  return rates.flatMap((change) => {
    const priced = uses.filter(
      (use) => use.featureId === change.featureId && use.variant === change.variant && use.source === 'hand',
    );
    const otherwise = (of: readonly CountedUse[], rate: Credits): readonly DriftPlace[] =>
      placesOf(
        of.flatMap((use) => {
          const other = use.quantity === null ? undefined : multiply(rate, use.quantity);
          return other === undefined ? [] : [{ ...use, credits: subtract(other, use.credits) }];
        }),
      );
    const longer = otherwise(
      priced.filter(({ at }) => at >= change.at),
      change.before,
    );
    const sooner = otherwise(
      priced.filter(({ at }) => at < change.at),
      change.after,
    );
    return [longer, sooner].find((places) => towards(left, totalOf(places)) !== noCredits) ?? [];
  });
}

/** Working days without any entry, each with what a usual day has: use that nobody logged. */
function silentDays({ uses, workDays }: DriftQuestion): readonly DriftPlace[] {
  const usedByDay = new Map<LocalDate, Credits>();
  for (const { day, credits: amount, source } of uses) {
    if (source !== 'reading') usedByDay.set(day, add(usedByDay.get(day) ?? noCredits, amount));
  }
  const usual = [...usedByDay.values()].filter((amount) => amount > 0).toSorted((left, right) => left - right);
  const typical = usual[usual.length >> 1];
  if (typical === undefined || usual.length < usualDaysMin) return [];
  return workDays
    .filter((day) => !usedByDay.has(day))
    .map((day) => ({ day, featureId: null, credits: typical, entries: 0 }));
}

function byFeatureOf(question: DriftQuestion): Pick<DriftExplanation, 'byFeature' | 'restOfFeatures'> {
  const { stated, ledgerByFeature, gap } = question;
  const ids = new Set<string | null>([...ledgerByFeature.keys(), ...(stated?.keys() ?? [])]);
  const byFeature = [...ids].map((featureId): DriftByFeature => {
    const ledger = ledgerByFeature.get(featureId) ?? noCredits;
    const said = featureId === null ? null : (stated?.get(featureId) ?? null);
    return { featureId, ledger, stated: said, difference: said === null ? null : subtract(said, ledger) };
  });
  const known = sum(byFeature.flatMap(({ difference }) => difference ?? []));
  return {
    byFeature: byFeature.toSorted(
      (left, right) =>
        Math.abs(right.difference ?? 0) - Math.abs(left.difference ?? 0) ||
        right.ledger - left.ledger ||
        compareText(left.featureId ?? '', right.featureId ?? ''),
    ),
    restOfFeatures: stated === null ? null : subtract(gap, known),
  };
}

/** An imported report is what the platform itself says of its days; between its first and its last day it leaves none out. */
function byDayOf(question: DriftQuestion, causes: readonly Found[]): Pick<DriftExplanation, 'byDay' | 'restOfDays'> {
  const { uses, days, gap } = question;
  const usesByDay = Map.groupBy(uses, ({ day }) => day);
  const importedDays = uses.flatMap(({ source, day }) => (source === 'import' ? day : []));
  const first = importedDays.reduce((least, day) => (day < least ? day : least), importedDays[0] ?? '');
  const last = importedDays.reduce((most, day) => (day > most ? day : most), importedDays[0] ?? '');
  const byDay = days.map((day): DriftByDay => {
    const ofDay = usesByDay.get(day) ?? [];
    const ledger = totalOf(ofDay);
    const covered = importedDays.length > 0 && day >= first && day <= last;
    const stated = covered ? totalOf(ofDay.filter(({ source }) => source === 'import')) : null;
    return {
      day,
      ledger,
      entries: ofDay.length,
      stated,
      difference: stated === null ? null : subtract(stated, ledger),
      causes: causes.flatMap(({ kind, places }) => (places.some((place) => place.day === day) ? kind : [])),
    };
  });
  const known = sum(byDay.flatMap(({ difference }) => difference ?? []));
  return { byDay, restOfDays: importedDays.length === 0 ? null : subtract(gap, known) };
}

/** What was found, summed up by day and feature, in the order of days; what comes to nothing is left out. */
function placesOf(
  found: readonly { readonly day: LocalDate; readonly featureId: string | null; readonly credits: Credits }[],
): readonly DriftPlace[] {
  const groups = Map.groupBy(found, ({ day, featureId }) => JSON.stringify([day, featureId]));
  return [...groups.values()]
    .flatMap((group): readonly DriftPlace[] => {
      const [one] = group;
      const amount = totalOf(group);
      if (!one || amount === noCredits) return [];
      return [{ day: one.day, featureId: one.featureId, credits: amount, entries: group.length }];
    })
    .toSorted(
      (left, right) =>
        compareText(left.day, right.day) ||
        Math.abs(right.credits) - Math.abs(left.credits) ||
        compareText(left.featureId ?? '', right.featureId ?? ''),
    );
}

function totalOf(parts: readonly { readonly credits: Credits }[]): Credits {
  return credits(parts.reduce((total, part) => total + part.credits, 0));
}

/** Two entries of one person for the same thing within so long look like one made twice. */
const twiceWithinMs = 10 * 60 * 1000;
/** With fewer days of use there is no usual day to go by. */
const usualDaysMin = 3;
