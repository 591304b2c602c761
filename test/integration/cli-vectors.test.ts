import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { commandLineIn, type CommandLine } from '../support/command-line.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const created = z.object({ workspaceId: z.string() });
const booked = z.object({ transactionId: z.string() });
const granted = z.object({ grantId: z.string() });

interface Setting {
  readonly cli: CommandLine;
  /** The flag that names the workspace. */
  readonly w: string;
}

async function workspace(flags: string, role = 'member'): Promise<Setting> {
  const cli = commandLineIn(await temporaryFolder());
  const { workspaceId } = created.parse(await cli.json(`workspace create --time-zone UTC ${flags}`));
  const w = `--workspace ${workspaceId}`;
  await cli.json(`member add ${w} --id ada --name Ada --role ${role}`);
  return { cli, w };
}

const piktochart = (seats: number, anchor = '2026-01-01') =>
  workspace(`--platform piktochart --plan pro --seats ${seats} --anchor ${anchor}`);

async function grant({ cli, w }: Setting, flags: string): Promise<string> {
  return granted.parse(await cli.json(`grant add ${w} ${flags}`)).grantId;
}

async function log({ cli, w }: Setting, flags: string): Promise<unknown> {
  return cli.json(`log ${w} --member ada ${flags}`);
}

async function remaining({ cli, w }: Setting, asOf: string): Promise<unknown> {
  const grants = z.object({ grants: z.array(z.object({ id: z.string(), remaining: z.string() })) });
  const balance = grants.parse(await cli.json(`balance ${w} --as-of ${asOf}`));
  return Object.fromEntries(balance.grants.map((each) => [each.id, each.remaining]));
}

describe('grants and their burn order', () => {
  it('[G2] 100 at priority 1 and 100 at priority 2, use 120: 0 and 80 remain', async () => {
    const setting = await piktochart(0);
    const second = await grant(setting, '--amount 100 --priority 2 --from 2026-01-01');
    const first = await grant(setting, '--amount 100 --priority 1 --from 2026-01-01');
    expect(await log(setting, '--feature text-to-image --quantity 20 --at 2026-01-02')).toEqual({
      outcome: 'allowed',
      credits: '120',
      split: [
        { grantId: first, kind: 'adjustment', credits: '100' },
        { grantId: second, kind: 'adjustment', credits: '20' },
      ],
      reasons: [],
      transactionId: expect.any(String),
    });
    expect(await remaining(setting, '2026-01-03')).toMatchObject({ [first]: '0', [second]: '80' });
  });

  it('[G2] [G3] 20 first, then 25, 25 and 30 from oldest to newest, use 80: 20, 25, 25, 10', async () => {
    const setting = await piktochart(0);
    const newest = await grant(setting, '--amount 30 --priority 2 --from 2026-01-04');
    const middle = await grant(setting, '--amount 25 --priority 2 --from 2026-01-03');
    const oldest = await grant(setting, '--amount 25 --priority 2 --from 2026-01-02');
    const first = await grant(setting, '--amount 20 --priority 1 --from 2026-01-05');
    expect(await log(setting, '--feature topic-prompt --quantity 80 --at 2026-01-06')).toMatchObject({
      outcome: 'allowed',
      split: [
        { grantId: first, credits: '20' },
        { grantId: oldest, credits: '25' },
        { grantId: middle, credits: '25' },
        { grantId: newest, credits: '10' },
      ],
    });
  });

  it('[G4] a grant pays nothing before it is effective, nor at or after its expiry', async () => {
    const setting = await piktochart(0);
    await grant(setting, '--amount 10 --from 2026-01-10 --expires 2026-01-20');
    expect(await log(setting, '--feature topic-prompt --quantity 1 --at 2026-01-09T23:59:59Z')).toMatchObject({
      outcome: 'refused',
    });
    expect(await log(setting, '--feature topic-prompt --quantity 1 --at 2026-01-20')).toMatchObject({
      outcome: 'refused',
    });
    expect(await log(setting, '--feature topic-prompt --quantity 1 --at 2026-01-10')).toMatchObject({
      outcome: 'allowed',
    });
  });

  it('[G1] a voided grant pays nothing any more', async () => {
    const setting = await piktochart(0);
    const grantId = await grant(setting, '--amount 10 --from 2026-01-01');
    expect((await setting.cli.run(`grant void ${grantId} --at 2026-01-05`)).exitCode).toBe(0);
    expect(await log(setting, '--feature topic-prompt --quantity 1 --at 2026-01-06')).toMatchObject({
      outcome: 'refused',
    });
  });
});

