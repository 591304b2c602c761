import { credits, type Credits } from '../../shared/kernel/credits.ts';
import { compareText } from '../../shared/kernel/id.ts';
import { useOf, type Transaction } from '../../shared/ledger/transaction.ts';
import type { ReplicaState } from './replica-state.ts';

/** What was used of an entry before a line that is linked to it was written down, and after it. */
export interface UsedAround {
  readonly before: Credits;
  readonly after: Credits;
}

/**
 * From what to what the linked lines among `lines` brought the entries that they speak of, by their ids, in the order in
 * which everything was written down. [L3] [L4]
 */
export function usedAround(state: ReplicaState, lines: readonly Transaction[]): ReadonlyMap<string, UsedAround> {
  const baseIds = [
    ...new Set(lines.flatMap((line) => ('linkedId' in line && useOf(line) ? (line.linkedId ?? []) : []))),
  ];
  const around = new Map<string, UsedAround>();
  for (let start = 0; start < baseIds.length; start += 500) {
    const some = baseIds.slice(start, start + 500);
    const marks = some.map(() => '?').join(',');
    const known = [
      ...state.linesWhere(`id IN (${marks})`, some),
      ...state.linesWhere(`"linkedId" IN (${marks})`, some),
    ];
    const used = new Map<string, number>();
    known.sort((left, right) => left.recordedAt - right.recordedAt || compareText(left.id, right.id));
    // An entry comes before what is linked to it, whatever the clocks said.
    known.sort((left, right) => Number('linkedId' in left) - Number('linkedId' in right));
    for (const line of known) {
      const baseId = ('linkedId' in line ? line.linkedId : null) ?? line.id;
      const before = used.get(baseId) ?? 0;
      const after = before + (useOf(line)?.credits ?? 0);
      used.set(baseId, after);
      if (baseId !== line.id) around.set(line.id, { before: credits(before), after: credits(after) });
    }
  }
  return around;
}
