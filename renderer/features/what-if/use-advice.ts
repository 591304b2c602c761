import { useDebouncedValue } from '@mantine/hooks';
import { hashKey, keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import { bridge } from '../../app/bridge.ts';
import { useLive } from '../../hooks/use-live.ts';
import { parseWhatIfSearch, type WhatIfSearch } from '../../hooks/what-if-search.ts';

/** What the address says, and how it is made to say something else; undefined and empty text take a part away. */
export function useWhatIfSearch(): readonly [WhatIfSearch, (change: Changes) => void] {
  const found = useSearch({ from: '/w/$workspaceId/what-if' });
  // What was left out of the address as wrong comes back from it: the router lays the one over the other.
  const search = useMemo(() => parseWhatIfSearch({ ...found }), [found]);
  const navigate = useNavigate();
  const change = useCallback(
    (changes: Changes) =>
      void navigate({
        to: '.',
        search: (before: Readonly<Record<string, unknown>>) => parseWhatIfSearch({ ...before, ...changes }),
        replace: true,
      }),
    [navigate],
  );
  return [search, change];
}

type Changes = { readonly [Key in keyof WhatIfSearch]?: WhatIfSearch[Key] | undefined };

export interface Advice<View> {
  readonly view: View | undefined;
  /** The view answers an earlier question, or is being asked for again. */
  readonly stale: boolean;
  readonly error: unknown;
  readonly retry: () => void;
}

const typingPauseMs = 200;
const everyMinuteMs = 60_000;

/** The answer to a question, shortly after typing pauses, again after every entry, and every minute as time goes on. */
export function useAdvice<Question extends { readonly workspaceId: string }, View>(
  name: string,
  question: Question,
  ask: (question: Question, options: { readonly signal: AbortSignal }) => Promise<View>,
): Advice<View> {
  const { workspaceId } = question;
  const [asked] = useDebouncedValue(question, typingPauseMs);
  const changes = useLive(['ledger-changes', workspaceId], (signal) =>
    bridge.ledger.changes({ workspaceId }, { signal }),
  );
  const query = useQuery({
    queryKey: ['advice', name, asked, changes.data?.sequence ?? 0],
    queryFn: ({ signal }) => ask(asked, { signal }),
    placeholderData: keepPreviousData,
    refetchInterval: everyMinuteMs,
    staleTime: 0,
    gcTime: 0,
    retry: false,
  });
  const changed = hashKey([question]) !== hashKey([asked]);
  return {
    view: query.error === null ? query.data : undefined,
    stale: changed || query.isPlaceholderData,
    error: changed ? null : query.error,
    retry: () => void query.refetch(),
  };
}