describe('Piktochart Pro with packs', () => {
  it('[G2] six videos use up three seats, a seventh takes the pack, the reset brings the seats back', async () => {
    const setting = await piktochart(3);
    const { cli, w } = setting;
    expect(await cli.json(`pack order ${w} --pack starter --at 2026-01-02`)).toMatchObject({ credits: '2000' });
    for (let video = 1; video <= 6; video += 1)
      await log(setting, `--feature video --quantity 1 --at 2026-01-0${video + 2}`);
    const after = await cli.json(`balance ${w} --as-of 2026-01-09`);
    expect(after).toMatchObject({ allotted: '1500', used: '1500', available: '2000', overage: '0' });
    expect(await log(setting, '--feature video --quantity 1 --at 2026-01-10')).toMatchObject({
      outcome: 'allowed',
      split: [{ kind: 'pack', credits: '250' }],
    });
    expect(await cli.json(`balance ${w} --as-of 2026-01-11`)).toMatchObject({ available: '1750' });
    expect(await cli.json(`balance ${w} --as-of 2026-02-01`)).toMatchObject({
      allotted: '1500',
      used: '0',
      available: '3250',
      grants: [
        { kind: 'allotment', remaining: '1500' },
        { kind: 'pack', pack: 'starter', amount: '2000', remaining: '1750', expiresAt: null },
      ],
    });
  });

  it('[L1] a video of January 30 that arrives on February 3 takes January’s last 100 and 150 of the pack', async () => {
    const setting = await piktochart(3);
    const { cli, w } = setting;
    await cli.json(`pack order ${w} --pack starter --at 2026-01-02`);
    await log(setting, '--feature topic-prompt --quantity 1400 --at 2026-01-05');
    const late = await log(setting, '--feature video --quantity 1 --at 2026-01-30T12:00:00Z --happened');
    expect(late).toMatchObject({
      outcome: 'allowed',
      split: [
        { kind: 'allotment', credits: '100' },
        { kind: 'pack', credits: '150' },
      ],
    });
    expect(await cli.json(`balance ${w} --as-of 2026-02-03`)).toMatchObject({
      used: '0',
      grants: [
        { kind: 'allotment', remaining: '1500' },
        { kind: 'pack', remaining: '1850' },
      ],
    });
  });

  it('[E2] a pack outlives the subscription: 2000, plan ended, one video, 1750', async () => {
    const setting = await piktochart(3);
    const { cli, w } = setting;
    await cli.json(`pack order ${w} --pack starter --at 2026-01-02`);
    await cli.json(`plan end ${w} --at 2026-02-01`);
    expect(await cli.json(`balance ${w} --as-of 2026-02-02`)).toMatchObject({ allotted: '0', available: '2000' });
    expect(await log(setting, '--feature video --quantity 1 --at 2026-02-03')).toMatchObject({
      outcome: 'allowed',
      split: [{ kind: 'pack', credits: '250' }],
    });
    expect(await cli.json(`balance ${w} --as-of 2026-02-04`)).toMatchObject({ available: '1750' });
  });
});

