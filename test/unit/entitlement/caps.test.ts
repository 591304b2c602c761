import { describe, expect, it } from 'vitest';
import { capsBinding, type Spender } from '../../../shared/entitlement/caps.ts';
import type { Instant } from '../../../shared/kernel/instant.ts';
import { capSubject, type Change, type CapScope, type CapSpan } from '../../../shared/ledger/change.ts';
import { at, cr, plain } from '../../support/ledger-lines.ts';
import { plainTerms } from '../../support/plain-terms.ts';
import { change } from '../../support/workspace-terms.ts';

const ada: Spender = { memberId: 'ada', teamId: 'design' };
const now = at('2026-01-14T10:00'); // a Wednesday

interface CapGiven {
  readonly from?: Instant;
  readonly until?: Instant;
  readonly span?: CapSpan;
}

function capChange(scope: CapScope, subjectId: string | null, limit: number | null, given: CapGiven = {}): Change {
  const { from = at('2026-01-01'), until = null, span = 'day' } = given;
  const credits = limit === null ? null : cr(limit);
  return change(from, { kind: 'cap', credits, until }, capSubject(scope, subjectId, span));
}

function binding(changes: readonly Change[], spender: Spender = ada, when: Instant = now, timeZone = 'UTC') {
  const index = plainTerms({}, { changes, timeZone });
  return capsBinding(index, spender, when, 1);
}

const limits = (...given: Parameters<typeof binding>) =>
  binding(...given).map((cap) => [cap.rule, cap.span, plain(cap.limit)]);

describe('the personal cap', () => {
  const everybody = capChange('member-default', null, 30);
  const ofTeam = capChange('team-members-default', 'design', 20);
  const own = capChange('member', 'ada', 10);

  it('[E3] is the member’s own, else the team’s default for its members, else that of everybody', () => {
    expect(limits([everybody, ofTeam, own])).toEqual([['personal-cap', 'day', 10]]);
    expect(limits([everybody, ofTeam])).toEqual([['personal-cap', 'day', 20]]);
    expect(limits([everybody])).toEqual([['personal-cap', 'day', 30]]);
    expect(limits([])).toEqual([]);
  });

  it('[E3] of a member without a team skips the team’s default', () => {
    expect(limits([everybody, ofTeam], { memberId: 'bob', teamId: null })).toEqual([['personal-cap', 'day', 30]]);
  });

  it('[E3] a higher cap of one’s own wins over a lower default', () => {
    expect(limits([everybody, capChange('member', 'ada', 500)])).toEqual([['personal-cap', 'day', 500]]);
  });

  it('[E3] that was lifted gives way to the default', () => {
    const lifted = capChange('member', 'ada', null, { from: at('2026-01-10') });
    expect(limits([everybody, own, lifted])).toEqual([['personal-cap', 'day', 30]]);
  });

  it('[E3] comes back when an override of the very same instant ends', () => {
    const override = capChange('member', 'ada', 100, { until: at('2026-01-05') });
    expect(limits([own, override], ada, at('2026-01-04'))).toEqual([['personal-cap', 'day', 100]]);
    expect(limits([own, override], ada, at('2026-01-05'))).toEqual([['personal-cap', 'day', 10]]);
  });

  it('[E3] binds nobody when the use is unattributed', () => {
    expect(limits([everybody, own], { memberId: null, teamId: null })).toEqual([]);
  });
});

describe('spans', () => {
  it('[E3] a cap per day, one per week and one per period apply together', () => {
    const changes = [
      capChange('member', 'ada', 10, { span: 'day' }),
      capChange('member-default', null, 40, { span: 'week' }),
      capChange('team', 'design', 500, { span: 'period' }),
    ];
    expect(limits(changes)).toEqual([
      ['personal-cap', 'day', 10],
      ['personal-cap', 'week', 40],
      ['team-budget', 'period', 500],
    ]);
  });

  it('[E3] count over the day, the week and the allotment period that hold the use', () => {
    const changes = (['day', 'week', 'period'] as const).map((span) => capChange('member', 'ada', 10, { span }));
    const windows = binding(changes).map(({ window }) =>
      [window.start, window.end].map((edge) => new Date(edge).toISOString().slice(0, 10)),
    );
    expect(windows).toEqual([
      ['2026-01-14', '2026-01-15'],
      ['2026-01-12', '2026-01-19'],
      ['2026-01-01', '2026-02-01'],
    ]);
  });

  it('[K6] a day is one of the workspace’s zone, 23 hours long when clocks go forward', () => {
    const changes = [capChange('member', 'ada', 10)];
    const [cap] = binding(changes, ada, at('2025-03-09T20:00'), 'America/Los_Angeles');
    // Before the first cap there is none: the override began in 2026.
    expect(cap).toBeUndefined();
    const early = [capChange('member', 'ada', 10, { from: at('2025-01-01') })];
    const [held] = binding(early, ada, at('2025-03-09T20:00'), 'America/Los_Angeles');
    expect(held && (held.window.end - held.window.start) / 3_600_000).toBe(23);
  });

  it('[E3] a team’s budget sums up the whole team, a personal cap only the person', () => {
    const changes = [capChange('member', 'ada', 10), capChange('team', 'design', 100)];
    expect(binding(changes).map(({ memberId, teamId }) => [memberId, teamId])).toEqual([
      ['ada', null],
      [null, 'design'],
    ]);
  });
});

describe('overrides', () => {
  const usual = capChange('member', 'ada', 10);
  const friday = at('2026-01-16');

  it('[E3] with an end give way to what they overrode', () => {
    const override = capChange('member', 'ada', 200, { from: at('2026-01-12'), until: friday });
    expect(limits([usual, override])).toEqual([['personal-cap', 'day', 200]]);
    expect(limits([usual, override], ada, friday)).toEqual([['personal-cap', 'day', 10]]);
  });

  it('[E1] say when a tighter override ends, and nothing when what follows is tighter', () => {
    const block = capChange('member', 'ada', 0, { from: at('2026-01-12'), until: friday });
    const more = capChange('member', 'ada', 200, { from: at('2026-01-12'), until: friday });
    expect(binding([usual, block]).map((cap) => cap.loosensAt)).toEqual([friday]);
    expect(binding([block]).map((cap) => cap.loosensAt)).toEqual([friday]);
    expect(binding([usual, more]).map((cap) => cap.loosensAt)).toEqual([null]);
    expect(binding([usual]).map((cap) => cap.loosensAt)).toEqual([null]);
  });

  it('[G12] of two caps at one instant the one with the later id holds', () => {
    const first = capChange('member', 'ada', 1);
    const second = capChange('member', 'ada', 2);
    expect(limits([second, first])).toEqual([['personal-cap', 'day', 2]]);
  });
});
