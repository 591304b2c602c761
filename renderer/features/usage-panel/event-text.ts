import type { UsageEvent } from '../../../shared/bridge/usage-panel-views.ts';
import { formatCredits } from '../../ui/figures.tsx';
import { strings } from './strings.ts';

/** What may explain a change in use, in words. */
export function eventText(event: UsageEvent): string {
  switch (event.kind) {
    case 'reset':
      return strings.events.reset;
    case 'grant':
      return strings.events[event.grant](formatCredits(event.credits));
    case 'plan':
    case 'seats':
      return event.summary;
    case 'import':
      return strings.events.import(event.fileName, strings.events.rows(event.booked));
  }
}
