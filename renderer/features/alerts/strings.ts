import { words } from '../../i18n/words.ts';

/** What the alert centre says. */
export const english = {
  title: 'Alerts',
  description: 'What was crossed and what happened, each told once. Everything stays in the history.',
  settings: 'Choose what is told',
  seeAll: 'Mark all as seen',
  see: 'Mark as seen',
  seeOne: 'Mark as seen: {{headline}}',
  fresh: 'New',
  history: 'History',
  nothingNew: 'Nothing new. What was told before is below.',
  emptyTitle: 'No alerts yet',
  emptyBody:
    'You are told here when use reaches a threshold, when credits may run out before the reset, after a reset, of holds that wait for an answer, of orders, when sync is stuck, and each Monday how the week went.',
  since: 'Watched since {{moment}}; what had happened by then is not told.',
  waiting: 'Waits for the end of the quiet hours',
  off: 'Switched off',
  places: { overview: 'Open the overview', subscription: 'Open the subscription', sync: 'Open Sync' },
  placeOf: '{{place}}: {{headline}}',
} as const;

export const strings = words('alerts', english);
