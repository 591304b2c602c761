import { Badge } from '@mantine/core';
import type { ReadingView } from '../../../shared/bridge/reading-views.ts';
import { readingState, type ReadingState } from './reading-state.ts';
import { strings } from './strings.ts';

const colors: Readonly<Record<ReadingState, string>> = {
  agrees: 'petrol',
  booked: 'petrol',
  open: 'amber',
  reopened: 'amber',
  closedByLater: 'gray',
};

export function StateBadge({ reading }: { readonly reading: ReadingView }) {
  const state = readingState(reading);
  return (
    <Badge variant="light" color={colors[state]} tt="none">
      {strings.states[state]}
    </Badge>
  );
}
