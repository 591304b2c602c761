import type { DriftByDay, DriftByFeature, DriftPart, DriftPlace } from '../analytics/explain-drift.ts';
import type { Credits } from '../kernel/credits.ts';
import type { Instant } from '../kernel/instant.ts';
import type { Period } from '../kernel/period.ts';

/** What the platform said was used, beside what the ledger counts of the same time. [G13] */
export interface ReadingView {
  readonly id: string;
  readonly at: Instant;
  /** The allotment period that it is about. */
  readonly period: Period;
  readonly used: Credits;
  /** With what was booked for this reading. */
  readonly ledger: Credits;
  /** `used` minus `ledger`: positive where the platform counts more. */
  readonly drift: Credits;
  /** What was booked to close the gap; null while nothing was. */
  readonly booking: ReadingBooking | null;
  /** A later reading of the same period was booked, which has taken this gap in. */
  readonly closedByLater: boolean;
}

/** The entry in the books: who confirmed a reading, when and why, and from what to what. */
export interface ReadingBooking {
  readonly transactionId: string;
  readonly credits: Credits;
  readonly usedBefore: Credits;
  readonly usedAfter: Credits;
  readonly recordedAt: Instant;
  readonly authorName: string | null;
  readonly reason: string;
}

export interface ReadingsView {
  /** The latest first. */
  readonly readings: readonly ReadingView[];
  /** How many earlier ones are not listed. */
  readonly more: number;
}

type Named<Row> = Row & { readonly featureName: string | null };

/** A reading by itself, with its gap explained as far as the ledger shows it. Nobody is named. [G13] [V1] */
export interface ReadingDetailView extends ReadingView {
  /** From where on the ledger is looked through: the reading before, or the beginning of the period. */
  readonly since: { readonly at: Instant; readonly readingId: string | null };
  /** What is explained: the drift; where it was closed by what was booked for this reading, what was booked. */
  readonly gap: Credits;
  /** Add up to the gap. */
  readonly parts: readonly (Omit<DriftPart, 'places'> & {
    readonly places: readonly Named<DriftPlace>[];
    /** How many places are not listed. */
    readonly morePlaces: number;
  })[];
  readonly byFeature: readonly Named<DriftByFeature>[];
  /** null where nobody has entered what the platform says by feature. */
  readonly restOfFeatures: Credits | null;
  readonly byDay: readonly DriftByDay[];
  /** null where no imported report covers a day. */
  readonly restOfDays: Credits | null;
  /** What booking the present drift would do; null where there is nothing to book. */
  readonly effect: ReadingEffect | null;
  /** Why it cannot be booked; null where it can, or where there is nothing to book. */
  readonly blocked: 'booked-before' | 'later-booked' | 'given-back-since' | null;
}

/** What booking a drift changes: use and overage of the period of the reading, and what can be spent now. */
export interface ReadingEffect {
  readonly used: BeforeAfter;
  readonly overage: BeforeAfter;
  readonly available: BeforeAfter;
}

export interface BeforeAfter {
  readonly before: Credits;
  readonly after: Credits;
}
