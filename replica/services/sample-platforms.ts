import type { SamplePlatform, SampleTeam } from './sample-people.ts';
import type { SampleCourse } from './sample-story.ts';

/** What the made-up team has at each platform, and what it does there: terms over the year, features, notes. */

export interface SampleScript {
  readonly platform: SamplePlatform;
  /** The workspace’s own name. */
  readonly name: string;
  readonly seed: number;
  /** Days of the running allotment period that are over; null where periods are calendar months. */
  readonly daysIntoPeriod: number | null;
  /** Plan, seats and so on, from the beginning of the period so many before the running one. */
  readonly terms: readonly SampleTerms[];
  /** How much of the allotment is wanted in a period, by how many periods ago it was. */
  readonly wanted: (periodsAgo: number) => number;
  readonly features: Readonly<Partial<Record<SampleTeam, readonly FeatureWeight[]>>> & {
    readonly others: readonly FeatureWeight[];
  };
  readonly notes: Readonly<Record<string, readonly string[]>>;
  /** What takes minutes, so that its credits are set aside first. [H6] */
  readonly slow: readonly string[];
  /** Single things that happened, beside the course of the days. */
  readonly moments: readonly SampleMoment[];
  /** The platform is not logged by hand: its own figures are imported every Monday. */
  readonly importedWeekly: boolean;
}

/** One thing that one person did, so many hours ago, and what became of it. */
export interface SampleMoment {
  readonly hoursAgo: number;
  readonly person: string;
  readonly feature: string;
  readonly quantity: number;
  readonly note?: string;
  readonly course: SampleCourse;
}

interface SampleTerms {
  readonly periodsAgo: number;
  readonly reason: string;
  readonly plan?: string;
  readonly seats?: Readonly<Record<string, number>>;
  /** What the account page says where the platform publishes no figure. */
  readonly enteredAllotment?: number;
  /** A monthly line that the account team agreed to. [G11] */
  readonly addOn?: { readonly id: string; readonly credits: number };
}

