import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { peopleShown, privacyAtFirst, smallTeamsId, type Person } from '../../../shared/privacy/people-shown.ts';

const person = (id: string, teamId: string | null, active = true): Person => ({ id, teamId, active });
const people = [
  person('ana', 'design'),
  person('ben', 'design'),
  person('cleo', 'design'),
  person('dan', 'legal'),
  person('eve', null),
  person('finn', 'ops', false),
];
const teams = ['design', 'legal', 'ops'];
const hidden = { hidesPeople: true, teamMin: 3 };
const ids = people.map(({ id }) => id);
const shownTo = (access: 'company-admin' | 'team-lead' | 'member', memberId: string | null, rule = privacyAtFirst) => {
  const teamId = people.find(({ id }) => id === memberId)?.teamId ?? null;
  const shown = peopleShown({ rule, viewer: { memberId, access, teamId }, people, teams });
  return { ...shown, ids: ids.filter(shown.person), teams: teams.map(shown.team) };
};

describe('whose activity is shown', () => {
  it('[V4] [E5] to an admin everybody’s, to a lead the own team’s, to a member their own', () => {
    expect(shownTo('company-admin', 'ana')).toMatchObject({ everybody: true, byUser: true, ids });
    expect(shownTo('company-admin', null)).toMatchObject({ everybody: true, ids });
    expect(shownTo('team-lead', 'ana')).toMatchObject({ everybody: false, byUser: true, ids: ['ana', 'ben', 'cleo'] });
    expect(shownTo('team-lead', 'eve').ids).toEqual(['eve']);
    expect(shownTo('member', 'ben')).toMatchObject({ everybody: false, byUser: false, ids: ['ben'] });
  });

  it('[V1] [V3] where people are left out nobody’s but one’s own, whatever the role', () => {
    for (const access of ['company-admin', 'team-lead', 'member'] as const) {
      expect(shownTo(access, 'ben', hidden)).toMatchObject({ everybody: false, byUser: false, ids: ['ben'] });
      expect(shownTo(access, null, hidden).ids).toEqual([]);
    }
  });

  it('[V2] small teams stand together, also with the next larger one where they would give somebody away', () => {
    expect(shownTo('company-admin', null, hidden).teams).toEqual([smallTeamsId, smallTeamsId, smallTeamsId]);
    expect(shownTo('company-admin', null).teams).toEqual(teams);
    const large = ['sales', 'support', 'field'].flatMap((team) =>
      [1, 2, 3, 4].map((place) => person(`${team}-${place}`, team)),
    );
    const both = (others: readonly Person[], all: readonly string[]) => {
      const viewer = { memberId: null, access: 'company-admin', teamId: null } as const;
      const { team } = peopleShown({ rule: hidden, viewer, people: [...large, ...others], teams: all });
      return all.filter((id) => team(id) === smallTeamsId);
    };
    expect(both([], ['field', 'sales', 'support'])).toEqual([]);
    expect(both([person('dan', 'legal')], ['field', 'legal', 'sales', 'support'])).toEqual(['field', 'legal']);
    const two = [person('dan', 'legal'), person('eve', 'ops'), person('gus', 'ops')];
    expect(both(two, ['field', 'legal', 'ops', 'sales', 'support'])).toEqual(['legal', 'ops']);
  });

  it('[V2] no team that is shown has too few people, and what is folded has enough or is everything', () => {
    const anyPerson = fc.record({
      id: fc.uuid(),
      teamId: fc.option(fc.constantFrom('a', 'b', 'c', 'd', 'e')),
      active: fc.boolean(),
    });
    const all = ['a', 'b', 'c', 'd', 'e'];
    fc.assert(
      fc.property(fc.array(anyPerson, { maxLength: 40 }), fc.integer({ min: 1, max: 8 }), (crowd, teamMin) => {
        const viewer = { memberId: null, access: 'company-admin', teamId: null } as const;
        const rule = { hidesPeople: true, teamMin };
        const { team } = peopleShown({ rule, viewer, people: crowd, teams: all });
        const sizeOf = (id: string) => crowd.filter(({ teamId, active }) => teamId === id && active).length;
        const folded = all.filter((id) => team(id) === smallTeamsId);
        for (const id of all) if (team(id) === id) expect(sizeOf(id)).toBeGreaterThanOrEqual(teamMin);
        const together = folded.reduce((total, id) => total + sizeOf(id), 0);
        const isEverything = folded.length === all.length;
        if (folded.length > 0 && !isEverything) {
          expect(together).toBeGreaterThanOrEqual(teamMin);
          expect(folded.length).toBeGreaterThan(1);
        }
      }),
    );
  });
});
