import { words } from '../../i18n/words.ts';

/** What the forecast's page says. Figures, dates and names come in as text that is formatted already. */
export const english = {
  title: 'Forecast',
  description: 'How it is worked out, and how often it was right.',
  openSettings: 'Working days and holidays',

  record: {
    title: 'Its own record',
    description:
      'What the forecast would have said on past weeks, each from nothing but the days before it, beside what was used.',
    held: 'The range held',
    heldValue: '{{inside}} of {{count}}',
    heldShare: '{{share}}; 8 of 10 are meant to',
    below: 'Less was used',
    above: 'More was used',
    ofForecasts: 'than the range said',
    miss: 'The middle was off by',
    missHint: 'half of the time by less',
    plainMiss: 'The plain pace was off by',
    plainMissHint: 'the average of four weeks, carried on',
    none: '–',
    tooLittle: 'Too early to tell',
    tooLittleBody:
      '{{count}} of {{needed}} past forecasts can be judged so far. One more comes with every week that has two weeks of use before it, once the days that it speaks of are over.',
    short: {
      title: 'For shorter times',
      span: 'Forecasts of',
      days: '{{days}} days',
      reset: 'Up to the reset',
      count: 'Made',
      held: 'Range held',
      below: 'Less used',
      above: 'More used',
      miss: 'Middle off by',
      plainMiss: 'Plain pace off by',
    },
    small: 'There are too few to say a share.',
  },

  how: {
    title: 'How this is computed',
    steps: [
      {
        name: 'A usual week',
        body: 'From the use of past days Fuelgauge learns how much each day of the week uses. Recent weeks count more; a single odd Sunday makes no pattern.',
      },
      {
        name: 'The level now',
        body: 'How much is used at present: mostly the last two months, a quarter of it the last two weeks. A rise or a fall is followed, and not carried on.',
      },
      {
        name: 'Days that differ',
        body: 'On closed days and holidays nothing is expected, on half days half. Days on which a hard limit refused work are not learned from: nobody knows how much would have been used.',
      },
      {
        name: '400 possible futures',
        body: 'Each starts at a slightly different level, the more so the less is known, and replays stretches of what really happened, bursts and quiet spells included.',
      },
      {
        name: 'What you see',
        body: 'The middle of these futures is the date or figure that is shown; eight in ten of them lie in the range; the chance is the share of them in which the credits run out before the reset. Credits on hold count as gone, packs and coming allotments as there.',
      },
    ],
    thresholds: {
      title: 'How much is said',
      lines: [
        'No whole day of use: nothing.',
        '1 to 6 days: the pace, and no date.',
        '7 to 13 days: a range, marked as an early estimate.',
        '14 days and more: a date with its range and chance.',
      ],
    },
    limits: {
      title: 'What it cannot know',
      lines: [
        'New people, a new tool, a project that ends: it sees them in the use, days later.',
        'A season that comes once a year.',
        'Use that was not logged or imported yet. Late entries are counted on the day they belong to, and so the record above is that of what is booked today.',
      ],
    },
    same: 'The same data gives the same figures on every computer. Nothing leaves this one.',
  },
} as const;

export const strings = words('forecast', english);
