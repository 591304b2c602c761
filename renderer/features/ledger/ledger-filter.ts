// From what the address selects to the filter of the bridge, and the name of an exported file.
import type { LedgerSelection } from '../../../shared/analytics/view-link.ts';
import { addDays, type LocalDate } from '../../../shared/kernel/time-zone.ts';
import type { bridge } from '../../app/bridge.ts';
import { fileNameOf } from '../../ui/save-file.ts';

export type LedgerFilter = Parameters<(typeof bridge)['ledger']['page']>[0]['filter'];

/** The last day is selected too, so that the filter ends where the next one begins. */
export function filterOf(selection: LedgerSelection): LedgerFilter {
  const { kinds, to, text, ...rest } = selection;
  return {
    ...rest,
    ...(kinds === undefined ? {} : { kinds: [...kinds] }),
    ...(to === undefined ? {} : { to: addDays(to, 1) }),
    ...(text === undefined ? {} : { text: text.trim() }),
  };
}

/** How many of the filter's parts are set. */
export function partsSet(selection: LedgerSelection): number {
  const { from, to, ...others } = selection;
  return Object.keys(others).length + (from === undefined && to === undefined ? 0 : 1);
}

/** `fuelgauge-acme-ledger-2026-03-18.csv`, with nothing in it that a file system could stumble over. */
export function exportFileName(
  workspaceName: string,
  file: { readonly format: 'csv' | 'json'; readonly day: LocalDate; readonly filtered: boolean },
): string {
  return fileNameOf([workspaceName, file.filtered ? 'ledger-selection' : 'ledger', file.day], file.format);
}
