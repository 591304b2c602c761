import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { workspaceCreateInput } from '../../../shared/bridge/inputs.ts';
import type { CatalogueView } from '../../../shared/bridge/views.ts';
import { catalogueSchema } from '../../../shared/catalogue/catalogue.ts';
import {
  chosenOf,
  fieldName,
  toCreateInput,
  withMembers,
  withPlan,
  withPlatform,
  withTimeZone,
  type NewWorkspaceValues,
} from '../../../renderer/features/onboarding/new-workspace-model.ts';

const catalogues: readonly CatalogueView[] = ['miro', 'visily', 'piktochart'].map((platform) => {
  const file = new URL(`../../../shared/catalogue/platforms/${platform}.json`, import.meta.url);
  return { catalogue: catalogueSchema.parse(JSON.parse(readFileSync(file, 'utf8'))), origin: 'shipped' };
});

const today = '2026-12-01';

const empty: NewWorkspaceValues = {
  platform: null,
  plan: null,
  seats: {},
  enteredAllotment: '',
  addOns: {},
  anchor: '2026-11-12',
  timeZone: 'Europe/Berlin',
  name: '',
  members: [],
  me: null,
  hasOpening: false,
  openingUsed: '',
  openingAt: '2026-12-01T09:00',
};

function chosenPlan(values: NewWorkspaceValues) {
  const plan = chosenOf(values, catalogues, today)?.plan;
  if (plan === undefined) throw new Error('The values name a plan.');
  return plan;
}

describe('the form for a new workspace', () => {
  const miro = { ...withPlatform(empty, 'miro', catalogues, today), plan: 'enterprise' };

  it('sends what the contract takes, and nothing that was left empty', () => {
    const values = { ...miro, seats: { admin: 120 } };
    const input = toCreateInput(values, chosenPlan(values));
    expect(workspaceCreateInput.parse(input)).toEqual({
      platform: 'miro',
      plan: 'enterprise',
      seats: { admin: 120 },
      anchor: '2026-11-12',
      timeZone: 'Europe/Berlin',
      addOns: ['prototypes'],
    });
  });

  it('keeps the moment of the opening reading when another time zone is chosen', () => {
    const values = withTimeZone(empty, 'America/New_York');
    expect(values).toMatchObject({ timeZone: 'America/New_York', openingAt: '2026-12-01T03:00' });
    expect(withTimeZone({ ...empty, openingAt: '' }, 'UTC')).toMatchObject({ timeZone: 'UTC', openingAt: '' });
  });

  it('sends everything that was entered', () => {
    const values: NewWorkspaceValues = {
      ...miro,
      name: ' Northwind ',
      addOns: { prototypes: false },
      enteredAllotment: '75000',
      members: [{ name: 'Ada', role: 'member', team: 'Design' }],
      me: '0',
      hasOpening: true,
      openingUsed: '1200.5',
    };
    expect(workspaceCreateInput.parse(toCreateInput(values, chosenPlan(values)))).toMatchObject({
      name: 'Northwind',
      addOns: [],
      enteredAllotment: '75000',
      members: [{ name: 'Ada', role: 'member', team: 'Design' }],
      me: 0,
      openingReading: { used: '1200.5', at: '2026-12-01T09:00' },
    });
  });

  it('leaves out seats of roles that another plan had', () => {
    const values = { ...withPlatform(empty, 'visily', catalogues, today), plan: 'pro', seats: { editor: 2, gone: 9 } };
    expect(toCreateInput(values, chosenPlan(values)).seats).toEqual({ editor: 2 });
  });

  it('moves people whose role the new plan does not have to its first role', () => {
    const values = {
      ...empty,
      members: [
        { name: 'Ada', role: 'guest-editor' },
        { name: 'Ben', role: 'member' },
      ],
    };
    const plan = chosenPlan({ ...withPlatform(empty, 'piktochart', catalogues, today), plan: 'pro' });
    expect(withPlan(values, plan).members.map(({ role }) => role)).toEqual(['member', 'member']);
  });

  it('keeps who I am when others are removed, and forgets it with the person', () => {
    const [ada, ben] = [
      { name: 'Ada', role: 'member' },
      { name: 'Ben', role: 'member' },
    ];
    const values = { ...empty, members: [ada, ben], me: '1' };
    expect(withMembers(values, [ben]).me).toBe('0');
    expect(withMembers(values, [ada]).me).toBeNull();
  });

  it('names the person that a problem is about', () => {
    const values = { ...empty, members: [{ name: 'Ada', role: 'member' }] };
    expect(fieldName('members.0.role', values)).toBe('Members 1 (Ada)');
    expect(fieldName('openingReading.used', values)).toBe('Opening reading');
    expect(fieldName('something', values)).toBe('something');
  });
});