describe('holds', () => {
  it('[H4] the decision is pessimistic: credit 100, used 70, hold 50 is refused with the headroom', async () => {
    const setting = await piktochart(0);
    const { cli, w } = setting;
    await grant(setting, '--amount 100 --from 2026-01-01');
    await log(setting, '--feature topic-prompt --quantity 70 --at 2026-01-02');
    const hold = `hold ${w} --member ada --feature topic-prompt --quantity 50 --at 2026-01-03`;
    expect((await cli.run(hold)).exitCode).toBe(2);
    expect(await cli.json(hold)).toMatchObject({
      outcome: 'refused',
      transactionId: null,
      reasons: [{ rule: 'pool', headroom: '30' }],
    });
    expect(await cli.json(`balance ${w} --as-of 2026-01-04`)).toMatchObject({ used: '70', held: '0', available: '30' });
  });

  it('[H1] [H2] a part is captured, the rest is free at once, and a second resolution is refused', async () => {
    const setting = await piktochart(1);
    const { cli, w } = setting;
    const hold = `hold ${w} --member ada --feature topic-prompt --quantity 50 --at 2026-01-03`;
    const { transactionId } = booked.parse(await cli.json(hold));
    expect(await cli.json(`balance ${w} --as-of 2026-01-03T01:00:00Z`)).toMatchObject({
      used: '0',
      held: '50',
      available: '450',
    });
    expect(await cli.json(`capture ${transactionId} --credits 20 --at 2026-01-04`)).toMatchObject({ credits: '20' });
    expect(await cli.json(`balance ${w} --as-of 2026-01-05`)).toMatchObject({
      used: '20',
      held: '0',
      available: '480',
    });
    const again = await cli.run(`release ${transactionId} --at 2026-01-06`);
    expect(again.exitCode).toBe(2);
    expect(again.error).toContain('already captured');
  });

  it('[H2] [H7] a released hold costs nothing, a refunded use comes back, a voided one too', async () => {
    const setting = await piktochart(1);
    const { cli, w } = setting;
    const hold = booked.parse(
      await cli.json(`hold ${w} --member ada --feature topic-prompt --quantity 50 --at 2026-01-03`),
    );
    await cli.json(`release ${hold.transactionId} --at 2026-01-04`);
    const used = booked.parse(await log(setting, '--feature topic-prompt --quantity 50 --at 2026-01-03'));
    await cli.json(`refund ${used.transactionId} --credits 20 --at 2026-01-05`);
    expect(await cli.json(`balance ${w} --as-of 2026-01-06`)).toMatchObject({
      used: '30',
      held: '0',
      available: '470',
    });
    const other = booked.parse(await log(setting, '--feature topic-prompt --quantity 5 --at 2026-01-03'));
    await cli.json(`void ${other.transactionId} --reason`, 'booked by mistake');
    // An undone entry counts as if it had not happened, so that the same credits can be spent again there and then.
    expect(await cli.json(`balance ${w} --as-of 2026-01-07`)).toMatchObject({ used: '30', available: '470' });
  });
});

describe('undone entries', () => {
  it('[L4] an entry that was taken back frees its credits at its own instant, even for another use of that instant', async () => {
    const setting = await piktochart(1);
    const { cli, w } = setting;
    const first = booked.parse(await log(setting, '--feature video --quantity 2 --at 2026-01-10'));
    await cli.json(`void ${first.transactionId} --reason`, 'typo');
    expect(await log(setting, '--feature video --quantity 1 --at 2026-01-10')).toMatchObject({ outcome: 'allowed' });
    expect(await cli.json(`balance ${w} --as-of 2026-01-10`)).toMatchObject({
      used: '250',
      available: '250',
      overage: '0',
    });
  });
});

describe('periods and seats', () => {
  it('[K5] a monthly period anchored on the 31st is clamped and always computed from the anchor', async () => {
    const { cli, w } = await piktochart(1, '2027-01-31');
    const starts = ['2027-02-15', '2027-03-15', '2027-04-15', '2027-05-15', '2028-03-01'].map((asOf) =>
      cli.json(`balance ${w} --as-of ${asOf}`),
    );
    const period = (start: string, end: string) => ({
      period: { start: `${start}T00:00:00.000Z`, end: `${end}T00:00:00.000Z` },
    });
    expect(await Promise.all(starts)).toMatchObject([
      period('2027-01-31', '2027-02-28'),
      period('2027-02-28', '2027-03-31'),
      period('2027-03-31', '2027-04-30'),
      period('2027-04-30', '2027-05-31'),
      period('2028-02-29', '2028-03-31'),
    ]);
  });

  it('[K4] a use exactly at the reset belongs to the new period', async () => {
    const setting = await piktochart(1);
    await log(setting, '--feature topic-prompt --quantity 5 --at 2026-02-01T00:00:00Z');
    await log(setting, '--feature topic-prompt --quantity 3 --at 2026-01-31T23:59:59.999Z');
    const { cli, w } = setting;
    expect(await cli.json(`balance ${w} --as-of 2026-01-31T23:59:59.999Z`)).toMatchObject({ used: '3' });
    expect(await cli.json(`balance ${w} --as-of 2026-02-01`)).toMatchObject({ used: '5' });
  });

  it('[S1] [S2] Miro from 120 to 210 seats in mid-period: 10,000 until the next date, then 15,000', async () => {
    const { cli, w } = await workspace('--platform miro --plan enterprise --seats 120 --anchor 2026-03-01');
    await cli.json(`seats set ${w} --seats 210 --at 2026-04-15`);
    expect(await cli.json(`balance ${w} --as-of 2026-04-20`)).toMatchObject({ allotted: '10000' });
    expect(await cli.json(`balance ${w} --as-of 2026-04-30T23:59:59Z`)).toMatchObject({ allotted: '10000' });
    expect(await cli.json(`balance ${w} --as-of 2026-05-01`)).toMatchObject({ allotted: '15000' });
  });

  it('[S3] Visily has a pool per editor: one editor’s credits, the sum, and the list of pools', async () => {
    const { cli, w } = await workspace(
      '--platform visily --plan pro --seats editor=2,guest-editor=1 --anchor 2026-01-01',
      'editor',
    );
    await cli.json(`member add ${w} --id bob --name Bob --role editor`);
    await cli.json(`member add ${w} --id gus --name Gus --role guest-editor`);
    await cli.json(`log ${w} --member ada --feature screen --variant deep --quantity 2`);
    expect(await cli.json(`balance ${w} --member ada`)).toMatchObject({ allotted: '3000', available: '2820' });
    expect(await cli.json(`balance ${w}`)).toMatchObject({
      allotted: '6600',
      used: '180',
      available: '6420',
      pools: expect.arrayContaining([expect.objectContaining({ member: 'gus', allotted: '600' })]),
    });
  });
});

