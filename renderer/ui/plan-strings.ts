/** How a plan is told in sentences, on every screen that shows one. */
export const planStrings = {
  seats: 'Seats',
  every: (months: number) => (months === 1 ? 'a month' : months === 12 ? 'a year' : `every ${months} months`),
  bySeats: (every: string) => `By the number of seats, ${every}`,
  byBracket: (from: string, to: string, every: string) => `${from} to ${to} ${every}, by the number of seats`,
  perRole: (credits: string, role: string) => `${credits} credits per ${role}`,
  ownPools: (sentence: string) => `${sentence}, for each their own`,
  sharedPool: (sentence: string) => `${sentence}, shared`,
  fixed: (credits: string, every: string) => `${credits} ${every}`,
  fixedWithFirst: (credits: string, every: string, first: string) => `${credits} ${every}, ${first} in the first`,
  entered: 'What your contract or account page says; you enter it',
  none: 'Prepaid credits only, nothing recurring',
  utc: 'UTC',
  workspaceZone: 'time of the workspace',
  resetOnMonth: (months: number, zone: string) =>
    months === 1 ? `On day 1 of each calendar month (${zone})` : `On day 1 of every ${months} months (${zone})`,
  resetOnAnchor: (months: number, anchor: string, zone: string) =>
    months === 1
      ? `Each month on the day of the ${anchor} (${zone})`
      : months === 12
        ? `Each year on the ${anchor} (${zone})`
        : `Every ${months} months from the ${anchor} (${zone})`,
  soft: 'Soft limit: use beyond the credits goes on and is shown as overage.',
  hard: 'Hard limit: nothing is authorised beyond the credits. What happened all the same is recorded as overage.',
  bracket: (from: string, to: string) => `${from} to ${to} seats`,
  anchors: {
    billing: 'billing date',
    renewal: 'renewal date',
    signUp: 'sign-up date',
    subscription: 'subscription date',
    creation: 'creation date of the workspace',
    other: 'start date',
  },
} as const;

/** What the anchor date of a platform's plan is called. */
export type AnchorMeaning = keyof typeof planStrings.anchors;