export interface FeatureWeight {
  readonly feature: string;
  readonly variant?: string;
  readonly weight: number;
  /** At most so many units at once. */
  readonly upTo?: number;
  /** What the platform metered for a unit, where it publishes no rate. [C6] */
  readonly metered?: number;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const failed = { kind: 'given-back', how: 'refund', reason: 'The export failed', afterMs: 26 * minuteMs } as const;
const twice = { kind: 'given-back', how: 'undo', reason: 'Logged twice', afterMs: 4 * minuteMs } as const;
const generationFailed = { ...failed, reason: 'The generation failed', afterMs: 2 * minuteMs } as const;
const of = (feature: string, weight: number, upTo = 1): FeatureWeight => ({ feature, weight, upTo });

const piktochart: SampleScript = {
  platform: 'piktochart',
  name: 'Sample · Piktochart',
  seed: 20_261_120,
  daysIntoPeriod: 19,
  terms: [
    { periodsAgo: 12, plan: 'pro', seats: { member: 10 }, reason: 'A year with the plan for small teams' },
    { periodsAgo: 8, seats: { member: 12 }, reason: 'Two more people make films' },
    { periodsAgo: 6, plan: 'business', reason: 'Pro was used up in three months out of six' },
    { periodsAgo: 3, seats: { member: 16 }, reason: 'Customer Success makes its own handouts now' },
  ],
  // Two months ago it was too much for the pool; since then the team looks after it, and grows.
  wanted: (periodsAgo) =>
    [1.13, 1.02, 1.32, 0.86, 0.81, 0.72, 0.64, 1.02, 0.97, 1.06, 0.88, 0.76, 0.7][periodsAgo] ?? 0,
  features: {
    marketing: [
      of('topic-prompt', 15),
      of('summarizer', 10),
      of('text-to-image', 33, 6),
      of('studio-image', 32, 4),
      of('video', 10),
    ],
    success: [
      of('topic-prompt', 22),
      of('summarizer', 30),
      of('text-to-image', 30, 6),
      of('studio-image', 14, 4),
      of('video', 4),
    ],
    data: [
      of('topic-prompt', 28),
      of('summarizer', 36),
      of('text-to-image', 24, 6),
      of('studio-image', 10, 4),
      of('video', 2),
    ],
    others: [
      of('topic-prompt', 18),
      of('summarizer', 22),
      of('text-to-image', 26, 6),
      of('studio-image', 25, 4),
      of('video', 9),
    ],
  },
  notes: {
    'topic-prompt': ['Outline of the quarterly report', 'Ideas for the newsletter', 'Agenda of the workshop'],
    summarizer: ['Minutes of the product council', 'Feedback of 40 customers', 'Research paper, 62 pages'],
    'text-to-image': ['Icons for the handbook', 'Header of the blog', 'Slide backgrounds'],
    'studio-image': ['Booth wall, 6 × 3 m', 'Cover of the annual report', 'Key visual'],
    video: ['Product tour, 45 seconds', 'Interview with the founders', 'Teaser for the fair'],
  },
  slow: ['video'],
  moments: [
    {
      hoursAgo: 70 * 24,
      person: 'María José Fernández-Villaverde de la Cruz',
      feature: 'video',
      quantity: 1,
      course: failed,
    },
    {
      hoursAgo: 9 * 24,
      person: 'Nguyễn Thị Minh Khai',
      feature: 'video',
      quantity: 1,
      note: 'Welcome film',
      course: failed,
    },
    { hoursAgo: 30 * 24, person: 'Oluwaseun Adébáyọ̀', feature: 'studio-image', quantity: 2, course: twice },
    { hoursAgo: 3 * 24, person: 'Ada Thornbury', feature: 'text-to-image', quantity: 3, course: twice },
    {
      hoursAgo: 5 * 24,
      person: 'Søren Kjærgaard',
      feature: 'studio-image',
      quantity: 4,
      course: { kind: 'corrected', toQuantity: 3, reason: 'It was three, not four', afterMs: 3 * hourMs },
    },
    {
      hoursAgo: 5,
      person: 'فاطمة الزهراء بنعلي',
      feature: 'video',
      quantity: 1,
      note: 'Left over night',
      course: { kind: 'held', ends: 'expired', afterMs: 2 * hourMs },
    },
    // Two videos are under way: one of just now, and one that nobody has settled since yesterday. [H8]
    {
      hoursAgo: 27,
      person: 'Łukasz Wiśniewski',
      feature: 'video',
      quantity: 1,
      note: 'Onboarding film, second cut',
      course: { kind: 'held', ends: 'open' },
    },
    {
      hoursAgo: 2 / 3,
      person: 'Søren Kjærgaard',
      feature: 'video',
      quantity: 1,
      note: 'Teaser for the spring campaign',
      course: { kind: 'held', ends: 'open' },
    },
  ],
  importedWeekly: false,
};

const miro: SampleScript = {
  platform: 'miro',
  name: 'Sample · Miro',
  seed: 20_261_121,
  daysIntoPeriod: null,
  terms: [
    { periodsAgo: 12, plan: 'enterprise', seats: { member: 48 }, reason: 'The contract of last year' },
    { periodsAgo: 7, seats: { member: 62 }, reason: 'Everybody gets a board: the next tier of licences' },
    {
      periodsAgo: 2,
      addOn: { id: 'credit-add-on', credits: 1_000 },
      reason: 'Agreed with the account team for the launch',
    },
  ],
  // The limit is soft: the launch went beyond it.
  wanted: (periodsAgo) => [0.94, 1.09, 0.92, 0.84, 0.79, 0.71, 0.66, 0.6, 0.98, 0.9, 0.87, 0.74, 0.69][periodsAgo] ?? 0,
  features: {
    product: [
      of('prototypes', 26, 8),
      of('diagrams', 12),
      of('sidekicks', 20, 3),
      of('image', 14, 3),
      of('sticky-note', 6),
      of('ai-search', 5),
      of('remove-background', 8),
    ],
    engineering: [
      of('diagrams', 34),
      of('tables', 16),
      of('sidekicks', 22, 3),
      of('doc', 14),
      of('catch-up', 8),
      of('ai-search', 6),
    ],
    marketing: [
      of('slides', 30, 10),
      of('image', 20, 3),
      of('sidekicks', 14, 3),
      of('text', 7),
      of('sticky-note', 6),
      of('remove-background', 10),
    ],
    others: [
      of('slides', 22, 8),
      of('doc', 12),
      of('sidekicks', 22, 3),
      of('catch-up', 6),
      of('sticky-note', 7),
      of('tables', 8),
      of('ai-search', 4),
      of('alt-text', 2),
    ],
  },
  notes: {
    slides: ['Board meeting', 'Launch plan for partners', 'All hands in three scenes'],
    prototypes: ['Checkout, second round', 'Settings on a phone', 'Empty states'],
    diagrams: ['Data flow of the billing service', 'Who talks to whom', 'Incident of Tuesday'],
    sidekicks: ['Critique of the pricing page', 'Questions for five interviews'],
    doc: ['Decision record', 'Brief for the agency'],
  },
  slow: [],
  moments: [],
  importedWeekly: false,
};

const visily: SampleScript = {
  platform: 'visily',
  name: 'Sample · Visily',
  seed: 20_261_122,
  daysIntoPeriod: 11,
  terms: [
    { periodsAgo: 12, plan: 'free', reason: 'To try it out' },
    {
      periodsAgo: 9,
      plan: 'pro',
      seats: { editor: 8, 'guest-editor': 2 },
      reason: 'The trial went well: product design moves here',
    },
    { periodsAgo: 2, seats: { editor: 9, 'guest-editor': 2 }, reason: 'A new colleague' },
  ],
  wanted: (periodsAgo) => [0.52, 0.61, 0.5, 0.47, 0.44, 0.42, 0.4, 0.36, 0.34, 0.3, 0.8, 0.9, 0.7][periodsAgo] ?? 0,
  features: {
    engineering: [of('code', 40, 5), of('diagram', 25), of('screen', 20), of('rename-layers', 15)],
    others: [
      of('screen', 34, 4),
      { feature: 'screen', variant: 'deep', weight: 8 },
      of('component', 18, 5),
      { feature: 'component', variant: 'deep', weight: 4 },
      of('prototype', 14, 4),
      of('image', 12, 5),
      of('theme', 5),
      of('capture-full-screen', 5),
    ],
  },
  notes: {
    screen: ['Onboarding, step 3', 'Dark mode of the dashboard', 'Error page with a way out'],
    prototype: ['Clickable for Thursday’s test', 'Search with filters'],
    code: ['Hand-over of the pricing page', 'Card component'],
  },
  slow: ['screen'],
  moments: [
    { hoursAgo: 6 * 24, person: 'Linh Đặng', feature: 'screen', quantity: 2, course: generationFailed },
    { hoursAgo: 20 * 24, person: 'Ngozi Eze', feature: 'prototype', quantity: 1, course: generationFailed },
  ],
  importedWeekly: false,
};

const mirage: SampleScript = {
  platform: 'mirage',
  name: 'Sample · Mirage',
  seed: 20_261_123,
  daysIntoPeriod: 25,
  terms: [
    {
      periodsAgo: 12,
      plan: 'mirage-studio',
      seats: { member: 6 },
      enteredAllotment: 3_000,
      reason: 'As the account page says',
    },
    {
      periodsAgo: 5,
      seats: { member: 8 },
      enteredAllotment: 4_000,
      reason: 'The larger plan, as the account page says',
    },
  ],
  wanted: (periodsAgo) => [0.9, 0.88, 0.93, 0.7, 0.66, 0.6, 0.86, 0.81, 0.77, 0.62, 0.58, 0.44, 0.3][periodsAgo] ?? 0,
  // Mirage publishes no rates: these are amounts as an export of its own would meter them.
  features: {
    others: [
      { feature: 'video', weight: 30, upTo: 20, metered: 4 },
      { feature: 'refine', weight: 34, metered: 12 },
      { feature: 'actor-look', weight: 12, metered: 30 },
      { feature: 'new-actor', weight: 3, metered: 120 },
      { feature: 'image', weight: 21, upTo: 4, metered: 5 },
    ],
  },
  notes: {},
  slow: [],
  moments: [],
  importedWeekly: true,
};

/** The one that is shown first comes first. */
export const sampleScripts: readonly SampleScript[] = [piktochart, miro, visily, mirage];