describe('caps, roles and prices', () => {
  it('[E3] a cap of 0 blocks with a full pool, and names the rule', async () => {
    const setting = await piktochart(1);
    const { cli, w } = setting;
    await cli.json(`cap set ${w} --member ada --credits 0 --per day --at 2026-01-01`);
    expect(await log(setting, '--feature topic-prompt --quantity 1 --at 2026-01-02')).toMatchObject({
      outcome: 'refused',
      reasons: [{ rule: 'personal-cap', headroom: '0' }],
    });
    expect(await log(setting, '--feature topic-prompt --quantity 1 --at 2026-01-02 --happened')).toMatchObject({
      transactionId: expect.any(String),
    });
    await cli.json(`cap set ${w} --member ada --credits none --per day --at 2026-01-03`);
    expect(await log(setting, '--feature topic-prompt --quantity 1 --at 2026-01-04')).toMatchObject({
      outcome: 'allowed',
    });
  });

  it('[C1] [C4] [E5] prices variants, and refuses who may not spend', async () => {
    const setting = await workspace('--platform miro --plan enterprise --seats 10 --anchor 2026-03-01', 'guest');
    const { cli } = setting;
    expect(await cli.json('price --platform visily --feature screen --quantity 2 --variant deep')).toEqual({
      credits: '180',
      unitRate: '90',
      catalogueVersion: expect.any(String),
    });
    expect(await log(setting, '--feature doc --quantity 1')).toMatchObject({
      outcome: 'refused',
      reasons: [{ rule: 'platform-role' }],
    });
  });

  it('[L2] the same external id is booked once', async () => {
    const setting = await piktochart(1);
    const first = await log(setting, '--feature topic-prompt --quantity 1 --external-id x-1 --at 2026-01-02');
    const again = await log(setting, '--feature topic-prompt --quantity 1 --external-id x-1 --at 2026-01-02');
    expect(again).toMatchObject({ transactionId: booked.parse(first).transactionId, duplicate: true });
    const { cli, w } = setting;
    expect(await cli.json(`balance ${w} --as-of 2026-01-03`)).toMatchObject({ used: '1' });
  });

  it('[A3] reports by feature, team and user add up to the total', async () => {
    const setting = await piktochart(1);
    const { cli, w } = setting;
    await log(setting, '--feature topic-prompt --quantity 3 --at 2026-01-02');
    await log(setting, '--feature summarizer --quantity 2 --at 2026-01-03');
    const report = (by: string) => cli.json(`report ${w} --by ${by} --period month --as-of 2026-01-15`);
    expect(await report('feature')).toMatchObject({
      total: '9',
      rows: [
        { id: 'summarizer', credits: '6', transactions: 1 },
        { id: 'topic-prompt', credits: '3', transactions: 1 },
      ],
    });
    expect(await report('user')).toMatchObject({ total: '9', rows: [{ id: 'ada', name: 'Ada', credits: '9' }] });
    expect(await report('team')).toMatchObject({ total: '9', rows: [{ id: null, credits: '9' }] });
  });

  it('[G13] a reading opens a balance in mid-period', async () => {
    const { cli, w } = await workspace('--platform miro --plan enterprise --seats 10 --anchor 2026-03-01');
    expect(await cli.json(`reading add ${w} --used 400 --at 2026-04-10`)).toMatchObject({ drift: '0', booked: true });
    expect(await cli.json(`balance ${w} --as-of 2026-04-11`)).toMatchObject({ used: '400', available: '2100' });
    expect(await cli.json(`reading add ${w} --used 450 --at 2026-04-12`)).toMatchObject({ drift: '50', booked: false });
    expect(await cli.json(`balance ${w} --as-of 2026-04-13`)).toMatchObject({ used: '400' });
  });
});

