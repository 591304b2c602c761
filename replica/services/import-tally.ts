import type { ImportSummary } from '../../shared/bridge/import-views.ts';
import { credits, type Credits } from '../../shared/kernel/credits.ts';
import { compareText } from '../../shared/kernel/id.ts';
import type { Instant } from '../../shared/kernel/instant.ts';
import type { LocalDate } from '../../shared/kernel/time-zone.ts';
import type { CellProblem } from '../transfer/import-row.ts';
import type { NewName } from './import-names.ts';
import { wrongInput, type ProblemError } from './problems.ts';

export type RowOutcome = 'booked' | 'duplicate' | 'restated';

/** What a row that can be used says, whether or not it was there already. */
export interface AcceptedRow {
  readonly outcome: RowOutcome;
  readonly at: Instant;
  /** The calendar day that the row names. [K3] */
  readonly day: LocalDate;
  readonly memberId: string | null;
  readonly featureId: string;
  readonly credits: Credits;
  readonly rounded: boolean;
  /** The catalogue's price of a metered row; null where it lists none. [C6] */
  readonly listed: Credits | null;
}

/** Counts what a file holds while it is read. Figures and days are those of all rows that can be used. */
export class ImportTally {
  readonly #counts: Record<RowOutcome, number> = { booked: 0, duplicate: 0, restated: 0 };
  readonly #rejected: CellProblem[] = [];
  #rejectedTotal = 0;
  #credits = 0;
  #from: Instant | null = null;
  #to: Instant | null = null;
  readonly #members = new Set<string>();
  readonly #features = new Set<string>();
  readonly #days = new Set<LocalDate>();
  #unattributedRows = 0;
  #roundedRows = 0;
  readonly #gaps = new Map<string, { metered: number; listed: number }>();

  /** @throws ProblemError when the file's credits can no longer be counted. */
  accept(row: AcceptedRow): void {
    this.#counts[row.outcome] += 1;
    this.#credits += row.credits;
    if (!Number.isSafeInteger(this.#credits)) throw tooManyCredits();
    if (this.#from === null || row.at < this.#from) this.#from = row.at;
    if (this.#to === null || row.at > this.#to) this.#to = row.at;
    if (row.memberId === null) this.#unattributedRows += 1;
    else this.#members.add(row.memberId);
    this.#features.add(row.featureId);
    this.#days.add(row.day);
    if (row.rounded) this.#roundedRows += 1;
    if (row.listed !== null) this.#compare(row.featureId, row.credits, row.listed);
  }

  /** One row, whatever the number of its cells that are wrong. */
  reject(problems: readonly CellProblem[]): void {
    const [first, ...others] = problems;
    if (!first) return;
    this.#rejectedTotal += 1;
    if (this.#rejected.length >= rejectedShownMax) return;
    const rest = others.map(
      ({ column, message }) => ` Also in ${column === '' ? 'the row' : `“${column}”`}: ${message}`,
    );
    this.#rejected.push({ ...first, message: `${first.message}${rest.join('')}` });
  }

  summary(added: readonly NewName[]): ImportSummary {
    const { booked, duplicate, restated } = this.#counts;
    const namesOf = (kind: NewName['kind']): readonly string[] =>
      added
        .filter((name) => name.kind === kind)
        .map(({ name }) => name)
        .toSorted(compareText);
    return {
      rows: booked + duplicate + restated + this.#rejectedTotal,
      booked,
      duplicates: duplicate,
      restated,
      rejected: [...this.#rejected],
      rejectedTotal: this.#rejectedTotal,
      credits: credits(this.#credits),
      from: this.#from,
      to: this.#to,
      members: this.#members.size + (this.#unattributedRows > 0 ? 1 : 0),
      features: this.#features.size,
      days: this.#days.size,
      unattributedRows: this.#unattributedRows,
      roundedRows: this.#roundedRows,
      newMembers: namesOf('member'),
      newFeatures: namesOf('feature'),
      newTeams: namesOf('team'),
      priceGaps: this.#priceGaps(),
    };
  }

  #compare(featureId: string, metered: Credits, listed: Credits): void {
    const sums = this.#gaps.get(featureId) ?? { metered: 0, listed: 0 };
    this.#gaps.set(featureId, { metered: sums.metered + metered, listed: sums.listed + listed });
  }

  /** Features whose sums differ by more than 20 % of the catalogue's price. [C6] */
  #priceGaps(): ImportSummary['priceGaps'] {
    return [...this.#gaps]
      .filter(([, { metered, listed }]) => Math.abs(metered - listed) * 5 > listed)
      .map(([featureId, { metered, listed }]) => ({
        featureId,
        metered: credits(metered),
        listed: credits(Math.min(listed, Number.MAX_SAFE_INTEGER)),
      }))
      .toSorted((left, right) => compareText(left.featureId, right.featureId));
  }
}

export function tooManyCredits(): ProblemError {
  const message = 'The credits of this file, together with what is booked, are more than can be counted exactly.';
  return wrongInput([{ path: 'file', message }], message);
}

const rejectedShownMax = 1000;
