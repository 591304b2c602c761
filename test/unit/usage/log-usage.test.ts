import { describe, expect, it } from 'vitest';
import { AssertionError } from '../../../shared/kernel/assert.ts';
import { capSubject } from '../../../shared/ledger/change.ts';
import type { Transaction } from '../../../shared/ledger/transaction.ts';
import { addOnsOn, holdLine, usageLine, type LineDetails, type UsageAnswer } from '../../../shared/usage/log-usage.ts';
import { planAt } from '../../../shared/ledger/schedule.ts';
import { at, capture, cr, hold, pack, plain, refund, usage } from '../../support/ledger-lines.ts';
import { plainTerms } from '../../support/plain-terms.ts';
import { asked, consider } from '../../support/usage-desk.ts';
import { change, fold, member, shipped, workspaceTerms } from '../../support/workspace-terms.ts';

const miro = workspaceTerms({
  catalogue: shipped('miro'),
  plan: 'enterprise',
  seats: { member: 10 },
  anchor: '2026-03-01',
  changes: [
    change(at('2026-03-01'), member({ role: 'member', teamId: 'design' }), 'ada'),
    change(at('2026-03-01'), member({ role: 'guest' }), 'gus'),
  ],
});
const pro = workspaceTerms({ catalogue: shipped('piktochart'), plan: 'pro', seats: { member: 3 } });

function summary({ price, decision }: UsageAnswer) {
  return {
    price: price.ok ? [plain(price.value.credits), price.value.pricing] : price.error.code,
    outcome: decision.outcome,
    rules: decision.reasons.map((reason) => reason.rule),
    split: decision.split.map((share) => [share.kind, plain(share.credits)]),
  };
}

