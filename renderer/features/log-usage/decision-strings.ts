import { words } from '../../i18n/words.ts';

/** What a decision says: whether this may be spent, and every rule in the way. */
export const english = {
  free: 'This costs no credits.',
  covered: 'The pool covers {{credits}}.',
  zone: '{{moment}} ({{zone}})',
  frees: '{{sentence}} More becomes free on {{moment}}.',
  unknown: 'The catalogue does not list “{{subject}}” for this platform.',
  noPrice: 'This quantity has no price: it must be more than 0 and within reach.',
  noPriceOf: "“{{subject}}” has no price yet. Fill in its rate in the platform's catalogue.",
  role: 'The role “{{subject}}” does not spend credits at this platform.',
  addOn: 'This feature needs the add-on “{{subject}}”, which is off.',
  cap: {
    day: 'Personal cap of {{limit}} per day: {{headroom}} left, {{credits}} needed.',
    week: 'Personal cap of {{limit}} per week: {{headroom}} left, {{credits}} needed.',
    period: 'Personal cap of {{limit}} per period: {{headroom}} left, {{credits}} needed.',
  },
  budget: {
    day: 'Team budget of {{limit}} per day: {{headroom}} left, {{credits}} needed.',
    week: 'Team budget of {{limit}} per week: {{headroom}} left, {{credits}} needed.',
    period: 'Team budget of {{limit}} per period: {{headroom}} left, {{credits}} needed.',
  },
  poolOverage: '{{headroom}} can be spent without overage, {{credits}} needed.',
  pool: 'The pool has {{headroom}} left, {{credits}} needed.',
  lease: {
    ended: 'The time is over in which this computer may spend from this pool offline.',
    suspended: 'The clock of this computer was set back, so nobody knows how long it may spend from this pool offline.',
    tooSmall: 'This computer may spend {{headroom}} of this pool offline.',
    none: 'This computer may spend nothing of this pool offline.',
    needs: '{{sentence}} It needs {{credits}}: ask for more when online.',
  },
} as const;

export const strings = words('log-usage-decision', english);
