import { words } from '../i18n/words.ts';

/** What the list of open holds says. */
export const english = {
  title: 'Open holds ({{count}})',
  description: 'Credits set aside for work that is under way. Say what became of each.',
  heldBy: 'held by {{who}}',
  nobody: 'nobody in particular',
  other: 'somebody else',
  since: 'since',
  givenBack: 'given back by itself',
  flagged: 'Open for more than 24 hours',
  captureAll: 'Capture all {{credits}}',
  capturePart: 'Capture part …',
  release: 'Release',
  partLabel: 'Credits used',
  partDescription: 'Of {{held}} held. What is not captured is free again at once.',
  partSubmit: 'Capture',
  partCancel: 'Cancel',
  named: '{{action}}: {{title}}',
  captured: '{{credits}} of {{title}} captured.',
  released: '{{title}} released. All its credits are free again.',
  amountMissing: 'Enter how many credits were used.',
} as const;

export const strings = words('ui-open-holds', english);
