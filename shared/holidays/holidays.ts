// The book of public holidays. It is large, so that it is opened where a workspace has a country, and not before.
import type Holidays from 'date-holidays';
import type { PublicHoliday } from '../forecast/calendar.ts';
import { addDays, type LocalDate } from '../kernel/time-zone.ts';

type Library = typeof Holidays;

/** A country with the parts of it that have holidays of their own. */
export interface HolidayCountry {
  readonly code: string;
  readonly name: string;
  readonly regions: readonly { readonly code: string; readonly name: string }[];
}

let library: Library | null = null;
let opening: Promise<void> | null = null;
/** By country, region and year. */
const knownYears = new Map<string, ReadonlyMap<LocalDate, PublicHoliday>>();
let knownCountries: readonly HolidayCountry[] | null = null;

/** Opens the book; at once when it is open. */
export function openHolidays(): Promise<void> {
  return (opening ??= import('date-holidays').then((module) => {
    library = module.default;
  }));
}

export function holidaysAreOpen(): boolean {
  return library !== null;
}

/** The public holiday on a day; undefined on any other day, and as long as the book is closed. */
export function holidayOn(date: LocalDate, country: string, region: string | null): PublicHoliday | undefined {
  return holidaysOf(country, region, Number(date.slice(0, 4))).get(date);
}

/** Every country that the book has, by name. */
export async function holidayCountries(): Promise<readonly HolidayCountry[]> {
  await openHolidays();
  if (knownCountries || !library) return knownCountries ?? [];
  const book = new library();
  const countries = Object.entries(book.getCountries('en')).map(([code, name]) => ({
    code,
    name,
    regions: regionsOf(book, code),
  }));
  knownCountries = countries.toSorted(byName);
  return knownCountries;
}

/** A region is a state, or a part of one behind a dot. */
function regionsOf(book: InstanceType<Library>, country: string): HolidayCountry['regions'] {
  return Object.entries(namesOf(book.getStates(country, 'en')))
    .flatMap(([state, name]) => [
      { code: state, name },
      ...Object.entries(namesOf(book.getRegions(country, state, 'en'))).map(([part, partName]) => ({
        code: `${state}.${part}`,
        name: `${name}, ${partName}`,
      })),
    ])
    .toSorted(byName);
}

/** The library answers nothing where there is nothing, whatever its types say. */
function namesOf(names: Readonly<Record<string, string>> | undefined): Readonly<Record<string, string>> {
  return names ?? {};
}

function byName(left: { readonly name: string }, right: { readonly name: string }): number {
  return left.name.localeCompare(right.name, 'en');
}

function holidaysOf(country: string, region: string | null, year: number): ReadonlyMap<LocalDate, PublicHoliday> {
  if (!library) return new Map();
  const key = `${country}/${region ?? ''}/${year}`;
  const known = knownYears.get(key);
  if (known) return known;
  const [state = '', part = ''] = (region ?? '').split('.');
  const book = new library(country, state, part);
  const days = new Map<LocalDate, PublicHoliday>();
  // One that begins on the last days of a year reaches into the next.
  for (const holiday of [...book.getHolidays(year - 1, 'en'), ...book.getHolidays(year, 'en')]) {
    if (!holidayTypes.has(holiday.type)) continue;
    const lengthDays = (holiday.end.getTime() - holiday.start.getTime()) / dayMs;
    // A clock change makes a day 23 or 25 hours long; half a day is half a day.
    const wholeDays = Math.max(1, Math.round(lengthDays));
    for (let index = 0; index < wholeDays; index += 1) {
      const date = addDays(holiday.date.slice(0, 10), index);
      const share = lengthDays < 0.75 ? 0.5 : 1;
      if (Number(date.slice(0, 4)) !== year || (days.get(date)?.share ?? 0) >= share) continue;
      days.set(date, { share, name: holiday.name });
    }
  }
  if (knownYears.size >= yearsKeptMax) knownYears.clear();
  knownYears.set(key, days);
  return days;
}

/** Days on which people are off work by law or custom; observances and school holidays are not. */
const holidayTypes: ReadonlySet<string> = new Set(['public', 'bank']);
const dayMs = 86_400_000;
const yearsKeptMax = 500;
