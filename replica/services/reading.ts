import {
  noCredits,
  parseCredits,
  parseQuantity,
  type Credits,
  type DecimalProblem,
  type Quantity,
} from '../../shared/kernel/credits.ts';
import { parseInstant, type Instant } from '../../shared/kernel/instant.ts';
import { isLocalDate, isTimeZone, type LocalDate } from '../../shared/kernel/time-zone.ts';
import { wrongField } from './problems.ts';

/** Reads what people typed. Each takes the field's path for the message and stops with a problem when it cannot. */

/** Credits, 0 or more unless `positive`. At most six places: nobody's figure is rounded behind their back. */
export function readCredits(text: string, path: string, demand: 'any' | 'positive' = 'any'): Credits {
  const parsed = parseCredits(text);
  if (!parsed.ok) throw wrongField(path, sentenceOf(parsed.error));
  if (parsed.value.rounded) throw wrongField(path, `${text} has more than six decimal places`);
  if (parsed.value.value < noCredits) throw wrongField(path, `${text} is negative`);
  if (demand === 'positive' && parsed.value.value === noCredits) throw wrongField(path, 'must be more than 0');
  return parsed.value.value;
}

export function readQuantity(text: string, path: string): Quantity {
  const parsed = parseQuantity(text);
  if (!parsed.ok) throw wrongField(path, sentenceOf(parsed.error));
  if (parsed.value.rounded) throw wrongField(path, `${text} has more than six decimal places`);
  if (parsed.value.value <= 0) throw wrongField(path, `${text} is not more than 0`);
  return parsed.value.value;
}

/** ISO 8601; without an offset in the workspace's zone. */
export function readInstant(text: string, path: string, zone: string): Instant {
  const parsed = parseInstant(text, zone);
  if (!parsed.ok) {
    throw wrongField(path, `“${parsed.error.at}” is no date or time that exists; write 2026-01-31 or 2026-01-31T09:30`);
  }
  return parsed.value;
}

/** When something happened: a slip of the pen such as 2062 for 2026 is told and not booked. */
export function readMoment(
  text: string,
  path: string,
  where: { readonly zone: string; readonly now: Instant },
): Instant {
  const at = readInstant(text, path, where.zone);
  if (at - where.now > aheadMsMax) throw wrongField(path, `“${text}” is more than two years ahead`);
  return at;
}

/** Plans are entered ahead, but nobody logs use years ahead. */
const aheadMsMax = 2 * 366 * 24 * 60 * 60 * 1000;

export function readDate(text: string, path: string): LocalDate {
  if (!isLocalDate(text)) throw wrongField(path, `“${text}” is no day that exists; write it as 2026-01-31`);
  return text;
}

export function readTimeZone(text: string, path: string): string {
  if (!isTimeZone(text)) throw wrongField(path, `“${text}” is no time zone; write it as Europe/Berlin or UTC`);
  return text;
}

function sentenceOf(problem: DecimalProblem): string {
  switch (problem.code) {
    case 'not-a-number':
      return problem.at.trim() === '' ? 'is missing' : `“${problem.at}” is not a number; write it as 12 or 12.5`;
    case 'too-large':
      return `“${problem.at}” is too large; the most is 9007199254 credits`;
  }
}
