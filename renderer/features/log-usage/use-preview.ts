import { useDebouncedValue } from '@mantine/hooks';
import { hashKey, keepPreviousData, useQuery } from '@tanstack/react-query';
import type { PreviewView, WorkspaceView } from '../../../shared/bridge/views.ts';
import { parseQuantity, type Quantity } from '../../../shared/kernel/credits.ts';
import { bridge } from '../../app/bridge.ts';
import type { UsageInput } from './usage-draft.ts';

const typingPauseMs = 150;

export interface UsagePreview {
  readonly view: PreviewView | undefined;
  /** What the view was worked out for; null without one. */
  readonly priced: { readonly quantity: Quantity | null; readonly unit: string | null } | null;
  /** The view is of an earlier input, or is being asked for again. */
  readonly stale: boolean;
  readonly working: boolean;
  readonly error: unknown;
}

/**
 * The price and decision for an input, shortly after typing pauses. Each answer is kept under its own input, so that a
 * late answer to an earlier one is never shown for this one.
 */
export function usePreview(input: UsageInput | null, workspace: WorkspaceView): UsagePreview {
  const [asked] = useDebouncedValue(input, typingPauseMs);
  const query = useQuery({
    queryKey: ['usage-preview', asked],
    queryFn: async ({ signal }) => {
      if (asked === null) return null;
      return { view: await bridge.usage.preview(asked, { signal }), asked };
    },
    enabled: asked !== null,
    placeholderData: keepPreviousData,
    // Balances move with every entry, here or elsewhere: an answer is for the moment it was given.
    staleTime: 0,
    gcTime: 0,
  });
  const answer = input === null ? undefined : (query.data ?? undefined);
  const changed = hashKey([input]) !== hashKey([asked]);
  return {
    view: answer?.view,
    priced: answer === undefined ? null : pricedOf(answer.asked, workspace),
    stale: changed || query.isFetching || query.isPlaceholderData,
    working: input !== null && query.error === null,
    error: changed || input === null ? null : query.error,
  };
}

function pricedOf(asked: UsageInput, workspace: WorkspaceView): UsagePreview['priced'] {
  const quantity = parseQuantity(asked.quantity);
  const feature = workspace.features.find((candidate) => candidate.id === asked.feature);
  return { quantity: quantity.ok ? quantity.value.value : null, unit: feature?.unit ?? null };
}
