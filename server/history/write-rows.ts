// What booking and lending write, in one statement each.
import { assert } from '../../shared/kernel/assert.ts';
import type { Capture, Hold, Release } from '../../shared/ledger/transaction.ts';
import { useOf } from '../../shared/ledger/transaction.ts';
import type { Entry } from '../../shared/protocol/entry.ts';
import { isOfTerms } from '../../shared/sync-engine/accept-push.ts';
import type {
  BookingWrites,
  HoldGroup,
  KnownRow,
  LeaseRecord,
  NewRow,
} from '../../shared/sync-engine/booking-facts.ts';
import type { PoolBook } from '../../shared/sync-engine/pool-book.ts';
import type { Transaction } from '../database/database.ts';
import type { WorkspaceOf } from './counter.ts';
import { baseIdOf } from './partial-view.ts';

/** A statement put together from parts that are there only where they have something to write. */
export class Writing {
  readonly #parts: string[] = [];
  readonly #values: unknown[];

  /** `$1` is the organisation and `$2` the workspace in every part. */
  constructor({ organisationId, workspaceId }: WorkspaceOf) {
    this.#values = [organisationId, workspaceId];
  }

  /** Takes a value up; answers what stands for it in the text. */
  value(value: unknown): string {
    this.#values.push(value);
    return `$${this.#values.length}`;
  }

  /** A list of figures or truths: nothing in it needs quoting. */
  plainList(type: 'int' | 'bigint' | 'boolean', values: readonly (number | boolean | null)[]): string {
    let text = '';
    for (const value of values) text += `${text === '' ? '{' : ','}${value ?? 'NULL'}`;
    return `${this.value(`${text}}`)}::${type}[]`;
  }

  /** A list of texts. One in which nothing is said needs no values: it is as long as the others, and empty. */
  textList(values: readonly (string | null)[]): string {
    if (values.every((value) => value === null)) return 'NULL::text[]';
    let text = '';
    for (const value of values) text += `${text === '' ? '{' : ','}${quoted(value)}`;
    return `${this.value(`${text}}`)}::text[]`;
  }

  add(part: string): void {
    this.#parts.push(part);
  }

  /** null where there is nothing to write. */
  #statement(): { readonly text: string; readonly values: readonly unknown[] } | null {
    if (this.#parts.length === 0) return null;
    const parts = this.#parts.map((part, place) => `part_${place} AS (${part})`);
    return { text: `WITH ${parts.join(',\n')} SELECT 1`, values: this.#values };
  }

  async run({ query }: Pick<Transaction, 'query'>): Promise<void> {
    const statement = this.#statement();
    if (statement) await query(statement.text, statement.values);
  }

  /** As the last statement of its transaction. */
  finish({ finish }: Pick<Transaction, 'finish'>): void {
    const statement = this.#statement();
    if (statement) finish(statement.text, statement.values);
  }
}

/** An element of a list as PostgreSQL reads it. */
function quoted(value: string | null): string {
  if (value === null) return 'NULL';
  return needsNoEscape.test(value) ? `"${value}"` : `"${value.replaceAll(/[\\"]/g, '\\$&')}"`;
}

const needsNoEscape = /^[\w -]*$/;

export interface DeviceIndexes {
  readonly indexOf: (deviceId: string) => number;
  /** Devices that had none before. */
  readonly fresh: readonly { readonly deviceId: string; readonly index: number }[];
}

/** The counter, and what stands at the places that were taken. */
export function addRows(
  writing: Writing,
  given: {
    readonly writes: BookingWrites;
    readonly devices: DeviceIndexes;
    readonly senderId: string;
    readonly now: number;
  },
): void {
  const { writes, devices, senderId, now } = given;
  writing.add(`UPDATE history SET seq = ${writing.value(writes.seq)} WHERE workspace_id = $2`);
  addDevices(writing, { ...given, now });
  const taken = writes.rows.filter((row) => row.seq !== null && row.entry !== null);
  if (taken.length > 0) addEntries(writing, taken, { devices, senderId });
  const refused = writes.rows.filter((row) => row.seq === null);
  if (refused.length > 0) addRefused(writing, refused, devices);
  if (writes.verdicts.length > 0) addVerdicts(writing, writes, devices);
}

