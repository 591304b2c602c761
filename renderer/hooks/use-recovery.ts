import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import type { RecoveryView } from '../../shared/bridge/recovery.ts';
import { bridge } from '../app/bridge.ts';
import { useLive, type Live } from './use-live.ts';

/** How the data of this computer is, live: open, only read, or not open at all. */
export function useRecovery(): Live<RecoveryView> {
  return useLive(['recovery'], (signal) => bridge.recovery.live(undefined, { signal }));
}

/** Once the data was opened anew, as after a restore, what was read before is asked for again. */
export function useFreshAfterOpening(openings: number | undefined, onOpened: () => void): void {
  const client = useQueryClient();
  const seen = useRef<number | undefined>(undefined);
  useEffect(() => {
    if (openings === undefined || seen.current === openings) return;
    const first = seen.current === undefined;
    seen.current = openings;
    if (first) return;
    // Live views ask again by themselves when theirs end.
    void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'recovery' });
    onOpened();
  }, [client, openings, onOpened]);
}
