import type { z } from 'zod';
import type { ledgerFilter } from '../../shared/bridge/inputs.ts';
import type { Instant } from '../../shared/kernel/instant.ts';
import { writtenText } from '../database/ledger-index.ts';
import { foldedCase } from '../database/stored-rows.ts';
import { toColumnText } from '../storage-sqlite/column-text.ts';
import { hiddenPerson, hiddenTeam, type People } from './people.ts';
import { wrongField } from './problems.ts';
import { readInstant } from './reading.ts';
import type { Workspace } from './workspace.ts';

export type LedgerFilter = z.output<typeof ledgerFilter>;

/** A condition on lines, as SQL with what is bound to it. */
export interface SqlPart {
  readonly sql: string;
  readonly parameters: readonly (string | number)[];
}

/** What a filter asks of a line, its time apart from everything else. */
export interface LedgerConditions {
  /** Everything but the time. */
  readonly line: SqlPart;
  /** From here on; null for the beginning. */
  readonly from: Instant | null;
  /** Before this; null for no end. */
  readonly to: Instant | null;
  /**
   * Whether SQLite finds the lines at once: all of them in the order of the ledger, or those with one value in one column
   * by the index of that column. What is asked together is looked for line by line.
   */
  readonly indexed: 'in-order' | 'by-column' | 'not';
}

/** @throws a problem where the times of the filter cannot be read, or where it asks about somebody who is not shown. */
export function ledgerConditions(workspace: Workspace, filter: LedgerFilter, people: People): LedgerConditions {
  const { member } = filter;
  if (member !== undefined && member !== null && !people.person(member)) throw hiddenPerson();
  if (typeof filter.team === 'string' && people.team(filter.team) !== filter.team) throw hiddenTeam();
  const columns = [
    ...equal('memberId', filter.member),
    ...equal('teamId', filter.team),
    ...equal('featureId', filter.feature),
    ...oneOf('kind', filter.kinds ?? []),
  ];
  const text = filter.text?.trim().toLowerCase() ?? '';
  const indexed = text === '' ? indexFor(columns) : 'not';
  const parts = [
    { sql: '"workspaceId"=?', parameters: [workspace.id] },
    // The plus keeps SQLite from the index of one of the columns, which would have it read every document.
    ...columns.map(({ sql, parameters }) => ({ sql: indexed === 'by-column' ? sql : `+${sql}`, parameters })),
    ...(text === '' ? [] : [textCondition(workspace, text, people)]),
  ];
  const from = filter.from === undefined ? null : readInstant(filter.from, 'filter.from', workspace.timeZone);
  const to = filter.to === undefined ? null : readInstant(filter.to, 'filter.to', workspace.timeZone);
  if (from !== null && to !== null && to <= from) throw wrongField('filter.to', 'is not after the start');
  return { line: joined(parts, ' AND '), from, to, indexed };
}

function indexFor(columns: readonly SqlPart[]): LedgerConditions['indexed'] {
  const [column, ...others] = columns;
  if (!column) return 'in-order';
  return others.length === 0 && column.parameters.length === 1 ? 'by-column' : 'not';
}

/** All of them together, with the time. */
export function inTime({ line, from, to }: LedgerConditions): SqlPart {
  const parts: SqlPart[] = [line];
  if (from !== null) parts.push({ sql: '"occurredAt">=?', parameters: [from] });
  if (to !== null) parts.push({ sql: '"occurredAt"<?', parameters: [to] });
  return joined(parts, ' AND ');
}

export function joined(parts: readonly SqlPart[], by: ' AND ' | ' OR '): SqlPart {
  return { sql: parts.map(({ sql }) => sql).join(by), parameters: parts.flatMap(({ parameters }) => parameters) };
}

function equal(column: string, value: string | null | undefined): readonly SqlPart[] {
  return value === undefined ? [] : [{ sql: `"${column}"=?`, parameters: [toColumnText(value ?? '')] }];
}

function oneOf(column: string, values: readonly string[]): readonly SqlPart[] {
  if (values.length === 0) return [];
  return [{ sql: `"${column}" IN (${values.map(() => '?').join(',')})`, parameters: values }];
}

/** Names are looked up first, so that the text is compared with ids, which are columns, and with the note. */
function textCondition(workspace: Workspace, text: string, people: People): SqlPart {
  const { names } = people;
  const matching = (ids: Iterable<string>, nameOf: (id: string) => string): readonly string[] =>
    [...ids].filter((id) => nameOf(id).toLowerCase().includes(text) || id.toLowerCase().includes(text));
  const { index, catalogue } = workspace;
  const featureIds = new Set([
    ...index.features.keys(),
    ...catalogue.versions.flatMap((version) => version.features).map((feature) => feature.id),
  ]);
  const choices: SqlPart[] = [];
  for (const [column, ids] of [
    ['memberId', matching([...index.members.keys()].filter(people.person), names.member)],
    [
      'teamId',
      matching(
        [...index.teams.keys()].filter((id) => people.team(id) === id),
        names.team,
      ),
    ],
    ['featureId', matching(featureIds, names.feature)],
  ] as const) {
    if (ids.length === 0) continue;
    const list = JSON.stringify(ids.map(toColumnText));
    choices.push({ sql: `+"${column}" IN (SELECT value FROM json_each(?))`, parameters: [list] });
  }
  choices.push(...writtenConditions(workspace, text, people));
  choices.push({ sql: '+"id"=?', parameters: [toColumnText(text)] });
  const { sql, parameters } = joined(choices, ' OR ');
  return { sql: `(${sql})`, parameters };
}

/**
 * Lines with which somebody wrote a text, in lower case. What somebody wrote who is not shown is not found: a search would
 * give them away. [V1]
 */
export function writtenConditions(workspace: Workspace, text: string, people: People): readonly SqlPart[] {
  const { index } = workspace;
  const shown = people.everybody ? null : JSON.stringify(['', ...[...index.members.keys()].filter(people.person)]);
  return Object.values(writtenText).map((written) =>
    shown === null
      ? { sql: contains(written), parameters: [text, text] }
      : {
          sql: `(+"memberId" IN (SELECT value FROM json_each(?)) AND ${contains(written)})`,
          parameters: [shown, text, text],
        },
  );
}

/**
 * Whether a written text contains what is bound. SQLite folds the case of ASCII letters only, so that a text with any
 * other is folded as JavaScript does, at several times the cost.
 */
function contains(written: string): string {
  const isPlain = `octet_length(${written})=length(${written})`;
  return `CASE WHEN ${isPlain} THEN instr(lower(${written}),?) ELSE instr(${foldedCase}(${written}),?) END>0`;
}
