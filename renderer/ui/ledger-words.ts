// The words for a line of the ledger, the same on every screen.
import type { LedgerRow } from '../../shared/bridge/views.ts';
import type { TransactionKind } from '../../shared/ledger/transaction.ts';
import { formatCredits, formatQuantity, formatSignedCredits } from './figures.tsx';
import { strings } from './ledger-strings.ts';

export const kindWords: Readonly<Record<TransactionKind, string>> = strings.kinds;

export const holdStateWords: Readonly<Record<NonNullable<LedgerRow['holdState']>, string>> = strings.holdStates;

/** Who used something, as a person reads it. */
export function personOf(row: Pick<LedgerRow, 'memberName' | 'memberHidden'>): string {
  return row.memberHidden ? strings.hidden : (row.memberName ?? strings.unattributed);
}

/** What was used: `Screen, deep`; the kind of the line where no feature is named. */
export function titleOfLine(row: Pick<LedgerRow, 'kind' | 'featureName' | 'variant'>): string {
  if (row.featureName === null) return kindWords[row.kind];
  return row.variant === null ? row.featureName : `${row.featureName}, ${row.variant}`;
}

/** `3 slides`; empty where the line counts nothing, or counts only the credits themselves. */
export function quantityOfLine(row: Pick<LedgerRow, 'quantity' | 'unit'>): string {
  return row.quantity === null ? '' : formatQuantity(row.quantity, row.unit);
}

/** The figure of a line: use as it is, what gives back with its sign, a hold as set aside, a grant as added. */
export function creditsOfLine(row: Pick<LedgerRow, 'kind' | 'credits'>): string {
  switch (row.kind) {
    case 'usage':
    case 'capture':
    case 'refund':
    case 'void':
      return formatCredits(row.credits);
    case 'correction':
      return formatSignedCredits(row.credits);
    case 'hold':
      return strings.held({ credits: formatCredits(row.credits) });
    case 'release':
      return strings.nothing;
    case 'grant':
      return strings.granted({ credits: formatCredits(row.credits) });
  }
}
