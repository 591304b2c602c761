// What was agreed for the made-up team, and who was on it, over the year: the dated changes of one of its workspaces.
import { microPerUnit, wholeCredits, type Credits } from '../../shared/kernel/credits.ts';
import { instant, type Instant } from '../../shared/kernel/instant.ts';
import type { Period } from '../../shared/kernel/period.ts';
import { addDays, dayOf, startOfDay, windowStart, type LocalDate } from '../../shared/kernel/time-zone.ts';
import { capSubject, type Change, type ChangeValue } from '../../shared/ledger/change.ts';
import { periodAt, type TermsIndex } from '../../shared/ledger/schedule.ts';
import { useOf, type Transaction } from '../../shared/ledger/transaction.ts';
import {
  samplePeople,
  sampleTeams,
  teamHistory,
  type SamplePerson,
  type SamplePlatform,
  type SampleTeam,
} from './sample-people.ts';
import type { SampleScript } from './sample-platforms.ts';
import { breakDays, type SampleSpender } from './sample-story.ts';

/** Where and when the story is told. */
export interface SampleSetting {
  readonly workspaceId: string;
  readonly now: Instant;
  readonly zone: string;
  readonly freshId: () => string;
}

/** Who looks, and is company admin everywhere. */
export const [sampleAdmin] = samplePeople.map(({ id }) => id);

function onPlatform(platform: SamplePlatform): readonly SamplePerson[] {
  return samplePeople.filter(({ platforms }) => platforms.includes(platform));
}

/** Makes dated changes as an admin would have written them down. */
function writer({ workspaceId, now, freshId }: SampleSetting) {
  return (subject: string, effectiveFrom: Instant, value: ChangeValue, reason: string | null = null): Change => ({
    id: freshId(),
    workspaceId,
    subject,
    effectiveFrom,
    recordedAt: instant(Math.min(effectiveFrom, now)),
    authorId: sampleAdmin ?? null,
    origin: 'sample',
    reason,
    value,
  });
}

/** Plan, seats and what else was agreed; `periods` are the allotment periods, the running one last. */
export function agreedTerms(
  setting: SampleSetting,
  script: SampleScript,
  periods: readonly Period[],
): readonly Change[] {
  const change = writer(setting);
  return script.terms.flatMap((terms) => {
    const from = periods.at(-1 - terms.periodsAgo)?.start;
    if (from === undefined) return [];
    const { plan, seats, enteredAllotment, addOn, reason } = terms;
    const added = addOn && ({ kind: 'add-on', on: true, creditsPerPeriod: wholeCredits(addOn.credits) } as const);
    return [
      ...(plan === undefined ? [] : [change('', from, { kind: 'plan', planId: plan }, reason)]),
      ...(seats === undefined ? [] : [change('', from, { kind: 'seats', seatsByRole: seats }, reason)]),
      ...(enteredAllotment === undefined
        ? []
        : [change('', from, { kind: 'entered-allotment', credits: wholeCredits(enteredAllotment) }, reason)]),
      ...(addOn && added ? [change(addOn.id, from, added, reason)] : []),
    ];
  });
}

/** People and teams: who came, moved and left; a team that was renamed, and one that is no more. */
export function peopleOverTime(setting: SampleSetting, platform: SamplePlatform, opening: Instant): readonly Change[] {
  const change = writer(setting);
  const people = onPlatform(platform);
  const at = (daysAgo: number): Instant => daysAgoAt(setting, daysAgo);
  const teams = new Set(people.flatMap(({ team, moved }) => (moved ? [team, moved.from] : [team])));
  const { renamed, deleted } = teamHistory;
  const ofTeams = [...teams].flatMap((team) => {
    const name = sampleTeams[team];
    const first = team === renamed.team ? renamed.before : name;
    return [
      change(team, opening, { kind: 'team', name: first, deleted: false }),
      ...(first === name
        ? []
        : [change(team, at(renamed.daysAgo), { kind: 'team', name, deleted: false }, 'A wider task')]),
      ...(team === deleted.team
        ? [change(team, at(deleted.daysAgo), { kind: 'team', name, deleted: true }, 'The experiment is over')]
        : []),
    ];
  });
  const ofPeople = people.flatMap((person) => {
    const { id, name, access, joinedDaysAgo, leftDaysAgo, moved } = person;
    const role = roleOn(platform, person);
    const value = (team: SampleTeam, active = true): ChangeValue => ({
      kind: 'member',
      member: { name, role, teamId: team, access, active },
    });
    const joined = joinedDaysAgo === null ? opening : at(joinedDaysAgo);
    return [
      change(id, joined, value(moved?.from ?? person.team), joinedDaysAgo === null ? null : 'New in the company'),
      ...(moved ? [change(id, at(moved.daysAgo), value(person.team), 'Moved teams')] : []),
      ...(leftDaysAgo === null ? [] : [change(id, at(leftDaysAgo), value(person.team, false), 'Left the company')]),
    ];
  });
  return [...ofTeams, ...ofPeople];
}

