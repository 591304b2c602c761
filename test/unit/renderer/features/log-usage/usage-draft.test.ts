import { describe, expect, it } from 'vitest';
import {
  draftAfter,
  emptyDraft,
  groupFeatures,
  holdInputOf,
  localDateTime,
  usageInputOf,
  type UsageDraft,
} from '../../../../../renderer/features/log-usage/usage-draft.ts';
import { holdInput, usageInput } from '../../../../../shared/bridge/inputs.ts';
import type { FeatureView } from '../../../../../shared/bridge/views.ts';
import { noCredits, wholeCredits, type Credits } from '../../../../../shared/kernel/credits.ts';

function feature(id: string, rate: Credits | null, origin: FeatureView['origin'] = 'listed'): FeatureView {
  return { id, name: id, unit: 'action', origin, rates: [{ variant: null, credits: rate }] };
}

const draft: UsageDraft = {
  featureId: 'slides',
  variant: null,
  quantity: ' 3 ',
  memberId: 'ada',
  at: null,
  note: '  ',
  holdHours: null,
};

describe('usageInputOf', () => {
  it('gives what the bridge takes, and leaves out what is not set', () => {
    const input = usageInputOf(draft, 'w');
    expect(input).toEqual({ workspaceId: 'w', feature: 'slides', quantity: '3', member: 'ada' });
    expect(usageInput.parse(input)).toEqual(input);
  });

  it('carries variant, time and note, and nobody for *unattributed*', () => {
    const full = { ...draft, variant: 'deep', memberId: null, at: '2026-03-18T11:30', note: ' Review ' };
    expect(usageInputOf(full, 'w')).toEqual({
      workspaceId: 'w',
      feature: 'slides',
      variant: 'deep',
      quantity: '3',
      at: '2026-03-18T11:30',
      note: 'Review',
    });
  });

  it('is none while something that is needed is missing', () => {
    expect(usageInputOf({ ...draft, featureId: null }, 'w')).toBeNull();
    expect(usageInputOf({ ...draft, quantity: '' }, 'w')).toBeNull();
    expect(usageInputOf({ ...draft, at: '' }, 'w')).toBeNull();
  });
});

describe('holdInputOf', () => {
  it('[H8] has no time-out unless one is given', () => {
    const input = { workspaceId: 'w', feature: 'slides', quantity: '3' };
    const now = Date.UTC(2026, 2, 18, 10);
    expect(holdInputOf(input, null, now)).toEqual(input);
    const timed = holdInputOf(input, 4, now);
    expect(timed.expires).toBe('2026-03-18T14:00:00.000Z');
    expect(holdInput.parse(timed)).toEqual(timed);
  });
});

describe('emptyDraft', () => {
  const member = { id: 'ada', name: 'Ada', role: 'member', teamId: null, access: 'member', active: true } as const;

  it('starts with who I am, and with the feature where there is only one', () => {
    const features = [feature('slides', wholeCredits(5))];
    expect(emptyDraft({ meId: 'ada', members: [member], features })).toMatchObject({
      memberId: 'ada',
      featureId: 'slides',
      quantity: '1',
    });
    expect(emptyDraft({ meId: 'ada', members: [{ ...member, active: false }], features: [] }).memberId).toBeNull();
  });

  it('keeps feature and member for the next entry', () => {
    expect(draftAfter({ ...draft, at: '2026-03-18T11:30', note: 'x' })).toEqual({ ...draft, quantity: '1', note: '' });
  });
});

describe('groupFeatures', () => {
  it('groups by what a feature costs and leaves empty groups out', () => {
    const groups = groupFeatures([
      feature('free', noCredits),
      feature('opus', null, 'imported'),
      feature('slides', wholeCredits(5)),
    ]);
    expect(groups.map(({ group, features }) => [group, features.map(({ id }) => id)])).toEqual([
      ['priced', ['slides']],
      ['free', ['free']],
      ['imported', ['opus']],
    ]);
    expect(groupFeatures([feature('video', null)])[0]?.group).toBe('unpriced');
  });
});

describe('localDateTime', () => {
  it('[K3] writes the wall clock of the workspace', () => {
    const at = Date.UTC(2026, 2, 18, 23, 5);
    expect(localDateTime(at, 'UTC')).toBe('2026-03-18T23:05');
    expect(localDateTime(at, 'Asia/Tokyo')).toBe('2026-03-19T08:05');
    expect(localDateTime(Date.UTC(2026, 2, 18, 0, 0), 'UTC')).toBe('2026-03-18T00:00');
  });
});