function addEntries(
  writing: Writing,
  rows: readonly NewRow[],
  { devices, senderId }: { readonly devices: DeviceIndexes; readonly senderId: string },
): void {
  const spenders = rows.map(({ entry }) => spenderOf(entry));
  const uses = rows.map(({ entry }) => changeOfUse(entry));
  const verdicts = rows.map(({ verdict }) => (verdict.kind === 'booked' ? null : JSON.stringify(verdict)));
  const plain = (type: 'int' | 'bigint' | 'boolean', valueOf: (row: NewRow) => number | boolean | null): string =>
    writing.plainList(type, rows.map(valueOf));
  const seqs = plain('bigint', ({ seq }) => seq);
  const ids = writing.textList(rows.map(({ id }) => id));
  const indexes = plain('int', ({ by }) => devices.indexOf(by.deviceId));
  const numbers = plain('bigint', ({ by }) => by.number);
  const hashes = writing.textList(rows.map(({ bodyHash }) => bodyHash));
  const broughtBy = writing.value(devices.indexOf(senderId));
  // JSON has no line ends of its own, so that bodies need no quoting between them.
  const bodies = `string_to_array(${writing.value(rows.map(({ text }) => text).join('\n'))}, E'\\n')`;
  const links = writing.textList(rows.map(({ entry }) => (entry === null ? null : baseIdOf(entry))));
  const ofTerms = plain('boolean', ({ entry }) => entry !== null && isOfTerms(entry));
  const members = writing.textList(spenders.map(({ memberId }) => memberId));
  const teams = writing.textList(spenders.map(({ teamId }) => teamId));
  const instants = writing.plainList(
    'bigint',
    uses.map((use) => use?.at ?? null),
  );
  const amounts = writing.plainList(
    'bigint',
    uses.map((use) => use?.credits ?? null),
  );
  writing.add(`INSERT INTO entry (organisation_id, workspace_id, seq, id, device_index, number, brought_by, body_hash,
      body, verdict, linked_id, of_terms, member_id, team_id, spent_at, used)
    SELECT $1, $2, seq, id, device_index, number, nullif(${broughtBy}::int, device_index), decode(hash, 'hex'), body,
      verdict, linked_id, of_terms, member_id, team_id, spent_at, used
    FROM unnest(${seqs}, ${ids}, ${indexes}, ${numbers}, ${hashes}, ${bodies}, ${writing.textList(verdicts)}, ${links},
      ${ofTerms}, ${members}, ${teams}, ${instants}, ${amounts})
      AS row (seq, id, device_index, number, hash, body, verdict, linked_id, of_terms, member_id, team_id, spent_at, used)`);
}

function addRefused(writing: Writing, rows: readonly KnownRow[], devices: DeviceIndexes): void {
  writing.add(`INSERT INTO refused_row (organisation_id, workspace_id, id, body_hash, device_index, number, verdict)
    SELECT $1, $2, id, decode(hash, 'hex'), device_index, number, verdict
    FROM unnest(${writing.value(rows.map(({ id }) => id))}::text[],
      ${writing.value(rows.map(({ bodyHash }) => bodyHash))}::text[],
      ${writing.value(rows.map(({ by }) => devices.indexOf(by.deviceId)))}::int[],
      ${writing.value(rows.map(({ by }) => by.number))}::bigint[],
      ${writing.value(rows.map(({ verdict }) => JSON.stringify(verdict)))}::text[])
      AS row (id, hash, device_index, number, verdict)`);
}

function addVerdicts(writing: Writing, writes: BookingWrites, devices: DeviceIndexes): void {
  const rows = new Map(writes.rows.map((row) => [row.id, row]));
  const whose = writes.verdicts.map(({ verdict }) => {
    const row = rows.get(verdict.entryId);
    assert(row, 'A verdict is on a row that is written with it');
    return { memberId: spenderOf(row.entry).memberId, index: devices.indexOf(row.by.deviceId) };
  });
  writing.add(`INSERT INTO entry_verdict (organisation_id, workspace_id, seq, entry_id, member_id, device_index, verdict)
    SELECT $1, $2, seq, entry_id, member_id, device_index, verdict
    FROM unnest(${writing.value(writes.verdicts.map(({ seq }) => seq))}::bigint[],
      ${writing.value(writes.verdicts.map(({ verdict }) => verdict.entryId))}::text[],
      ${writing.value(whose.map(({ memberId }) => memberId))}::text[],
      ${writing.value(whose.map(({ index }) => index))}::int[],
      ${writing.value(writes.verdicts.map(({ verdict }) => JSON.stringify(verdict)))}::text[])
      AS row (seq, entry_id, member_id, device_index, verdict)`);
}

function addDevices(
  writing: Writing,
  given: { readonly writes: BookingWrites; readonly devices: DeviceIndexes; readonly now: number },
): void {
  const { writes, devices, now } = given;
  const { deviceId, number } = writes.numberMax;
  const others = devices.fresh.filter((device) => device.deviceId !== deviceId);
  const ids = [deviceId, ...others.map((device) => device.deviceId)];
  const indexes = [devices.indexOf(deviceId), ...others.map(({ index }) => index)];
  const forked = JSON.stringify(writes.forkedBy.slice(0, forksKept));
  writing.add(`INSERT INTO history_device AS known (organisation_id, workspace_id, device_index, device_id, number_max)
    SELECT $1, $2, device_index, device_id, number_max
    FROM unnest(${writing.value(indexes)}::int[], ${writing.value(ids)}::text[],
      ${writing.value([number, ...others.map(() => 0)])}::bigint[]) AS row (device_index, device_id, number_max)
    ON CONFLICT (workspace_id, device_id) DO UPDATE SET number_max = greatest(known.number_max, excluded.number_max)
    ${writes.forkedBy.length === 0 ? '' : `, forked_by = ${writing.value(forked)}::jsonb, forked_at = ${writing.value(now)}::bigint`}`);
}

