import type { UsageAnswer, UsageRequest, UsageSurroundings } from '../../shared/usage/log-usage.ts';
import { considerUsage } from '../../shared/usage/log-usage.ts';
import { credits, quantity, microPerUnit } from '../../shared/kernel/credits.ts';
import type { Instant } from '../../shared/kernel/instant.ts';
import { heldOf } from '../../shared/ledger/spends.ts';
import type { TermsIndex } from '../../shared/ledger/schedule.ts';
import { useOf, type Transaction } from '../../shared/ledger/transaction.ts';
import { askPool } from '../../shared/ledger/what-if.ts';
import { fold, ledgerOf } from './workspace-terms.ts';

/** What the rules ask of a workspace, answered from its lines alone, slowly and plainly. */
export function surroundings(index: TermsIndex, lines: readonly Transaction[], now: Instant): UsageSurroundings {
  return {
    index,
    weekStart: 1,
    askPool: (amount, at) => askPool({ ledger: ledgerOf(index, lines), amount, at, now }),
    spentIn: (window, spender) => {
      const state = fold(index, lines, now);
      let total = 0;
      for (const line of lines) {
        const use = line.kind === 'hold' ? { at: line.occurredAt, credits: credits(0) } : useOf(line);
        const inside = use !== null && use.at >= window.start && use.at < window.end;
        const theirs =
          'memberId' in line &&
          (spender.memberId === null ? line.teamId === spender.teamId : line.memberId === spender.memberId);
        if (!inside || !theirs) continue;
        const held = state.spendById.get(line.id);
        total += use.credits + (line.kind === 'hold' && held ? heldOf(held) : 0);
      }
      return credits(total);
    },
  };
}

export function asked(feature: string, count: number, at: Instant, changes: Partial<UsageRequest> = {}): UsageRequest {
  const given = { feature, variant: null, quantity: quantity(count * microPerUnit), at, happened: false };
  return { ...given, memberId: null, teamId: null, ...changes };
}

/** Asks for a use at the instant that it is dated, or at `now`. */
export function consider(
  index: TermsIndex,
  lines: readonly Transaction[],
  request: UsageRequest,
  now: Instant = request.at,
): UsageAnswer {
  return considerUsage(request, surroundings(index, lines, now));
}
