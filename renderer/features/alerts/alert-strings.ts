import { words } from '../../i18n/words.ts';

/** What each alert says: a headline, and what is behind it. */
export const english = {
  /** Behind the name of a thing that is a person's. */
  whose: ' of {{name}}',
  over: ', {{credits}} over',
  zone: '{{moment}} ({{zone}})',
  threshold: {
    allotment: '{{share}} of the allotment{{whose}} is used',
    allotmentUp: '{{share}} of the allotment{{whose}} is used up',
    grants: '{{share}} of the credits that were granted{{whose}} is used',
    grantsUp: '{{share}} of the credits that were granted{{whose}} is used up',
    detail: '{{used}} used of {{of}}{{over}}. Resets on {{moment}}.',
    recovered: ' It is below again meanwhile.',
  },
  runOut: {
    headline: 'Credits may run out before the reset: {{share}} likely',
    detail: '{{credits}} left until {{moment}}.',
    when: ' Probably on {{day}}.',
    whenBetween: ' Probably on {{day}} (between {{from}} and {{to}}, four times of five).',
  },
  reset: {
    headline: 'A new period has begun: {{credits}} allotted',
    detail: 'Used in the one before: {{credits}}{{over}}. It ended on {{moment}}.',
  },
  expired: {
    headline: 'A hold{{whose}} timed out: {{credits}} are free again',
    detail: 'It ended on {{moment}} without an answer. What was used after all can still be logged.',
  },
  expiring: {
    headline: 'A hold{{whose}} is about to time out: {{credits}}',
    detail: 'Capture or release it by {{moment}}; then its credits are free again.',
  },
  holdOpen: {
    headline: 'A hold{{whose}} has been open for more than a day: {{credits}}',
    detail: 'It began on {{moment}}. Capture what was used, or release it.',
  },
  order: {
    granted: 'The order of {{pack}} was granted',
    grantedCredits: 'The order of {{pack}} was granted: {{credits}}',
    refused: 'The order of {{pack}} was refused',
    cancelled: 'The order of {{pack}} was cancelled',
    added: 'Its credits can be spent.',
    notAdded: 'No credits were added.',
  },
  sync: {
    never: 'It never went well so far.',
    last: 'It last went well on {{moment}}.',
    stopped: 'Sync has stopped: nothing is sent until you look after it',
    stoppedNothing: '{{since}} Nothing waits on this computer. The page Sync says what to do.',
    stoppedWaiting_one: '{{since}} {{count}} entry is on this computer only, and kept. The page Sync says what to do.',
    stoppedWaiting_other:
      '{{since}} {{count}} entries are on this computer only, and kept. The page Sync says what to do.',
    stuck_one: 'Sync is stuck: {{count}} entry is on this computer only, for more than a day',
    stuck_other: 'Sync is stuck: {{count}} entries are on this computer only, for more than a day',
    stuckDetail: '{{since}} Everything is kept and tried again by itself. The page Sync says why.',
  },
  digest: {
    headline: 'The week before {{day}}: {{credits}} used',
    detail: '{{before}} in the week before that.{{top}} {{available}} left until {{moment}}.',
    top: ' Most by {{feature}}: {{credits}}.',
  },
} as const;

export const strings = words('alerts-alert', english);
