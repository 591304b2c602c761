// Advice, the calendar and alerts at the command line: as exact as in the app, with the same rules about people.
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { addDays, dayOf } from '../../shared/kernel/time-zone.ts';
import { instant } from '../../shared/kernel/instant.ts';
import { commandLineIn, type CommandLine } from '../support/command-line.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const today = dayOf(instant(Date.now()), 'UTC');

/** Piktochart Pro with three seats, 1,500 credits, the reset ten days away; 75 credits a day of Ana in Design. */
async function worked(): Promise<CommandLine> {
  const cli = commandLineIn(await temporaryFolder());
  const anchor = addDays(today, -20);
  await cli.run(
    `workspace create --platform piktochart --plan pro --seats 3 --anchor ${anchor} --time-zone UTC --name Design`,
  );
  await cli.run('member add --workspace Design --id ana --role member --team Design', '--name', 'Ana Costa');
  for (let back = 19; back >= 1; back -= 1) {
    const at = `${addDays(today, -back)}T10:00`;
    await cli.run(`log --workspace Design --feature studio-image --quantity 3 --member ana --happened --at ${at}`);
  }
  return cli;
}

const rowsSchema = z.object({
  rows: z.array(
    z.object({
      id: z.string(),
      problem: z.string().nullable(),
      periods: z.array(z.object({ allotted: z.string(), lasts: z.number().nullable() })).optional(),
      cost: z.object({ once: z.array(z.unknown()), unknown: z.array(z.unknown()) }).optional(),
    }),
  ),
});

describe('advice at the command line', () => {
  it('tries seats, packs, a cap, teams that leave and another use, beside today', async () => {
    const cli = await worked();
    const later = addDays(today, 12);
    const tried = `--seats 5 --pack starter:2@${later} --cap 20/day --use +30%`;
    const { rows } = rowsSchema.parse(await cli.json(`advice what-if --workspace Design ${tried}`));
    expect(rows.map(({ id }) => id)).toEqual(['today', 'seats', 'packs', 'cap', 'use', 'all']);
    const rowOf = (id: string) => rows.find((row) => row.id === id);
    expect(rowOf('seats')?.periods?.map(({ allotted }) => allotted)).toEqual(['1500', '2500']);
    expect(rowOf('packs')?.cost).toEqual({
      once: [{ amount: '40.00', currency: 'USD' }],
      unknown: [{ kind: 'plan-price', planId: 'pro' }],
    });
    const lasts = (id: string) => rowOf(id)?.periods?.[0]?.lasts ?? -1;
    expect(lasts('cap')).toBeGreaterThanOrEqual(lasts('today'));
    const text = await cli.run(`advice what-if --workspace Design ${tried}`);
    expect(text).toMatchObject({ exitCode: 0, error: '' });
    expect(text.out).toMatch(/^Today +0% /m);
    expect(text.out).toMatch(/^Packs .* \$40\.00 once, plan pro not priced$/m);
    expect(text.out).toMatch(/^The number of seats counts from .+ on\.$/m);
    const gone = await cli.run('advice what-if --workspace Design --leave Design');
    expect(gone.out).toMatch(/^Without the teams +100% +not in sight/m);
    const team = await cli.run('advice what-if --workspace Design --cap 20/day --cap-team Design');
    expect(team.exitCode).toBe(0);
  });

  it('says which flag cannot be used, and what cannot be worked out', async () => {
    const cli = await worked();
    const failing = async (flags: string) => {
      const { exitCode, error, out } = await cli.run(`advice what-if --workspace Design ${flags}`);
      expect(exitCode).toBe(1);
      return `${error}${out}`;
    };
    expect(await failing('--cap 60')).toContain('--cap “60” is no cap; write it as 100/day');
    expect(await failing('--use 130.5')).toContain('--use “130.5” is no whole percent');
    expect(await failing('--pack :2')).toContain('--pack “:2” is no pack');
    expect(await failing('--seats guest=3')).toContain('--seats “guest” takes no seat here; member do');
    expect(await failing('--cap-team Design')).toContain('--cap is missing beside --cap-team');
    expect(await failing('--leave Nobody')).toContain('Nobody');
    expect(await failing('--pack nothing')).toContain('Packs: Piktochart sells no pack “nothing”.');
    expect(await failing(`--pack starter@${addDays(today, -1)}`)).toContain('is in the past');
    expect(await cli.run('advice cheapest --workspace Design --resets 9')).toMatchObject({
      exitCode: 1,
      error: expect.stringContaining('--resets must be 1, 2 or 3'),
    });
  });

  it('finds the cheapest packs and compares plans in money that is published or entered', async () => {
    const cli = await worked();
    const cheapest = await cli.run('advice cheapest --workspace Design');
    expect(cheapest.out).toMatch(/^1 × Starter +needed on \d{4}-\d\d-\d\d .*2,000 +\$20\.00$/m);
    expect(cheapest.out).toContain('No combination of packs and days costs less.');
    expect(await cli.json('advice cheapest --workspace Design --likely --use -90%')).toMatchObject({
      sureness: 'likely',
      short: '0',
      answer: { kind: 'nothing-short' },
    });
    const price = 'advice price --workspace Design --plan pro --amount 14 --currency USD';
    expect((await cli.run(price)).out).toBe('The price of pro is 14 USD a seat.\n');
    expect(await cli.run('advice price --workspace Design --plan pro --amount 14')).toMatchObject({ exitCode: 1 });
    const match = 'advice match --workspace Design --feature studio-image --platform miro --as image';
    expect(await cli.json(match)).toEqual({ matches: 1 });
    const compared = await cli.json('advice compare --workspace Design');
    expect(compared).toMatchObject({
      used: '1425',
      here: { platform: 'piktochart' },
      others: [{ platform: 'miro', covered: 1 }],
      features: [{ feature: 'studio-image', credits: '1425', matches: [{ platform: 'miro', units: '1' }] }],
    });
    const { out } = await cli.run('advice compare --workspace Design');
    expect(out).toMatch(/^Pro \(now\) +1,500 +1,425 +none +\$42\.00 for the plan$/m);
    expect(out).toMatch(/^Free +180 .* refused in 1 of 1 period +1 × Starter +plan not priced, \$20\.00 for packs$/m);
    expect(await cli.json(match.replace(' --as image', ''))).toEqual({ matches: 0 });
  });

  it('[V1] [V2] tells of nobody, and of no small team, while people are hidden', async () => {
    const cli = await worked();
    await cli.run('cap set --workspace Design --member ana --credits 100 --per day');
    const open = await cli.run('advice pace --workspace Design');
    expect(open.out).toMatch(/^Ana Costa +0 of 100 a day +7\d a day +\d+% likely by /m);
    await cli.run('workspace privacy --workspace Design --people exclude');
    const hidden = await cli.run('advice pace --workspace Design');
    expect(hidden.out).not.toContain('Ana');
    expect(await cli.run('advice what-if --workspace Design --leave Design')).not.toMatchObject({ exitCode: 0 });
  });
});

