import { words } from '../i18n/words.ts';

/** How a plan is told in sentences, on every screen that shows one. */
export const english = {
  seats: 'Seats',
  every: { month: 'a month', year: 'a year', months: 'every {{months}} months' },
  bySeats: 'By the number of seats, {{every}}',
  byBracket: '{{from}} to {{to}} {{every}}, by the number of seats',
  perRole: '{{credits}} credits per {{role, lowercase}}',
  ownPools: '{{sentence}}, for each their own',
  sharedPool: '{{sentence}}, shared',
  fixed: '{{credits}} {{every}}',
  fixedWithFirst: '{{credits}} {{every}}, {{first}} in the first',
  entered: 'What your contract or account page says; you enter it',
  none: 'Prepaid credits only, nothing recurring',
  utc: 'UTC',
  workspaceZone: 'time of the workspace',
  resetOnMonth: {
    month: 'On day 1 of each calendar month ({{zone}})',
    months: 'On day 1 of every {{months}} months ({{zone}})',
  },
  resetOnAnchor: {
    month: 'Each month on the day of the {{anchor}} ({{zone}})',
    year: 'Each year on the {{anchor}} ({{zone}})',
    months: 'Every {{months}} months from the {{anchor}} ({{zone}})',
  },
  soft: 'Soft limit: use beyond the credits goes on and is shown as overage.',
  hard: 'Hard limit: nothing is authorised beyond the credits. What happened all the same is recorded as overage.',
  bracket: '{{from}} to {{to}} seats',
  anchors: {
    billing: 'billing date',
    renewal: 'renewal date',
    signUp: 'sign-up date',
    subscription: 'subscription date',
    creation: 'creation date of the workspace',
    other: 'start date',
  },
} as const;

export const planStrings = words('ui-plan', english);

/** What the anchor date of a platform's plan is called. */
export type AnchorMeaning = keyof typeof planStrings.anchors;
