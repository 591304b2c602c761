import { isLocalDate, type LocalDate, type WindowKind } from '../kernel/time-zone.ts';
import type { TransactionKind } from '../ledger/transaction.ts';

/**
 * What a view shows, as the search part of its address, and back: a link that is kept or sent opens the same view.
 * An address is outside input. What it says wrongly is left out, and never stops the view from opening.
 */

/** Which lines of the ledger a view selects; what is absent selects everything. */
export interface LedgerSelection {
  /** A member's id; null selects use without a person. */
  readonly member?: string | null;
  /** A team's id; null selects use without a team. */
  readonly team?: string | null;
  readonly feature?: string;
  readonly kinds?: readonly TransactionKind[];
  /** First calendar day in the workspace's zone. */
  readonly from?: LocalDate;
  /** Last calendar day in the workspace's zone; that day is selected too. */
  readonly to?: LocalDate;
  /** Text that a note or a name contains. */
  readonly text?: string;
}

/** The search part of a ledger's address: flat text, in this order. */
export interface LedgerSearch {
  readonly member?: string;
  readonly team?: string;
  readonly feature?: string;
  readonly kinds?: string;
  readonly from?: string;
  readonly to?: string;
  readonly text?: string;
}

/** Stands for *unattributed* in an address: ids of members and teams never begin with a tilde. */
export const unattributed = '~unattributed';

export const transactionKinds = [
  'usage',
  'hold',
  'capture',
  'release',
  'refund',
  'void',
  'correction',
  'grant',
] as const satisfies readonly TransactionKind[];

const idLengthMax = 200;
const textLengthMax = 200;

/** Reads the search part of an address, whatever it holds. */
export function ledgerSelectionOf(search: Readonly<Record<string, unknown>>): LedgerSelection {
  const member = whoOf(search['member']);
  const team = whoOf(search['team']);
  const feature = textOf(search['feature'], idLengthMax);
  const kinds = kindsOf(search['kinds']);
  const from = dateOf(search['from']);
  const to = dateOf(search['to']);
  const text = textOf(search['text'], textLengthMax);
  return {
    ...(member === undefined ? {} : { member }),
    ...(team === undefined ? {} : { team }),
    ...(feature === undefined ? {} : { feature }),
    ...(kinds.length === 0 ? {} : { kinds }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(text === undefined ? {} : { text }),
  };
}

/** The search part that opens this selection again; a selection of everything has none. */
export function searchOfLedger(selection: LedgerSelection): LedgerSearch {
  const { member, team, feature, kinds, from, to, text } = selection;
  return {
    ...(member === undefined ? {} : { member: member ?? unattributed }),
    ...(team === undefined ? {} : { team: team ?? unattributed }),
    ...(feature === undefined ? {} : { feature }),
    ...(kinds === undefined || kinds.length === 0 ? {} : { kinds: kinds.join(',') }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(text === undefined || text.trim() === '' ? {} : { text }),
  };
}

/** The search part of an address as this app would have written it: what is wrong or unknown is left out. */
export function parseLedgerSearch(search: Readonly<Record<string, unknown>>): LedgerSearch {
  return searchOfLedger(ledgerSelectionOf(search));
}

function whoOf(value: unknown): string | null | undefined {
  const text = textOf(value, idLengthMax);
  return text === unattributed ? null : text;
}

/** A number is text too: an address with `?member=42` may have been read as a number. */
function textOf(value: unknown, lengthMax: number): string | undefined {
  const text = typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
  return typeof text === 'string' && text.trim() !== '' && text.length <= lengthMax ? text : undefined;
}

function kindsOf(value: unknown): readonly TransactionKind[] {
  const named: readonly unknown[] = typeof value === 'string' ? value.split(',') : Array.isArray(value) ? value : [];
  return transactionKinds.filter((kind) => named.includes(kind));
}

function dateOf(value: unknown): LocalDate | undefined {
  return typeof value === 'string' && isLocalDate(value) ? value : undefined;
}

/**
 * What the usage panel and its lists show, as the search part of their address, and back. An address is outside input:
 * what it says wrongly is left out. [A2] [A4]
 */
const usagePeriods = ['day', 'week', 'month', 'quarter'] as const satisfies readonly WindowKind[];
export const usageSorts = ['credits', 'name', 'transactions'] as const;
export type UsageSort = (typeof usageSorts)[number];

export interface UsageSearch {
  /** Quarterly where it is missing. */
  readonly period?: WindowKind;
  /** Any day of the window; the present one where it is missing. */
  readonly day?: LocalDate;
  /** What a name contains. */
  readonly q?: string;
  /** By credits, most first, where it is missing. */
  readonly sort?: UsageSort;
  readonly order?: 'up';
}

export function parseUsageSearch(search: Readonly<Record<string, unknown>>): UsageSearch {
  const period = usagePeriods.find((known) => known === search['period']);
  const { day } = search;
  const q = typeof search['q'] === 'number' ? String(search['q']) : search['q'];
  const sort = usageSorts.find((known) => known === search['sort']);
  return {
    ...(period === undefined || period === 'quarter' ? {} : { period }),
    ...(typeof day === 'string' && isLocalDate(day) ? { day } : {}),
    ...(typeof q === 'string' && q.trim() !== '' && q.length <= textLengthMax ? { q } : {}),
    ...(sort === undefined || sort === 'credits' ? {} : { sort }),
    ...(search['order'] === 'up' ? { order: 'up' } : {}),
  };
}

/** The pages of use, as the last part of their addresses. [A4] */
export const usageLists = ['features', 'teams', 'users'] as const;
export type UsageListName = (typeof usageLists)[number];

/** One view of use: the panel, one of its lists, or the page of a team, and what it shows. */
export interface UsagePlace {
  readonly workspaceId: string;
  readonly page: '' | UsageListName | `teams/${string}`;
  readonly search: UsageSearch;
}

/** As this app makes them: UUIDs. */
const workspaceIdPattern = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const teamIdPattern = /^[A-Za-z0-9_-]{1,64}$/;

/** Reads the parts of an address after `credits-usage`; null where no view has it. [A4] [A5] */
export function usagePlaceOf(
  workspaceId: string,
  parts: readonly string[],
  search: Readonly<Record<string, unknown>>,
): UsagePlace | null {
  const [name, team, ...beyond] = parts;
  if (!workspaceIdPattern.test(workspaceId) || beyond.length > 0) return null;
  const list = usageLists.find((known) => known === name);
  const parsed = parseUsageSearch(search);
  if (name === undefined) return { workspaceId, page: '', search: parsed };
  if (list === undefined) return null;
  if (team === undefined) return { workspaceId, page: list, search: parsed };
  return list === 'teams' && teamIdPattern.test(team) ? { workspaceId, page: `teams/${team}`, search: parsed } : null;
}

/** Where a server answers links that people send each other, without a scheme that only this app knows. */
export const openPath = '/open';

/**
 * What opens a view of use in the desktop app, wherever it is sent. [A4] A link of a server, `https://host:port`, is read
 * by every mail program and browser, and leads to a page that opens the app; it says nothing of what is in the view.
 */
export function usageLink({ workspaceId, page, search }: UsagePlace, server: string | null = null): string {
  const query = Object.entries(search)
    .map(([key, value]) => `${key}=${encodeURIComponent(String(value))}`)
    .join('&');
  const start = server === null ? 'fuelgauge://open' : `${server.replace(/\/+$/, '')}${openPath}`;
  const path = `${start}/${workspaceId}/credits-usage${page === '' ? '' : `/${page}`}`;
  return query === '' ? path : `${path}?${query}`;
}