describe('the calendar at the command line', () => {
  it('is shown, set with days, a country and a region, and keeps what is left out', async () => {
    const cli = await worked();
    expect(await cli.json('calendar show --workspace Design')).toMatchObject({ country: null, ownDays: [] });
    const set = await cli.run('calendar set --workspace Design --days Mon-Fri --country DE --region BE');
    expect(set.out).toContain('Fri open, Sat closed, Sun closed\nHolidays of Germany, Berlin: closed.');
    expect(await cli.json('calendar set --workspace Design --days Sun-Thu')).toMatchObject({
      changed: true,
      weekdayPercents: [100, 100, 100, 100, 0, 0, 100],
      country: 'DE',
      region: 'BE',
    });
    expect(await cli.json('calendar set --workspace Design --days 100,100,100,100,50,0,0')).toMatchObject({
      weekdayPercents: [100, 100, 100, 100, 50, 0, 0],
    });
    expect(await cli.json('calendar set --workspace Design --country FR')).toMatchObject({
      country: 'FR',
      region: null,
    });
    expect(await cli.json('calendar set --workspace Design --no-holidays')).toMatchObject({ country: null });
    expect(await cli.json('calendar set --workspace Design --no-holidays')).toMatchObject({ changed: false });
    for (const wrong of ['--days Mon-Foo', '--days Mon-Tue-Wed', '--holiday-percent half', '--country XX']) {
      expect(await cli.run(`calendar set --workspace Design ${wrong}`)).toMatchObject({ exitCode: 1, out: '' });
    }
  });

  it('closes days of one’s own, changes them, takes them away, and lists where holidays are known', async () => {
    const cli = await worked();
    const [first, last] = [addDays(today, 3), addDays(today, 5)];
    const closed = await cli.json(`calendar close --workspace Design --name Away --first ${first} --last ${last}`);
    const { id } = z.object({ id: z.string() }).parse(closed);
    await cli.run(`calendar close --workspace Design --name Launch --first ${first} --percent 150 --id ${id}`);
    expect(await cli.json('calendar show --workspace Design')).toMatchObject({
      ownDays: [{ id, name: 'Launch', first, last: first, percent: 150 }],
      upcoming: [{ date: first, percent: 150, name: 'Launch' }],
    });
    expect((await cli.run('calendar show --workspace Design')).out).toContain(`${first}  150 %  Launch  ${id}`);
    await cli.run(`calendar open --workspace Design --id ${id}`);
    expect(await cli.json('calendar show --workspace Design')).toMatchObject({ ownDays: [], upcoming: [] });
    expect(await cli.run(`calendar open --workspace Design --id ${id}`)).toMatchObject({ exitCode: 1 });
    const regions = await cli.json('calendar holidays --country de');
    expect(regions).toMatchObject({ code: 'DE', regions: expect.arrayContaining([{ code: 'BE', name: 'Berlin' }]) });
    expect((await cli.run('calendar holidays')).out).toContain('DE  Germany');
  });
});

it('[N1] alerts are listed under both names, with what each is called everywhere', async () => {
  const cli = await worked();
  const days = addDays(today, -20);
  // The first look remembers what is; what comes later is told.
  await cli.run('alerts list --workspace Design');
  await cli.run('log --workspace Design --feature studio-image --quantity 3 --member ana --happened');
  const alerts = z.object({ alerts: z.array(z.object({ key: z.string().nullable(), headline: z.string() })) });
  const told = alerts.parse(await cli.json('alerts list --workspace Design'));
  expect(told.alerts).toContainEqual({
    key: `threshold/${days}T00:00:00.000Z/100`,
    headline: '100% of the allotment is used up',
  });
  expect(alerts.parse(await cli.json('alerts --workspace Design'))).toEqual(told);
});
