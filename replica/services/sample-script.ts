import { instant, type Instant } from '../../shared/kernel/instant.ts';
import { randomInteger, type Random } from '../../shared/kernel/random.ts';
import { addDays, dayOf, startOfDay, weekdayOf, type LocalDate } from '../../shared/kernel/time-zone.ts';

/** What a made-up team does over three months. Pure: the same seed, day and zone tell the same story. */

export interface SampleMember {
  readonly name: string;
  readonly team: SampleTeam;
  /** How much this person does, against 1 for the average. */
  readonly activity: number;
}

export type SampleTeam = keyof typeof sampleTeams;

/** Long names and other scripts are a part of the show: a table must bear them. */
export const sampleTeams = {
  marketing: 'Brand & Marketing',
  success: 'Customer Success',
  learning: 'People Development and Learning Experience Design',
  data: 'データ分析',
} as const;

/** The first one is the person who looks. */
export const sampleMembers: readonly SampleMember[] = [
  { name: 'Ada Thornbury', team: 'marketing', activity: 1.5 },
  { name: 'Søren Kjærgaard', team: 'marketing', activity: 1.9 },
  { name: 'María José Fernández-Villaverde de la Cruz', team: 'marketing', activity: 1.2 },
  { name: '陳怡君', team: 'marketing', activity: 0.9 },
  { name: 'Oluwaseun Adébáyọ̀', team: 'success', activity: 1.1 },
  { name: 'Дмитрий Соколов', team: 'success', activity: 0.7 },
  { name: 'यशोदा कुलकर्णी', team: 'success', activity: 0.8 },
  { name: 'فاطمة الزهراء بنعلي', team: 'learning', activity: 1.6 },
  { name: 'Nguyễn Thị Minh Khai', team: 'learning', activity: 0.9 },
  { name: 'Maximilian Freiherr von Hohenlohe-Schillingsfürst', team: 'learning', activity: 0.4 },
  { name: 'Łukasz Wiśniewski', team: 'learning', activity: 1.0 },
  { name: '佐藤 美咲', team: 'data', activity: 1.0 },
  { name: 'Αικατερίνη Παπαδοπούλου', team: 'data', activity: 0.6 },
  { name: '김민준', team: 'data', activity: 0.3 },
];

export type SampleFeature = 'topic-prompt' | 'summarizer' | 'text-to-image' | 'studio-image' | 'video';

/** One thing that somebody did, or set credits aside for. */
export interface SampleAction {
  readonly at: Instant;
  readonly member: number;
  readonly feature: SampleFeature;
  readonly quantity: number;
  readonly note: string | null;
  readonly course: SampleCourse;
}

/** How it went on. Instants of what comes later are relative to the action. */
export type SampleCourse =
  | { readonly kind: 'done' }
  | { readonly kind: 'given-back'; readonly how: 'refund' | 'undo'; readonly reason: string; readonly afterMs: number }
  | { readonly kind: 'held'; readonly ends: 'captured' | 'released' | 'expired'; readonly afterMs: number }
  | { readonly kind: 'held'; readonly ends: 'open' };

export const sampleDays = 100;
/** Days before today of the quiet week when nearly everybody is away. */
const quietDays = { from: 44, to: 38 } as const;
/** Days before today on which a campaign of the first team is made. */
const campaignDays = { from: 15, to: 12 } as const;

/**
 * All that happened from `sampleDays` ago until `now`, oldest first. `paceOf` says how busy a day is against an ordinary
 * one, beside the pattern of the week.
 */
export function sampleActions(given: {
  readonly random: Random;
  readonly now: Instant;
  readonly zone: string;
  readonly paceOf: (day: LocalDate) => number;
}): readonly SampleAction[] {
  const { random, now, zone, paceOf } = given;
  const today = dayOf(now, zone);
  const actions: SampleAction[] = [];
  for (let daysAgo = sampleDays; daysAgo >= 0; daysAgo -= 1) {
    const day = addDays(today, -daysAgo);
    const start = startOfDay(day, zone);
    const quiet = daysAgo <= quietDays.from && daysAgo >= quietDays.to ? 0.08 : 1;
    for (const [member, person] of sampleMembers.entries()) {
      const campaign =
        person.team === 'marketing' && daysAgo <= campaignDays.from && daysAgo >= campaignDays.to ? 1.7 : 1;
      const busy = paceOf(day) * quiet * campaign * (paceByWeekday[weekdayOf(day) - 1] ?? 1);
      const count = poisson(random, actionsPerDay * person.activity * busy);
      for (let made = 0; made < count; made += 1) actions.push(actionOn(random, { start, member, person }));
    }
  }
  return [...actions.filter((action) => action.at < now), ...givenBack(today, zone), ...openHolds(now)].sort(
    (left, right) => left.at - right.at || left.member - right.member,
  );
}

