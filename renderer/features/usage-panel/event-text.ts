import type { UsageEvent } from '../../../shared/bridge/usage-panel-views.ts';
import { formatCredits } from '../../ui/figures.tsx';
import { strings } from './strings.ts';

/** What may explain a change in use, in words. */
export function eventText(event: UsageEvent): string {
  switch (event.kind) {
    case 'reset':
      return strings.events.reset;
    case 'grant':
      return strings.events[event.grant]({ credits: formatCredits(event.credits) });
    case 'plan':
    case 'seats':
      return event.summary;
    case 'import':
      return strings.events.import({ fileName: event.fileName, booked: strings.events.rows({ count: event.booked }) });
  }
}
