import { describe, expect, it } from 'vitest';
import type { MemberView, WorkspaceView } from '../../../shared/bridge/views.ts';
import { wholeCredits } from '../../../shared/kernel/credits.ts';
import { instant } from '../../../shared/kernel/instant.ts';
import { changesOf } from '../../../renderer/features/members/member-changes.ts';
import { directoryOf } from '../../../renderer/hooks/use-workspace.tsx';
import { filteredRows, memberRows, noTeam, type MemberFilter } from '../../../renderer/features/members/member-rows.ts';

const person = (id: string, name: string, more: Partial<MemberView> = {}): MemberView => ({
  id,
  name,
  role: 'editor',
  teamId: null,
  access: 'member',
  active: true,
  ...more,
});

const workspace: WorkspaceView = {
  id: 'w',
  name: 'Northwind',
  platform: 'visily',
  platformName: 'Visily',
  planId: 'pro',
  planName: 'Pro',
  planEndedAt: null,
  anchor: '2026-01-01',
  timeZone: 'UTC',
  weekStart: 1,
  sample: false,
  createdAt: instant(0),
  poolScope: 'member',
  limit: 'hard',
  addOns: [],
  roles: [
    { id: 'editor', name: 'Editor', spends: true },
    { id: 'viewer', name: 'Viewer', spends: false },
  ],
  features: [],
  members: [
    person('1', 'José Ñandú', { teamId: 'a' }),
    person('2', 'Ada', { role: 'viewer', teamId: 'b' }),
    person('3', 'Ben', { active: false }),
  ],
  teams: [
    { id: 'a', name: 'Design', deleted: false },
    { id: 'b', name: 'Labs', deleted: true },
  ],
  caps: [
    { scope: 'member', subjectId: '2', credits: wholeCredits(0), per: 'day', until: null },
    { scope: 'team', subjectId: 'a', credits: wholeCredits(9), per: 'week', until: null },
  ],
  meId: '1',
  access: 'company-admin',
  privacy: { hidesPeople: false, teamMin: 3 },
  showsPeople: true,
};

const rows = memberRows(workspace, directoryOf(workspace));

const found = (filter: Partial<MemberFilter>) =>
  filteredRows(rows, { text: '', role: null, team: null, state: 'all', ...filter }).map(({ member }) => member.id);

describe('who changes what', () => {
  it.each([
    ['company-admin', true, false],
    ['team-lead', false, true],
    ['member', false, false],
  ] as const)(
    '[E5] goes by what the workspace says of me as %s, and not by my entry among its members',
    (access, ...is) => {
      const { isAdmin, isLead, me } = directoryOf({ ...workspace, access });
      expect([isAdmin, isLead]).toEqual(is);
      expect(me?.id).toBe('1');
    },
  );
});

describe('the members table', () => {
  it('puts names, caps and who I am to each person', () => {
    expect(rows.map(({ roleName, spends, teamName, isMe }) => [roleName, spends, teamName, isMe])).toEqual([
      ['Editor', true, 'Design', true],
      ['Viewer', false, 'Labs (deleted)', false],
      ['Editor', true, '', false],
    ]);
    expect(rows.map(({ caps }) => caps.length)).toEqual([0, 1, 0]);
  });

  it('finds people without regard to case and accents', () => {
    expect(found({ text: 'jose n' })).toEqual(['1']);
    expect(found({ text: ' ADA ' })).toEqual(['2']);
  });

  it('filters by role, team, no team and state', () => {
    expect(found({ role: 'viewer' })).toEqual(['2']);
    expect(found({ team: 'a' })).toEqual(['1']);
    expect(found({ team: noTeam })).toEqual(['3']);
    expect(found({ state: 'active' })).toEqual(['1', '2']);
    expect(found({ state: 'inactive' })).toEqual(['3']);
  });

  it('sends only what was changed about a person', () => {
    const before = { name: 'Ada', role: 'editor', team: 'Design', active: true, access: 'member' } as const;
    expect(changesOf(before, before)).toEqual({});
    expect(changesOf(before, { ...before, access: 'team-lead' })).toEqual({ access: 'team-lead' });
    expect(changesOf(before, { ...before, team: ' ' })).toEqual({ team: null });
    expect(changesOf(before, { ...before, team: 'Labs', active: false })).toEqual({ team: 'Labs', active: false });
    expect(changesOf(before, { ...before, name: 'Ada L.', role: 'viewer' })).toEqual({
      name: 'Ada L.',
      role: 'viewer',
    });
  });
});