/** Holidays, a week in which the company was closed, and one day to come. */
export function sampleCalendar(setting: SampleSetting, opening: Instant): readonly Change[] {
  const change = writer(setting);
  const today = dayOf(setting.now, setting.zone);
  // The Thursday of next week.
  const outdoors = addDays(windowStart('week', today, 1), 10);
  const ownDays = (daysAgo: number, first: LocalDate, last: LocalDate, name: string, percent: number): Change =>
    change(setting.freshId(), daysAgoAt(setting, daysAgo), {
      kind: 'own-days',
      name,
      first,
      last,
      percent,
      removed: false,
    });
  return [
    change('', opening, {
      kind: 'work-week',
      weekdayPercents: [100, 100, 100, 100, 100, 5, 5],
      country: sampleCountry,
      region: null,
      holidayPercent: 5,
    }),
    ownDays(120, addDays(today, -breakDays.from), addDays(today, -breakDays.to), 'Company break', 10),
    ownDays(12, outdoors, outdoors, 'Team day outdoors', 20),
  ];
}

/** Caps that hold since the running period began, none of which is exceeded; one of them is nearly reached. [E3] */
export function sampleCaps(
  setting: SampleSetting,
  given: { readonly lines: readonly Transaction[]; readonly index: TermsIndex },
): readonly Change[] {
  const { lines, index } = given;
  const change = writer(setting);
  const { start } = periodAt(index, setting.now);
  const used = { member: new Map<string, number>(), team: new Map<string, number>() };
  for (const line of lines) {
    const use = useOf(line);
    if (!use || use.at < start || line.kind === 'grant') continue;
    if (line.memberId !== null) used.member.set(line.memberId, (used.member.get(line.memberId) ?? 0) + use.credits);
    if (line.teamId !== null) used.team.set(line.teamId, (used.team.get(line.teamId) ?? 0) + use.credits);
  }
  const most = [...used.member].toSorted((left, right) => right[1] - left[1]);
  const nearest = most.find(([id]) => id !== sampleAdmin);
  const [team] = [...used.team].toSorted((left, right) => right[1] - left[1]);
  if (!nearest || !team || !most[0]) return [];
  const capped = (credits: Credits): ChangeValue => ({ kind: 'cap', credits, until: null });
  return [
    change(
      capSubject('member-default', null, 'period'),
      start,
      capped(above(most[0][1], 1.6, 250)),
      'So that the pool lasts for all',
    ),
    change(
      capSubject('member', nearest[0], 'period'),
      start,
      capped(above(nearest[1], 1.06, 10)),
      'Agreed with the team',
    ),
    change(capSubject('team', team[0], 'period'), start, capped(above(team[1], 1.35, 100)), 'Agreed with the team'),
  ];
}

/** So many credits above what was used, as people write them. */
function above(micro: number, times: number, step: number): Credits {
  return wholeCredits(Math.max(1, Math.ceil(((micro / microPerUnit) * times) / step)) * step);
}

/** Those who may spend, with their teams over time. */
export function spendersOn(
  setting: SampleSetting,
  platform: SamplePlatform,
  opening: Instant,
): readonly SampleSpender[] {
  const at = (daysAgo: number): Instant => daysAgoAt(setting, daysAgo);
  return onPlatform(platform)
    .filter((person) => roleOn(platform, person) !== 'guest')
    .map((person) => {
      const { joinedDaysAgo, leftDaysAgo, moved, team } = person;
      const movedAt = moved ? at(moved.daysAgo) : null;
      return {
        person,
        from: joinedDaysAgo === null ? opening : at(joinedDaysAgo),
        until: leftDaysAgo === null ? null : at(leftDaysAgo),
        teamAt: (when) => (moved && movedAt !== null && when < movedAt ? moved.from : team),
      };
    });
}

/** The platform role. [E5] */
export function roleOn(platform: SamplePlatform, { id, team }: SamplePerson): string {
  if (platform === 'miro') return id === sampleAdmin ? 'admin' : id === guestId ? 'guest' : 'member';
  if (platform !== 'visily') return 'member';
  return team === 'engineering' && !editorsOfEngineering.has(id) ? 'guest-editor' : 'editor';
}

function daysAgoAt({ now, zone }: SampleSetting, daysAgo: number): Instant {
  return startOfDay(addDays(dayOf(now, zone), -daysAgo), zone);
}

/** Whose public holidays the team has. */
export const sampleCountry = 'DE';
const guestId = 'pat-lee';
const editorsOfEngineering: ReadonlySet<string> = new Set(['priya-venkataraman']);
