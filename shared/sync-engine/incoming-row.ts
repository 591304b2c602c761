import type { Instant } from '../kernel/instant.ts';
import { ok, type Result } from '../kernel/result.ts';
import { canonicalText, type Digest } from '../protocol/body-hash.ts';
import type { Authorship, Entry } from '../protocol/entry.ts';
import { parsePushRow, type ReceivedPush } from '../protocol/push.ts';
import type { RefusalReason } from '../protocol/verdict.ts';
import type { Transaction } from '../ledger/transaction.ts';

/** A row of a push as the server looks at it: an entry, or why it is none, and what stands for its body. */
export interface IncomingRow {
  readonly id: string;
  readonly by: Authorship;
  readonly bodyHash: string;
  /** The entry as it is kept and sent on; null for none. */
  readonly text: string | null;
  readonly parsed: Result<Entry, RefusalReason>;
}

export function incomingRow(received: ReceivedPush['rows'][number], digest: Digest): IncomingRow {
  const { id, by } = received;
  const parsed = parsePushRow(received);
  if (!parsed.ok) return { id, by, bodyHash: digest(canonicalText(received.entry ?? null)), text: null, parsed };
  const { entry, said, text } = parsed.value;
  return { id, by, bodyHash: digest(said), text, parsed: ok(entry) };
}

/** What has to be read to book rows; the leases of the holds that are found are needed too. */
export interface FactsNeeded {
  readonly rowIds: readonly string[];
  /** Who wrote the rows. */
  readonly deviceIds: readonly string[];
  readonly holdIds: readonly string[];
  /** Lines that lines of the batch follow from. */
  readonly baseIds: readonly string[];
  /** Uses that the batch begins: where a tail was lost, what follows from them may have come first. */
  readonly begunIds: readonly string[];
  readonly leaseIds: readonly string[];
  /** Of which pools the book of which instant; of a pool that is granted something, all later ones as well. */
  readonly uses: readonly { readonly poolId: string; readonly at: Instant }[];
}

export function factsNeeded(rows: readonly IncomingRow[]): FactsNeeded {
  const lines = rows.flatMap(({ parsed }) => (parsed.ok && parsed.value.kind === 'line' ? parsed.value.line : []));
  return {
    rowIds: rows.map(({ id }) => id),
    deviceIds: [...new Set(rows.map(({ by }) => by.deviceId))],
    holdIds: [...new Set(lines.flatMap(holdIdOf))],
    baseIds: [...new Set(lines.flatMap((line) => ('linkedId' in line && line.linkedId) || []))],
    begunIds: lines.flatMap(({ kind, id }) => (kind === 'usage' || kind === 'hold' || kind === 'correction' ? id : [])),
    leaseIds: [...new Set(lines.flatMap((line) => ('leaseId' in line && line.leaseId) || []))],
    uses: lines.map((line) => ({ poolId: line.poolId, at: spentAt(line) })),
  };
}

/** When the use that a line is about counts. */
export function spentAt(line: Transaction): Instant {
  return 'spentAt' in line ? line.spentAt : line.occurredAt;
}

/** What follows from a line may follow from a hold: only who has its base knows. */
function holdIdOf(line: Transaction): readonly string[] {
  if (line.kind === 'hold') return [line.id];
  return 'linkedId' in line && line.linkedId !== null ? [line.linkedId] : [];
}