/** What was given back, on days that have passed. [H7] [L4] */
function givenBack(today: LocalDate, zone: string): readonly SampleAction[] {
  const at = (daysAgo: number, hour: number): Instant =>
    instant(startOfDay(addDays(today, -daysAgo), zone) + hour * hourMs);
  const failed = { kind: 'given-back', how: 'refund', reason: 'The export failed', afterMs: 26 * minuteMs } as const;
  const twice = { kind: 'given-back', how: 'undo', reason: 'Logged twice', afterMs: 4 * minuteMs } as const;
  return [
    { at: at(70, 15), member: 2, feature: 'video', quantity: 1, note: null, course: failed },
    { at: at(9, 11), member: 7, feature: 'video', quantity: 1, note: 'Welcome film', course: failed },
    { at: at(30, 10), member: 4, feature: 'studio-image', quantity: 2, note: null, course: twice },
    { at: at(3, 14), member: 0, feature: 'text-to-image', quantity: 3, note: null, course: twice },
  ];
}

/** Two videos are under way: one of just now, and one that nobody has settled since yesterday. [H8] */
function openHolds(now: Instant): readonly SampleAction[] {
  const open = { feature: 'video', quantity: 1, course: { kind: 'held', ends: 'open' } } as const;
  return [
    { ...open, at: instant(now - 27 * hourMs), member: 10, note: 'Onboarding film, second cut' },
    { ...open, at: instant(now - 40 * minuteMs), member: 1, note: 'Teaser for the spring campaign' },
  ];
}

function actionOn(
  random: Random,
  { start, member, person }: { readonly start: Instant; readonly member: number; readonly person: SampleMember },
): SampleAction {
  const feature = featureFor(random, person.team);
  // Most of it between nine and six, with a dip at noon and a little in the evening.
  const hour = random() < 0.07 ? 18 + random() * 4 : random() < 0.45 ? 9 + random() * 3 : 13 + random() * 5;
  const at = instant(start + Math.floor(hour * hourMs));
  const quantity =
    feature === 'text-to-image'
      ? 1 + randomInteger(random, 3)
      : feature === 'studio-image'
        ? 1 + randomInteger(random, 2)
        : 1;
  const notes = notesByFeature[feature];
  const note = random() < 0.12 ? (notes[randomInteger(random, notes.length)] ?? null) : null;
  return { at, member, feature, quantity, note, course: courseOf(random, feature) };
}

/** A video takes minutes, so its credits are set aside first; some fail, and few are never settled. [H6] */
function courseOf(random: Random, feature: SampleFeature): SampleCourse {
  if (feature !== 'video' || random() < 0.5) return { kind: 'done' };
  const afterMs = (3 + randomInteger(random, 15)) * minuteMs;
  const luck = random();
  if (luck < 0.12) return { kind: 'held', ends: 'released', afterMs };
  if (luck < 0.16) return { kind: 'held', ends: 'expired', afterMs: hourMs };
  return { kind: 'held', ends: 'captured', afterMs };
}

function featureFor(random: Random, team: SampleTeam): SampleFeature {
  const weights = featureWeights[team];
  let left = random() * weights.reduce((total, [, weight]) => total + weight, 0);
  for (const [feature, weight] of weights) {
    left -= weight;
    if (left < 0) return feature;
  }
  return 'topic-prompt';
}

/** How many of something rare happen when `mean` are expected. */
function poisson(random: Random, mean: number): number {
  const limit = Math.exp(-mean);
  let count = 0;
  for (let product = random(); product > limit; product *= random()) count += 1;
  return count;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const actionsPerDay = 2.1;

/** Monday first. */
const paceByWeekday: readonly number[] = [0.95, 1.15, 1.1, 1.05, 0.75, 0.06, 0.04];

const featureWeights: Readonly<Record<SampleTeam, readonly (readonly [SampleFeature, number])[]>> = {
  marketing: [
    ['topic-prompt', 26],
    ['summarizer', 10],
    ['text-to-image', 34],
    ['studio-image', 23],
    ['video', 7],
  ],
  success: [
    ['topic-prompt', 38],
    ['summarizer', 30],
    ['text-to-image', 22],
    ['studio-image', 8],
    ['video', 2],
  ],
  learning: [
    ['topic-prompt', 30],
    ['summarizer', 22],
    ['text-to-image', 24],
    ['studio-image', 18],
    ['video', 6],
  ],
  data: [
    ['topic-prompt', 46],
    ['summarizer', 30],
    ['text-to-image', 18],
    ['studio-image', 5],
    ['video', 1],
  ],
};

const notesByFeature: Readonly<Record<SampleFeature, readonly string[]>> = {
  'topic-prompt': ['Outline of the quarterly report', 'Ideas for the newsletter', 'Agenda of the workshop'],
  summarizer: ['Minutes of the product council', 'Feedback of 40 customers', 'Research paper, 62 pages'],
  'text-to-image': ['Icons for the handbook', 'Header of the blog', 'Slide backgrounds'],
  'studio-image': ['Booth wall, 6 × 3 m', 'Cover of the annual report', 'Key visual'],
  video: ['Product tour, 45 seconds', 'Interview with the founders', 'Teaser for the fair'],
};
