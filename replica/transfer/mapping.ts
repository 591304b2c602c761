// Which column of a file gives which field of a use: ready for known reports, guessed from column names for others.
import type { Issue } from '../../shared/bridge/problem.ts';
import type { ImportField, ImportMapping } from '../../shared/bridge/import-views.ts';
import { isTimeZone } from '../../shared/kernel/time-zone.ts';

/** What a mapping alone does not say about a report that is known. */
export interface ReportKnowledge {
  /**
   * The columns that say which row this is, whatever its figures are; together with an ordinal among equal rows they
   * are its external key [L2]. Null for an unknown report: then every column that holds no figure.
   */
  readonly dimensions: readonly string[] | null;
  /** Words that stand in the column of credits where nothing was charged, in lower case. */
  readonly wordsForNoCredits: readonly string[];
}

interface KnownReport extends ReportKnowledge {
  readonly name: string;
  /** Columns that only this report has; all of them must be there. */
  readonly recognisedBy: readonly string[];
  /** Columns that no other file has by chance: with two of them it is this report, whole or not. */
  readonly tellingColumns: readonly string[];
  /** For each field the columns that may give it, the first one present wins. */
  readonly columns: Readonly<Partial<Record<ImportField, readonly string[]>>>;
}

/**
 * GitHub's usage report of Copilot. `aic_quantity` is what the platform itself metered in AI credits, fractions and
 * zero included; the days are UTC days; a blank user is unattributed use. The quota and the amounts of money are
 * figures: a later edition of the report may restate them for the same row.
 */
const githubCopilot: KnownReport = {
  name: 'GitHub Copilot usage report',
  recognisedBy: ['date', 'username', 'model', 'aic_quantity'],
  tellingColumns: ['applied_cost_per_quantity', 'exceeds_quota', 'total_monthly_quota', 'aic_gross_amount'],
  columns: {
    occurredAt: ['date'],
    member: ['username'],
    team: ['cost_center_name'],
    feature: ['model'],
    quantity: ['quantity'],
    credits: ['aic_quantity'],
  },
  dimensions: [
    'date',
    'username',
    'product',
    'sku',
    'model',
    'unit_type',
    'exceeds_quota',
    'organization',
    'cost_center_name',
  ],
  wordsForNoCredits: [],
};

/**
 * Cursor's export of usage events from its dashboard. Its columns, as its users' exports of 2026 show them: Date, User
 * (team accounts), Cloud Agent ID, Automation ID, Kind, Model, Max Mode, Input (w/ Cache Write), Input (w/o Cache
 * Write), Cache Read, Output Tokens, Total Tokens, and at the end Cost, or Requests for accounts billed by request.
 * Cursor publishes no description of the format. Our reading: one row is one request; a credit is one US dollar of
 * Cost or one request of Requests; `Included`, `Free` and `-` in Cost mean that nothing was charged, which is 0.
 */
const cursor: KnownReport = {
  name: 'Cursor usage events',
  recognisedBy: ['Date', 'Model', 'Max Mode', 'Output Tokens'],
  tellingColumns: ['Max Mode', 'Cache Read', 'Input (w/ Cache Write)', 'Input (w/o Cache Write)'],
  columns: {
    occurredAt: ['Date'],
    member: ['User'],
    feature: ['Model'],
    credits: ['Cost', 'Requests'],
  },
  dimensions: ['Date', 'User', 'Cloud Agent ID', 'Automation ID', 'Kind', 'Model', 'Max Mode'],
  wordsForNoCredits: ['included', 'free', '-', ''],
};

const knownReports: ReadonlyMap<string, KnownReport> = new Map([
  ['github-copilot', githubCopilot],
  ['cursor', cursor],
]);

/** The id of a mapping that was guessed from the names of the columns. */
const guessedMappingId = 'column-names';

/** The ready mappings, for a list to choose from. */
export function readyMappings(): readonly { readonly id: string; readonly name: string }[] {
  return [...knownReports].map(([id, { name }]) => ({ id, name }));
}

/** The ready mapping that fits the columns, else a guess by their names, else null. `zone` is for a guess alone. */
export function recogniseMapping(columns: readonly string[], zone: string): ImportMapping | null {
  for (const [id, report] of knownReports) {
    if (report.recognisedBy.every((column) => findColumn(columns, column) !== undefined)) {
      return { id, name: report.name, columns: columnsOf(report, columns), zone: 'UTC' };
    }
  }
  return missingColumns(columns).length > 0 ? null : guessMapping(columns, zone);
}

/** The columns that a known report has lost on its way; empty for any other file. Guessing would misread such a one. */
export function missingColumns(columns: readonly string[]): readonly Issue[] {
  for (const { name, tellingColumns, recognisedBy } of knownReports.values()) {
    if (tellingColumns.filter((column) => findColumn(columns, column) !== undefined).length < 2) continue;
    const missing = recognisedBy.filter((column) => findColumn(columns, column) === undefined);
    const message = (column: string) => `This looks like the ${name}, but its column "${column}" is missing.`;
    return missing.map((column) => ({ path: 'file', message: message(column), line: 1, column }));
  }
  return [];
}