describe('considering a use', () => {
  it('[C1] prices it with the rate in force and asks the pool who pays', () => {
    expect(summary(consider(miro, [], asked('slides', 4, at('2026-03-10'))))).toEqual({
      price: [20, 'listed'],
      outcome: 'allowed',
      rules: [],
      split: [['allotment', 20]],
    });
  });

  it('[C4] a variant has its own rate', () => {
    const visily = workspaceTerms({ catalogue: shipped('visily'), plan: 'free' });
    const when = at('2026-01-10');
    const priceOf = (variant: string | null) =>
      summary(consider(visily, [], asked('screen', 1, when, { variant }))).price;
    expect([priceOf(null), priceOf('deep')]).toEqual([
      [30, 'assumed'],
      [90, 'assumed'],
    ]);
  });

  it('[C3] what costs nothing is allowed at balance 0', () => {
    const lines = [usage('all', at('2026-03-02'), cr(2500))];
    expect(summary(consider(miro, lines, asked('ai-search', 3, at('2026-03-10')))).outcome).toBe('allowed');
  });

  it('[C5] an unlisted action is an estimate where the plan has a default rate, else unknown', () => {
    expect(summary(consider(miro, [], asked('hologram', 2, at('2026-03-10'))))).toMatchObject({
      price: [2, 'estimate'],
      outcome: 'allowed',
    });
    expect(summary(consider(pro, [], asked('hologram', 2, at('2026-01-10'))))).toEqual({
      price: 'unknown-feature',
      outcome: 'refused',
      rules: ['known-feature'],
      split: [],
    });
  });

  it('[C5] a feature that an import named is known, and has no price', () => {
    const index = plainTerms(
      {},
      { changes: [change(at('2026-01-01'), { kind: 'feature', name: 'Hologram', unit: 'request' }, 'hologram')] },
    );
    const answer = consider(index, [], asked('hologram', 1, at('2026-01-10')));
    expect(answer.decision.reasons.map(({ rule, subject }) => [rule, subject])).toEqual([['priced', 'Hologram']]);
  });

  it('[E5] asks for the role that the member had at the time', () => {
    const when = at('2026-03-10');
    expect(summary(consider(miro, [], asked('doc', 1, when, { memberId: 'ada' }))).outcome).toBe('allowed');
    expect(summary(consider(miro, [], asked('doc', 1, when, { memberId: 'gus' })))).toMatchObject({
      outcome: 'refused',
      rules: ['platform-role'],
    });
  });

  it('[E2] Miro prototypes need their add-on, which is on until it is switched off', () => {
    const off = change(at('2026-03-20'), { kind: 'add-on', on: false, creditsPerPeriod: null }, 'prototypes');
    const index = workspaceTerms({
      catalogue: shipped('miro'),
      plan: 'enterprise',
      seats: { member: 10 },
      changes: [change(at('2026-01-01'), { kind: 'add-on', on: true, creditsPerPeriod: null }, 'prototypes'), off],
    });
    const outcomeOf = (text: string) => summary(consider(index, [], asked('prototypes', 1, at(text))));
    expect(outcomeOf('2026-03-19').outcome).toBe('allowed');
    expect(outcomeOf('2026-03-20')).toMatchObject({ outcome: 'refused', rules: ['feature-in-plan'] });
    expect([...addOnsOn(miro, planAt(miro, at('2026-03-10')).plan, at('2026-03-10'))]).toEqual(['prototypes']);
  });

  it('[E4] Miro’s soft limit lets 112 pass beyond its 2,500, Piktochart’s hard one refuses', () => {
    const miroLines = [usage('use', at('2026-03-02'), cr(2488))];
    expect(summary(consider(miro, miroLines, asked('text', 124, at('2026-03-10'))))).toEqual({
      price: [124, 'listed'],
      outcome: 'allowed-overage',
      rules: ['pool'],
      split: [
        ['allotment', 12],
        ['overage', 112],
      ],
    });
    const proLines = [usage('use', at('2026-01-02'), cr(1400))];
    expect(summary(consider(pro, proLines, asked('video', 1, at('2026-01-10')))).outcome).toBe('refused');
  });

  it('[E6] what already happened is recorded as overage on Piktochart’s hard pool', () => {
    const lines = [usage('use', at('2026-01-02'), cr(1400))];
    expect(summary(consider(pro, lines, asked('video', 1, at('2026-01-10'), { happened: true })))).toMatchObject({
      outcome: 'allowed-overage',
      split: [
        ['allotment', 100],
        ['overage', 150],
      ],
    });
  });

  it('[E7] a backdated use has only the headroom that later uses leave', () => {
    const lines = [usage('later', at('2026-01-20'), cr(1400))];
    const now = at('2026-01-25');
    const backdated = consider(pro, lines, asked('video', 1, at('2026-01-10')), now);
    expect([backdated.decision.outcome, backdated.decision.headrooms.at(-1)?.headroom]).toEqual(['refused', cr(100)]);
    expect(consider(pro, lines, asked('studio-image', 4, at('2026-01-10')), now).decision.outcome).toBe('allowed');
  });

  it('[E2] Piktochart after the subscription ended: the pack pays a video, and then it is over', () => {
    const ended = workspaceTerms({
      catalogue: shipped('piktochart'),
      plan: 'pro',
      seats: { member: 3 },
      changes: [change(at('2026-01-20'), { kind: 'plan', planId: null })],
    });
    const starter = pack('starter', at('2026-01-02'), cr(2000));
    const spent = usage('rest', at('2026-01-21'), cr(1750));
    expect(summary(consider(ended, [starter], asked('video', 1, at('2026-01-22')))).split).toEqual([['pack', 250]]);
    expect(summary(consider(ended, [starter, spent], asked('video', 2, at('2026-01-22')))).outcome).toBe('refused');
  });

  it('[E2] an ended plan with a soft limit allows no overage any more', () => {
    const ended = workspaceTerms({
      catalogue: shipped('miro'),
      plan: 'enterprise',
      seats: { member: 10 },
      changes: [change(at('2026-03-20'), { kind: 'plan', planId: null })],
    });
    expect(summary(consider(ended, [], asked('text', 1, at('2026-03-21'))))).toMatchObject({
      outcome: 'refused',
      rules: ['pool'],
    });
  });
});