describe('what was typed wrongly', () => {
  it.each([
    [
      'workspace create --platform miro --plan enterprise --seats 1 --anchor 2026-01-01 --time-zone Nowhere',
      '--time-zone',
    ],
    ['workspace create --platform nope --plan enterprise --seats 1 --anchor 2026-01-01 --time-zone UTC', '--platform'],
    ['workspace create --platform miro --plan nope --seats 1 --anchor 2026-01-01 --time-zone UTC', '--plan'],
    ['workspace create --platform miro --plan enterprise --seats a=1 --anchor 2026-01-01 --time-zone UTC', '--seats'],
    ['workspace create --platform miro --plan enterprise --seats x --anchor 2026-01-01 --time-zone UTC', '--seats'],
    ['log $w --member ada --feature video --quantity 1e309', '--quantity'],
    ['log $w --member ada --feature video --quantity NaN', '--quantity'],
    ['log $w --member ada --feature video --quantity -1', '--quantity'],
    ['log $w --member ada --feature video --quantity 1 --at 2026-02-30', '--at'],
    ['hold $w --member ada --feature video --quantity 1 --expires soon', '--expires'],
    ['member add $w --id bob --name Bob --role emperor', '--role'],
    ['grant add $w --amount -5', '--amount'],
    ['seats set $w --seats emperor=5', '--seats'],
    ['cap set $w --credits x --per day', '--credits'],
    ['pack order $w --pack nope', '--pack'],
    ['reading add $w --used -1 --at 2026-01-05', '--used'],
    ['plan set $w --plan nope', '--plan'],
    ['balance $w --as-of yesterday', '--as-of'],
    ['price --platform miro --feature doc --quantity 1 --at 31.1.2026', '--at'],
  ])('%s is told about %s, and nothing is booked', async (words, flag) => {
    const { cli, w } = await piktochart(1);
    const before = await cli.run(`export ${w} --format json`);
    const run = await cli.run(`${words.replace('$w', w)} --json`);
    expect(run).toMatchObject({ exitCode: 1, error: expect.stringContaining(flag) });
    expect(JSON.parse(run.out)).toMatchObject({ code: 'wrong-input', issues: [{ path: flag }] });
    expect(await cli.run(`export ${w} --format json`)).toEqual(before);
  });

  it.each([
    ['log $w --member nobody --feature video --quantity 1'],
    ['log --workspace nope --member ada --feature video --quantity 1'],
    ['balance --workspace nope'],
    ['capture nope'],
    ['grant void nope'],
  ])('%s names nothing that is there: exit code 1', async (words) => {
    const { cli, w } = await piktochart(1);
    const run = await cli.run(`${words.replace('$w', w)} --json`);
    expect(run.exitCode).toBe(1);
    expect(JSON.parse(run.out)).toMatchObject({ code: 'not-found' });
  });

  it('[E3] a team is named by its id or by its name', async () => {
    const { cli, w } = await piktochart(1);
    await cli.json(`member add ${w} --id bob --name Bob --role member --team Design`);
    expect((await cli.run(`cap set ${w} --team Design --credits 5 --per week --at 2026-01-01`)).exitCode).toBe(0);
    expect(
      await cli.json(`log ${w} --member bob --team Design --feature topic-prompt --quantity 6 --at 2026-01-10`),
    ).toMatchObject({ outcome: 'refused', reasons: [{ rule: 'team-budget', headroom: '5' }] });
  });
});