const forksKept = 20;

/** Leases and books, old and new. */
export function addLending(
  writing: Writing,
  { leases, books }: { readonly leases: readonly LeaseRecord[]; readonly books: readonly PoolBook[] },
): void {
  if (leases.length > 0) {
    const column = (type: string, valueOf: (lease: LeaseRecord) => unknown): string =>
      `${writing.value(leases.map(valueOf))}::${type}[]`;
    writing.add(`INSERT INTO lease (organisation_id, workspace_id, id, device_id, pool_id, period_start, period_end,
        amount, borne, spendable_until, reclaim_at, closed)
      SELECT $1, $2, row.* FROM unnest(${column('text', ({ id }) => id)}, ${column('text', ({ deviceId }) => deviceId)},
        ${column('text', ({ poolId }) => poolId)}, ${column('bigint', ({ period }) => period.start)},
        ${column('bigint', ({ period }) => period.end)}, ${column('bigint', ({ amount }) => amount)},
        ${column('bigint', ({ borne }) => borne)}, ${column('bigint', ({ spendableUntil }) => spendableUntil)},
        ${column('bigint', ({ reclaimAt }) => reclaimAt)}, ${column('text', ({ closed }) => closed)}) AS row
      ON CONFLICT (workspace_id, id) DO UPDATE SET amount = excluded.amount, borne = excluded.borne,
        spendable_until = excluded.spendable_until, reclaim_at = excluded.reclaim_at, closed = excluded.closed`);
  }
  if (books.length > 0) {
    const column = (type: string, valueOf: (book: PoolBook) => unknown): string =>
      `${writing.value(books.map(valueOf))}::${type}[]`;
    writing.add(`INSERT INTO pool_book (organisation_id, workspace_id, pool_id, period_start, period_end, hard, granted,
        settled, leased, shortfall, overrun, overage)
      SELECT $1, $2, row.* FROM unnest(${column('text', ({ poolId }) => poolId)},
        ${column('bigint', ({ period }) => period.start)}, ${column('bigint', ({ period }) => period.end)},
        ${column('boolean', ({ hard }) => hard)}, ${column('bigint', ({ granted }) => granted)},
        ${column('bigint', ({ settled }) => settled)}, ${column('bigint', ({ leased }) => leased)},
        ${column('bigint', ({ shortfall }) => shortfall)}, ${column('bigint', ({ overrun }) => overrun)},
        ${column('bigint', ({ overage }) => overage)}) AS row
      ON CONFLICT (workspace_id, pool_id, period_start) DO UPDATE SET period_end = excluded.period_end,
        hard = excluded.hard, granted = excluded.granted, settled = excluded.settled, leased = excluded.leased,
        shortfall = excluded.shortfall, overrun = excluded.overrun, overage = excluded.overage`);
  }
}

/** Holds with what settled them. What an open hold sets aside stands beside it, for the caps. */
export function addGroups(writing: Writing, groups: readonly (readonly [string, HoldGroup])[]): void {
  if (groups.length === 0) return;
  const column = (type: string, valueOf: (group: HoldGroup) => unknown): string =>
    `${writing.value(groups.map(([, group]) => valueOf(group)))}::${type}[]`;
  const text = (line: Hold | Capture | Release | undefined): string | null => (line ? JSON.stringify(line) : null);
  writing.add(`INSERT INTO hold_group (organisation_id, workspace_id, hold_id, hold, settlement, member_id, team_id,
      spent_at, held, expires_at)
    SELECT $1, $2, row.* FROM unnest(${writing.value(groups.map(([id]) => id))}::text[],
      ${column('text', ({ hold }) => text(hold))}, ${column('text', ({ settlement }) => text(settlement))},
      ${column('text', ({ hold }) => hold?.memberId ?? null)}, ${column('text', ({ hold }) => hold?.teamId ?? null)},
      ${column('bigint', ({ hold }) => hold?.occurredAt ?? null)},
      ${column('bigint', ({ hold, settlement }) => (settlement ? null : (hold?.credits ?? null)))},
      ${column('bigint', ({ hold }) => hold?.expiresAt ?? null)}) AS row
    ON CONFLICT (workspace_id, hold_id) DO UPDATE SET hold = excluded.hold, settlement = excluded.settlement,
      member_id = excluded.member_id, team_id = excluded.team_id, spent_at = excluded.spent_at, held = excluded.held,
      expires_at = excluded.expires_at`);
}

function spenderOf(entry: Entry | null): { readonly memberId: string | null; readonly teamId: string | null } {
  if (entry?.kind === 'line' && 'memberId' in entry.line) return entry.line;
  return { memberId: null, teamId: null };
}

function changeOfUse(entry: Entry | null) {
  return entry?.kind === 'line' ? useOf(entry.line) : null;
}
