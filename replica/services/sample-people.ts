import type { AccessRole } from '../../shared/ledger/change.ts';
import { slugOf } from '../transfer/feature-slug.ts';

/** Who is on the made-up team: sixty people of many cultures, in six teams, of whom some came, moved or left. */

export type SamplePlatform = 'piktochart' | 'miro' | 'visily' | 'mirage';

export type SampleTeam = keyof typeof sampleTeams;

/** Long names and other scripts are a part of the show: a table must bear them. */
export const sampleTeams = {
  marketing: 'Brand & Marketing',
  product: 'Product Design',
  engineering: 'Platform Engineering',
  success: 'Customer Success',
  learning: 'People Development and Learning Experience Design',
  data: 'データ分析',
  experiments: 'Web Experiments',
} as const;

/** What became of teams, in days before today. */
export const teamHistory = {
  renamed: { team: 'marketing', before: 'Growth', daysAgo: 140 },
  deleted: { team: 'experiments', daysAgo: 118 },
} as const;

export interface SamplePerson {
  readonly id: string;
  readonly name: string;
  /** Where they are now, or were when they left. */
  readonly team: SampleTeam;
  /** How much this person does, against 1 for the average. */
  readonly activity: number;
  readonly platforms: readonly SamplePlatform[];
  readonly access: AccessRole;
  /** Days before today; null for there from the beginning. */
  readonly joinedDaysAgo: number | null;
  readonly leftDaysAgo: number | null;
  readonly moved: { readonly from: SampleTeam; readonly daysAgo: number } | null;
}

type Person = readonly [
  name: string,
  activity: number,
  /** Beside Miro, where everybody is: p, v, m. */
  platforms: string,
  more?: Partial<Pick<SamplePerson, 'access' | 'joinedDaysAgo' | 'leftDaysAgo' | 'moved'>>,
];

const toProduct = { moved: { from: 'experiments', daysAgo: teamHistory.deleted.daysAgo } } as const;

/** The first of all is the person who looks. */
const peopleByTeam: Readonly<Record<Exclude<SampleTeam, 'experiments'>, readonly Person[]>> = {
  marketing: [
    ['Ada Thornbury', 1.4, 'pvm', { access: 'company-admin' }],
    ['Søren Kjærgaard', 1.9, 'pm', { access: 'team-lead' }],
    ['María José Fernández-Villaverde de la Cruz', 1.2, 'pm'],
    ['陳怡君', 0.9, 'p'],
    ['Chiamaka Okonkwo', 1.1, 'pm'],
    ['Zoë Vandenbroucke', 0.7, ''],
    ['Rūta Kazlauskaitė', 0.8, 'p', { joinedDaysAgo: 96 }],
    ['Thiago Albuquerque', 1.3, 'm'],
    ['אורית בן־דוד', 0.6, ''],
    ['Mateus Conceição', 0.5, ''],
    ['Emeka Nwosu', 0.9, '', { leftDaysAgo: 47 }],
  ],
  product: [
    ['Ngozi Eze', 1.5, 'v', { access: 'team-lead' }],
    ['Jürgen Weißenböck', 1.2, 'v'],
    ['Siobhán Ní Dhonnchadha', 1.0, 'v'],
    ['محمد عبد الرحمن القحطاني', 1.1, 'v'],
    ['Linh Đặng', 1.8, 'v'],
    ['Renée Côté-Bélanger', 0.8, 'v', toProduct],
    ['Wanjiku Kamau', 0.9, 'v', { joinedDaysAgo: 61 }],
    ['İpek Yıldırım', 0.7, ''],
    ['Aditi Raghunathan', 1.0, ''],
    ['Bjǫrn Hallgrímsson', 0.6, '', toProduct],
    ['Kateřina Dvořáčková', 0.8, ''],
  ],
  engineering: [
    ['Haruto Yamamoto', 0.7, 'v', { access: 'team-lead' }],
    ['Олександр Шевченко', 0.6, 'v'],
    ['Priya Venkataraman', 0.9, 'v'],
    ['Lars-Erik Åkesson', 0.4, ''],
    ['Nana Ama Owusu-Ansah', 0.8, ''],
    ['Csaba Őry', 0.5, '', { moved: { from: 'experiments', daysAgo: teamHistory.deleted.daysAgo } }],
    ['Ewa Ściborska', 0.7, ''],
    ['Tomás Ó Súilleabháin', 0.6, '', { joinedDaysAgo: 24 }],
    ['รัตนา วงศ์สวัสดิ์', 0.5, ''],
    ['Faith Wambui', 0.9, ''],
    ['Wolfeschlegelsteinhausenbergerdorff, Hubert Blaine', 0.3, ''],
  ],
  success: [
    ['Oluwaseun Adébáyọ̀', 1.1, 'p', { access: 'team-lead' }],
    ['Дмитрий Соколов', 0.7, 'p'],
    ['यशोदा कुलकर्णी', 0.8, 'p'],
    ['Anaïs Lefèvre', 1.0, ''],
    ['José Ñáñez Peña', 0.9, ''],
    ['Grace Mbeki', 0.8, '', { joinedDaysAgo: 152 }],
    ['Ștefan Țurcanu', 0.6, ''],
    ['Leilani Kahananui', 0.7, ''],
    ['Bao Nguyễn', 0.9, ''],
  ],
  learning: [
    ['فاطمة الزهراء بنعلي', 1.6, 'pm', { access: 'team-lead' }],
    ['Nguyễn Thị Minh Khai', 0.9, 'pm'],
    ['Maximilian Freiherr von Hohenlohe-Schillingsfürst', 0.4, 'p'],
    ['Łukasz Wiśniewski', 1.0, 'pm'],
    ['Aroha Te Kanawa', 0.8, ''],
    ['Inês Magalhães', 0.7, ''],
    ['گلناز رضایی', 0.9, ''],
    ['Yusuf Abdi Warsame', 0.6, '', { joinedDaysAgo: 210 }],
    ['Marie-Thérèse d’Aboville', 0.5, ''],
  ],
  data: [
    ['佐藤 美咲', 1.0, 'p', { access: 'team-lead' }],
    ['Αικατερίνη Παπαδοπούλου', 0.6, 'p', { moved: { from: 'success', daysAgo: 50 } }],
    ['김민준', 0.3, 'p'],
    ['Þórdís Kolbrún', 0.7, ''],
    ['Trần Gia Hân', 0.8, ''],
    ['Rahul Śrīvāstava', 0.9, ''],
    ['Nino Qvarchelia', 0.6, ''],
    ['Hyacinthe Uwimana', 0.7, '', { joinedDaysAgo: 33 }],
    ['Çağla Öztürk', 0.5, ''],
    ['Pat Lee', 1.0, ''],
  ],
};

const platformByLetter: Readonly<Record<string, SamplePlatform>> = { p: 'piktochart', v: 'visily', m: 'mirage' };

/** Everybody, the person who looks first. */
export const samplePeople: readonly SamplePerson[] = (
  ['marketing', 'product', 'engineering', 'success', 'learning', 'data'] as const
).flatMap((team) =>
  peopleByTeam[team].map(([name, activity, letters, more]): SamplePerson => ({
    id: slugOf(name),
    name,
    team,
    activity,
    platforms: ['miro', ...letters.split('').flatMap((letter) => platformByLetter[letter] ?? [])],
    access: more?.access ?? 'member',
    joinedDaysAgo: more?.joinedDaysAgo ?? null,
    leftDaysAgo: more?.leftDaysAgo ?? null,
    moved: more?.moved ?? null,
  })),
);
