import { words } from '../../i18n/words.ts';

/** What the screen for logging usage says. Figures, dates and names come in as text that is formatted already. */
export const english = {
  title: 'Log usage',
  description: 'See what an action costs and which grants pay before you log it. It works without a network.',

  form: {
    title: 'What was used',
    feature: 'Feature',
    featurePlaceholder: 'Type to search',
    featureNothing: 'No feature has that name.',
    featureMissing: 'Choose what was used.',
    groups: {
      priced: 'Priced',
      free: 'Free of charge',
      unpriced: 'Without a price yet',
      imported: 'Known from imports',
    },
    rate: '{{credits}} per {{unit}}',
    rateFree: 'free',
    rateUnknown: 'no price',
    rateMetered: 'metered by the platform',
    variant: 'Variant',
    variantOrdinary: 'Ordinary',
    variantRate: '{{name}} · {{rate}}',
    quantity: 'Quantity',
    quantityIn: 'Quantity ({{unit}})',
    quantityMissing: 'Enter how many.',
    member: 'Member',
    memberNothing: 'Nobody has that name.',
    me: '{{name}} (me)',
    left: '{{name}} (no longer active)',
    unattributed: 'Unattributed',
    when: 'When',
    now: 'Now',
    pick: 'At another time',
    time: 'Date and time in {{zone}}',
    timeMissing: 'Enter a date and a time.',
    note: 'Note',
    notePlaceholder: 'What it was for',
    holdEnds: 'If held, give back by itself',
    holdNever: 'Never',
    holdHours: 'After {{hours}}',
    hours_one: '{{count}} hour',
    hours_other: '{{count}} hours',
  },

  preview: {
    title: 'What it costs',
    empty: 'Choose a feature to see its price, the grants that pay and whether it may be spent.',
    working: 'Working out the price …',
    credits: 'credits',
    credit: 'credit',
    unpriced: 'No price',
    sum: '{{quantity}} × {{rate}}',
    pricing: {
      listed: 'Rate of the catalogue of {{version}}',
      assumed: 'Assumed: the earliest known rate, of {{version}}',
      estimate: 'An estimate: the catalogue does not list this feature',
      metered: 'Metered by the platform',
    },
    outcome: { allowed: 'Allowed', 'allowed-overage': 'Allowed, as overage', refused: 'Refused' },
    paidBy: 'Paid by',
    paidByNothing: 'Nothing to pay.',
    leftAfter: 'Left after it',
    rules: 'What each rule still leaves',
    rule: {
      'known-feature': 'Known feature',
      priced: 'Price',
      'platform-role': 'Platform role',
      'feature-in-plan': 'Feature in plan',
      'personal-cap': 'Personal cap',
      'team-budget': 'Team budget',
      lease: 'Offline',
      pool: 'Pool',
    },
    frees: 'more on {{at}}',
    spoken: '{{credits}}. {{outcome}}.',
  },

  actions: {
    log: 'Log',
    hold: 'Hold',
    happened: 'It already happened',
    happenedHint:
      'Records what the platform has charged already. It is never refused; what goes beyond the grants counts as overage.',
    happenedNamed:
      '“{{action}}” records what the platform has charged already. It is never refused; what goes beyond the grants counts as overage.',
    keys: { hold: 'Ctrl Enter', happened: 'Ctrl Shift Enter' },
    shortcuts: 'Enter logs, {{hold}} holds, {{happened}} records what already happened.',
  },

  refusal: {
    title: 'Not logged: this was refused',
    titleHold: 'Not held: this was refused',
    headroom: '{{rule}}: {{credits}} left',
    frees: 'frees on {{at}}',
    neverFrees: 'time alone does not free more',
    lease: 'The pool itself may have more: connect to the network and log it again, and the server is asked for it.',
    happened: 'Did the platform charge it already? Then record it: that is never refused, and counts as overage.',
    record: 'Record as already happened',
    more: 'Get more credits',
  },

  asking: {
    text: 'Asking the server for more credits …',
    cancel: 'Cancel',
    cancelled: 'Broken off. If it was logged just before, it is shown under “Last entry”.',
  },
  offline: {
    none: 'Without the server, this computer may spend nothing of this pool at the moment. What already happened can be recorded.',
  },

  toast: {
    logged: '{{what}} logged: {{credits}}.',
    held: '{{credits}} held for {{what}}.',
    recorded: '{{what}} recorded: {{credits}}.',
    overage: '{{credits}} of them are overage.',
    duplicate: 'This entry was there already. Nothing was booked.',
    undo: 'Undo',
    repeat: 'Repeat last',
    undone: 'Undone. The credits are back.',
    undoFailed: 'It could not be undone',
    undoReason: 'Undone right after logging',
  },

  last: {
    title: 'Last entry',
    none: 'You have not logged anything yet on this computer.',
    repeat: 'Repeat last',
    repeatHint: 'Logs the same again, now.',
    line: '{{what}} · {{credits}} · {{when}}',
  },

  noFeatures: {
    title: 'No features yet',
    body: 'This platform meters each feature itself. They appear with the first report that you import.',
    action: 'Import a report',
  },
} as const;

export const strings = words('log-usage', english);