/** A ready mapping by its id, applied to the columns of a file; null for an id that is not known. */
export function readyMapping(id: string, columns: readonly string[], zone: string): ImportMapping | null {
  if (id === guessedMappingId) return guessMapping(columns, zone);
  const report = knownReports.get(id);
  return report === undefined ? null : { id, name: report.name, columns: columnsOf(report, columns), zone: 'UTC' };
}

export function knowledgeOf(mapping: ImportMapping): ReportKnowledge {
  return knownReports.get(mapping.id) ?? { dimensions: null, wordsForNoCredits: [] };
}

/** What keeps the mapping from being used on a file with these columns; empty when nothing does. */
export function checkMapping(mapping: ImportMapping, columns: readonly string[]): readonly Issue[] {
  const issues: Issue[] = [];
  for (const field of importFields) {
    const column = mapping.columns[field];
    if (column !== undefined && !columns.includes(column)) {
      const message = `The file has no column "${column}". It has: ${columns.slice(0, 30).join(', ')}.`;
      issues.push({ path: `mapping.columns.${field}`, message, line: 1, column });
    }
  }
  if (mapping.columns.occurredAt === undefined) {
    issues.push({ path: 'mapping.columns.occurredAt', message: 'Say which column holds the date or time.' });
  }
  if (mapping.columns.feature === undefined) {
    issues.push({ path: 'mapping.columns.feature', message: 'Say which column holds the feature.' });
  }
  if (mapping.columns.quantity === undefined && mapping.columns.credits === undefined) {
    issues.push({ path: 'mapping.columns.quantity', message: 'Say which column holds the quantity or the credits.' });
  }
  if (!isTimeZone(mapping.zone)) {
    issues.push({
      path: 'mapping.zone',
      message: `"${mapping.zone}" is no time zone. Use a name such as Europe/Berlin.`,
    });
  }
  return issues;
}

const importFields = [
  'occurredAt',
  'member',
  'team',
  'feature',
  'variant',
  'quantity',
  'credits',
  'externalId',
  'note',
] as const satisfies readonly ImportField[];

function columnsOf(report: KnownReport, columns: readonly string[]): ImportMapping['columns'] {
  const chosen: Partial<Record<ImportField, string>> = {};
  for (const field of importFields) {
    const candidates = report.columns[field];
    if (candidates === undefined) continue;
    const found = candidates.map((name) => findColumn(columns, name)).find((column) => column !== undefined);
    // A column that is missing is kept by name, so that the check can say which one it is.
    const column = found ?? candidates[0];
    const optional = field === 'team' || field === 'member';
    if (column !== undefined && (found !== undefined || !optional)) chosen[field] = column;
  }
  return chosen;
}

function findColumn(columns: readonly string[], name: string): string | undefined {
  return columns.find((column) => column.toLowerCase() === name.toLowerCase());
}

/** Names that columns go by, without case, spaces and punctuation; earlier ones are better. */
const namesByField: Readonly<Record<ImportField, readonly string[]>> = {
  occurredAt:
    'occurredat occurred timestamp datetime usagedate eventdate eventtime date time createdat startedat day when'.split(
      ' ',
    ),
  externalId: 'externalid eventid transactionid transaction requestid usageid rowid uuid id'.split(' '),
  member:
    'member membername user username useremail memberemail email memberid userid login person actor account'.split(' '),
  team: 'team teamname teamid costcenter costcentre costcentername department group division organization'.split(' '),
  feature:
    'feature featurename featureid model modelname action actiontype tool service product activity operation type'.split(
      ' ',
    ),
  variant: ['variant', 'mode'],
  credits: 'credits creditsused creditsspent creditscharged aicredits aicquantity credit cost usage amount spend'.split(
    ' ',
  ),
  quantity: ['quantity', 'qty', 'count', 'units', 'requests', 'uses', 'number'],
  note: ['note', 'notes', 'comment', 'description', 'memo'],
};

function guessMapping(columns: readonly string[], zone: string): ImportMapping | null {
  const columnByPlainName = new Map(
    columns.toReversed().map((column) => [column.toLowerCase().replace(/[^\p{L}\p{N}]/gu, ''), column]),
  );
  const chosen: Partial<Record<ImportField, string>> = {};
  for (const field of importFields) {
    const name = namesByField[field].find((candidate) => columnByPlainName.has(candidate));
    const column = name === undefined ? undefined : columnByPlainName.get(name);
    if (column !== undefined) chosen[field] = column;
  }
  const usable = chosen.occurredAt !== undefined && chosen.feature !== undefined;
  if (!usable || (chosen.quantity === undefined && chosen.credits === undefined)) return null;
  return { id: guessedMappingId, name: 'By the names of the columns', columns: chosen, zone };
}
