import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { OutboxEntry } from '../../../shared/bridge/sync-views.ts';
import type { Instant } from '../../../shared/kernel/instant.ts';
import { bridge } from '../../app/bridge.ts';

export type OutboxShow = 'waiting' | 'refused' | 'conflicts';

export interface OutboxPages {
  /** As far as they have been read. */
  readonly entries: readonly OutboxEntry[];
  readonly total: number;
  readonly pending: boolean;
  readonly error: unknown;
  readonly retry: () => void;
  /** Reads on; does nothing at the end or while it reads. */
  readonly readOn: () => void;
}

interface OutboxOptions {
  readonly show: OutboxShow;
  /** Whenever these change, the list is read again. */
  readonly counts: Readonly<Record<OutboxShow, number>>;
  readonly oldestAt: Instant | null;
}

const pageSize = 100;

/** One list of the outbox, page after page as far as somebody looks. */
export function useOutbox(workspaceId: string, { show, counts, oldestAt }: OutboxOptions): OutboxPages {
  const query = useInfiniteQuery({
    queryKey: ['outbox', workspaceId, show, counts[show], oldestAt],
    queryFn: ({ pageParam, signal }) =>
      bridge.sync.outbox({ workspaceId, show, cursor: pageParam, limit: pageSize }, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
    placeholderData: keepPreviousData,
    staleTime: 0,
    gcTime: 0,
  });
  const { data, error, isPending, hasNextPage, isFetching, fetchNextPage, refetch } = query;
  const entries = useMemo(() => (data?.pages ?? []).flatMap((page) => page.entries), [data]);
  return {
    entries: counts[show] === 0 ? [] : entries,
    total: data?.pages.at(-1)?.total ?? 0,
    pending: isPending,
    error,
    retry: () => void refetch(),
    readOn: () => {
      if (hasNextPage && !isFetching) void fetchNextPage();
    },
  };
}
