import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { UsageListRow, UsageListView } from '../../../shared/bridge/usage-panel-views.ts';
import type { UsageSearch } from '../../../shared/analytics/view-link.ts';
import { bridge } from '../../app/bridge.ts';
import { windowGiven } from './usage-state.ts';

export interface UsageRows {
  /** Undefined before the first answer. */
  readonly view: UsageListView | undefined;
  readonly rows: readonly UsageListRow[];
  readonly error: unknown;
  readonly retry: () => void;
  /** Reads on when the row at `index` comes into view. */
  readonly want: (index: number) => void;
}

/** The rows of a full list, read in pieces while they are scrolled through. [A4] */
export function useUsageRows(workspaceId: string, by: 'feature' | 'team' | 'user', search: UsageSearch): UsageRows {
  const { q, sort = 'credits', order } = search;
  const given = {
    workspaceId,
    by,
    ...windowGiven(search),
    ...(q === undefined ? {} : { search: q }),
    sort,
    descending: sort === 'name' ? order === 'up' : order !== 'up',
  };
  const query = useInfiniteQuery({
    queryKey: ['usage-list', given],
    queryFn: ({ pageParam: from }) => bridge.usagePanel.list({ ...given, from, limit: rowsAtOnce }),
    initialPageParam: 0,
    getNextPageParam: (last, pages) => {
      const read = pages.reduce((total, page) => total + page.rows.length, 0);
      return read < last.count && last.rows.length > 0 ? read : undefined;
    },
    placeholderData: keepPreviousData,
  });
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  const rows = useMemo(() => data?.pages.flatMap((page) => page.rows) ?? [], [data]);
  return {
    view: data?.pages.at(-1),
    rows,
    error,
    retry: () => void refetch(),
    want: (index) => {
      if (index >= rows.length - readAhead && hasNextPage && !isFetchingNextPage) void fetchNextPage();
    },
  };
}

const rowsAtOnce = 200;
const readAhead = 60;