describe('caps', () => {
  const capOf = (credits: number, subject: string) =>
    change(at('2026-03-01'), { kind: 'cap', credits: cr(credits), until: null }, subject);
  const capped = (...changes: readonly ReturnType<typeof change>[]) =>
    workspaceTerms({
      catalogue: shipped('miro'),
      plan: 'enterprise',
      seats: { member: 10 },
      anchor: '2026-03-01',
      changes: [change(at('2026-03-01'), member({ teamId: 'design' }), 'ada'), ...changes],
    });
  const who = { memberId: 'ada', teamId: 'design' };
  const outcomes = (index: ReturnType<typeof capped>, lines: readonly Transaction[], amounts: readonly number[]) =>
    amounts.map(
      (amount) => consider(index, lines, asked('text', amount, at('2026-03-10T12:00'), who)).decision.outcome,
    );

  it('[E3] count what was used and set aside in their window, less what was given back', () => {
    const index = capped(capOf(20, capSubject('member', 'ada', 'day')));
    const today = usage('today', at('2026-03-10T08:00'), cr(9), who);
    const lines = [
      usage('yesterday', at('2026-03-09T08:00'), cr(15), who),
      today,
      { ...refund('back', today, at('2026-03-10T09:00'), cr(4)), ...who },
      { ...hold('open', at('2026-03-10T10:00'), cr(5)), ...who },
      usage('bob', at('2026-03-10T08:00'), cr(500), { memberId: 'bob', teamId: 'design' }),
    ];
    expect(outcomes(index, lines, [10, 11])).toEqual(['allowed', 'refused']);
  });

  it('[E3] a team’s budget counts everybody of the team', () => {
    const index = capped(capOf(20, capSubject('team', 'design', 'week')));
    const lines = [usage('bob', at('2026-03-09'), cr(15), { memberId: 'bob', teamId: 'design' })];
    expect(outcomes(index, lines, [5, 6])).toEqual(['allowed', 'refused']);
  });

  it('[H5] a capture counts where its hold began', () => {
    const index = capped(capOf(20, capSubject('member', 'ada', 'day')));
    const held = { ...hold('held', at('2026-03-09T23:00'), cr(15)), ...who };
    const lines = [held, { ...capture('done', held, at('2026-03-10T01:00')), ...who }];
    expect(outcomes(index, lines, [20, 21])).toEqual(['allowed', 'refused']);
  });
});

describe('the line that is written', () => {
  const details: LineDetails = {
    id: 'line',
    workspaceId: 'workspace',
    poolId: 'pool',
    recordedAt: at('2026-03-11'),
    authorId: 'ada',
    origin: 'app',
    note: null,
  };
  const when = at('2026-03-10');
  const request = asked('slides', 3, when, { memberId: 'ada', teamId: 'design' });
  const answerTo = (asking: typeof request) => {
    const { price, decision } = consider(miro, [usage('use', at('2026-03-02'), cr(2490))], asking);
    if (!price.ok) throw new Error('There is a price');
    return { price: price.value, decision };
  };

  it('[C1] keeps quantity, unit rate and the catalogue version that it was priced with', () => {
    const line = usageLine(request, answerTo(request), { ...details, externalKey: null });
    expect([line.quantity, line.unitRate, line.catalogueVersion, line.pricing, line.credits]).toEqual([
      3_000_000,
      cr(5),
      '2026-03-02',
      'listed',
      cr(15),
    ]);
    expect([line.memberId, line.teamId, line.occurredAt, line.recordedAt]).toEqual([
      'ada',
      'design',
      when,
      details.recordedAt,
    ]);
    expect('note' in line || 'externalKey' in line).toBe(false);
  });

  it('[G3] keeps the split as it was decided, which adds up to the price', () => {
    const { receipt, credits } = usageLine(request, answerTo(request), { ...details, externalKey: 'row-1' });
    expect(receipt.map((share) => [share.kind, plain(share.credits)])).toEqual([
      ['allotment', 10],
      ['overage', 5],
    ]);
    expect(receipt.reduce((total, share) => total + share.credits, 0)).toBe(credits);
  });

  it('[L2] keeps the natural key of the row that it came from', () => {
    const line = usageLine(request, answerTo(request), { ...details, externalKey: 'row-1', note: 'imported' });
    expect([line.externalKey, line.note]).toEqual(['row-1', 'imported']);
  });

  it('[H1] of a hold sets a positive amount aside, with its time-out if there is one', () => {
    const line = holdLine(request, answerTo(request), { ...details, expiresAt: at('2026-03-12') });
    expect([line.kind, line.credits, line.expiresAt]).toEqual(['hold', cr(15), at('2026-03-12')]);
    const free = asked('ai-search', 1, when);
    expect(() => holdLine(free, answerTo(free), { ...details, expiresAt: null })).toThrow(AssertionError);
  });

  it('[L4] use stays with the team that the member was in at the time', () => {
    const line = usageLine(request, answerTo(request), { ...details, externalKey: null });
    const state = fold(miro, [line], at('2026-04-01'));
    expect([line.teamId, state.spendById.size]).toEqual(['design', 1]);
  });
});
