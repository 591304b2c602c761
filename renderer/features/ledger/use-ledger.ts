import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { hashKey } from '@tanstack/react-query';
import { bridge } from '../../app/bridge.ts';
import { useLive } from '../../hooks/use-live.ts';
import type { LedgerFilter } from './ledger-filter.ts';
import { LedgerReader, type LedgerSnapshot } from './ledger-reader.ts';

export interface Ledger extends LedgerSnapshot {
  readonly want: (index: number) => void;
  readonly retry: () => void;
}

/** The lines that the filter selects, read as far as they are looked at, and again whenever the ledger changes. */
export function useLedger(workspaceId: string, filter: LedgerFilter): Ledger {
  const key = hashKey([workspaceId, filter]);
  const [reader, setReader] = useState(() => readerOf(workspaceId, filter));
  const [readKey, setReadKey] = useState(key);
  if (readKey !== key) {
    setReadKey(key);
    setReader(readerOf(workspaceId, filter));
  }
  const snapshot = useSyncExternalStore(reader.subscribe, reader.snapshot);

  const { data: change } = useLive(['ledger-changes', workspaceId], (signal) =>
    bridge.ledger.changes({ workspaceId }, { signal }),
  );
  const sequence = change?.sequence;
  useEffect(() => reader.connect(), [reader]);
  useEffect(() => {
    if (sequence !== undefined) reader.refresh();
  }, [reader, sequence]);
  return useMemo(() => ({ ...snapshot, want: reader.want, retry: reader.retry }), [snapshot, reader]);
}

function readerOf(workspaceId: string, filter: LedgerFilter): LedgerReader {
  return new LedgerReader((request, signal) => bridge.ledger.page({ workspaceId, filter, ...request }, { signal }));
}
