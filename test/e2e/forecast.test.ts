// The outlook, the forecast's own page and record, and the days on which nobody works.
import { describe, expect, it } from 'vitest';
import { addDays, dayOf } from '../../shared/kernel/time-zone.ts';
import { instant } from '../../shared/kernel/instant.ts';
import { expectNoViolations } from '../support/axe.ts';
import { useOpenedApp, type OwnerClient } from '../support/opened-app.ts';
import { choose, complaintOf, fact, panel, press, reads, says, showWorkspace } from '../support/screen.ts';
import { studio } from '../support/studio.ts';

const app = useOpenedApp();
const today = dayOf(instant(Date.now()), 'UTC');

/** Use of `prompts` credits on each of the last `days` days, in a workspace whose periods begin today. */
async function withHistory(client: OwnerClient, days: number, prompts: number, name: string): Promise<string> {
  const workspaceId = await studio(client, { name, timeZone: 'UTC', anchor: addDays(today, -days) });
  for (let day = addDays(today, -days); day < today; day = addDays(day, 1)) {
    const quantity = String(prompts);
    const use = { workspaceId, feature: 'topic-prompt', quantity, member: 'ana', at: `${day}T10:00`, happened: true };
    await client.usage.log(use);
  }
  return workspaceId;
}

describe('the outlook', () => {
  it('says how likely the credits last, what is short and what that means, and how often it was right', async () => {
    const { page, client } = app;
    const workspaceId = await withHistory(client, 130, 60, 'Busy');
    await showWorkspace(page, workspaceId);
    const outlook = panel(page, 'Outlook');
    const lasts = fact(outlook, 'Lasts until reset');
    await reads(lasts, /^<?\d+% likely/);
    await reads(lasts, /Expected to be missing: about [\d,]+; up to [\d,]+ in 9 of 10 cases\./);
    await reads(lasts, /The limit is hard: use beyond it is refused\./);
    await reads(lasts, /One pack Starter would hold it: 2,000 for US\$20\.00\./);
    // The same every day is what was forecast, whatever the page had asked while that was being logged.
    await says(
      outlook,
      /Of (\d+) past forecasts up to the reset, \1 kept to their range \(100%; 8 of 10 are meant to\)/,
    );
    await expectNoViolations(page);
    await outlook.getByRole('link', { name: 'How this is computed' }).click();
    await page.getByRole('heading', { level: 1, name: 'Forecast', exact: true }).waitFor();

    const record = panel(page, 'Its own record');
    await reads(fact(record, 'The range held'), /^(\d+) of \1 100%/);
    const table = record.getByRole('table', { name: 'For shorter times' });
    expect(await table.getByRole('row').count()).toBe(4);
    const chart = panel(page, 'Forecast and outcome, week by week');
    await chart.getByRole('figure').waitFor();
    await press(chart, 'Show as table: Forecast and outcome, week by week');
    const rows = chart.getByRole('region', { name: /as a table$/ }).getByRole('row');
    await expect.poll(() => rows.count()).toBeGreaterThan(8);
    await says(panel(page, 'How this is computed'), /400 possible futures/);
    await expectNoViolations(page);
  });

  it.each([
    [5, /^Not known yet/, /^No date yet/, /^No projection yet/, null],
    [10, /% likely/, null, /^[\d,]+ to [\d,]+ ?in 8 of 10 cases/, 'Early estimate'],
  ] as const)('says no more than %i days bear', async (days, lasts, runsOut, end, badge) => {
    const { page, client } = app;
    const workspaceId = await withHistory(client, days, 100, `Young ${days}`);
    await showWorkspace(page, workspaceId);
    const outlook = panel(page, 'Outlook');
    await reads(fact(outlook, 'Lasts until reset'), lasts);
    if (runsOut !== null) await reads(fact(outlook, 'Runs out'), runsOut);
    await reads(fact(outlook, 'By the reset'), end);
    expect(await outlook.getByText('Early estimate').count()).toBe(badge === null ? 0 : 3);
    await showWorkspace(page, workspaceId, 'Forecast');
    await says(page, 'Too early to tell');
    await says(page, /^0 of 8 past forecasts can be judged so far/);
    await expectNoViolations(page);
  });
});

describe('pools of their own', () => {
  it('say how likely each lasts, in the panel and in its table', async () => {
    const { page, client } = app;
    const { workspaceId } = await client.workspaces.create({
      name: 'Purses',
      platform: 'visily',
      plan: 'pro',
      seats: { editor: 2 },
      anchor: addDays(today, -30),
      timeZone: 'UTC',
      members: [
        { id: 'ana', name: 'Ana', role: 'editor' },
        { id: 'ben', name: 'Ben', role: 'editor' },
      ],
    });
    for (let day = addDays(today, -30); day < today; day = addDays(day, 1)) {
      const use = { workspaceId, feature: 'screen', quantity: '1', member: 'ana', at: `${day}T10:00`, happened: true };
      await client.usage.log(use);
    }
    await showWorkspace(page, workspaceId);
    const pools = panel(page, 'Pools (2)');
    await says(pools, / left · >99% likely to last until the reset$/);
    await press(pools, 'Show as table: Pools (2)');
    await pools.getByRole('columnheader', { name: 'Likely to last' }).waitFor();
    await reads(pools.getByRole('row', { name: /^Ben/ }), /–$/);
    await expectNoViolations(page);
  });
});

describe('working days and holidays', () => {
  it('are set in the settings, told in the history, and shaded and named in the charts', async () => {
    const { page, client } = app;
    const workspaceId = await withHistory(client, 20, 10, 'Munich');
    await showWorkspace(page, workspaceId, 'Settings');
    const section = panel(page, 'Working days and holidays');
    await reads(fact(section, 'Working days'), 'Every day');
    await press(section, 'Change working days and holidays');
    const dialog = page.getByRole('dialog', { name: 'Change working days and holidays' });
    for (const day of ['Saturday', 'Sunday']) {
      await dialog.getByRole('radiogroup', { name: day }).getByText('Closed', { exact: true }).click();
    }
    await choose(dialog, 'Country', 'Germany', 'german');
    await choose(dialog, 'Region', 'Bayern');
    await dialog.getByRole('textbox', { name: 'Reason' }).fill('We are in Munich');
    await expectNoViolations(page);
    await press(dialog, 'Save');
    await says(page, 'Working days and holidays were changed.');
    await reads(fact(section, 'Working days'), 'Every day, all but Saturday and Sunday');
    await reads(fact(section, 'Public holidays'), /^Germany, Bayern, closed/);
    // Every day was used alike, weekends too.
    await reads(fact(section, 'Used on closed days'), /% of the last eight weeks/);

    await press(section, 'Add days');
    const own = page.getByRole('dialog', { name: 'Add days of your own' });
    await own.getByRole('textbox', { name: 'Name' }).fill('Launch');
    await press(own, 'Save');
    await expect.poll(() => complaintOf(own.getByLabel('First day'))).toContain('is missing');
    await own.getByLabel('First day').fill(addDays(today, -2));
    await own.getByLabel('Last day').fill(addDays(today, -3));
    await press(own, 'Save');
    await expect.poll(() => complaintOf(own.getByLabel('Last day'))).toContain('is before the first day');
    await own.getByLabel('Last day').fill('');
    await own.getByRole('textbox', { name: 'How much work, in percent' }).fill('50');
    await press(own, 'Save');
    await says(page, 'Launch was saved.');
    await says(section, /^Launch, .*: 50% of a usual day/);
    await expectNoViolations(page);

    await showWorkspace(page, workspaceId);
    await says(panel(page, 'Use per day'), 'Closed or quieter days');
    await press(page, 'Show as table: Use per day');
    const days = page.getByRole('region', { name: 'Use per day, as a table' });
    await says(days, 'Launch, 50% of a usual day');
    await press(page, 'Show as chart: Use per day');
    await showWorkspace(page, workspaceId, 'Subscription');
    await says(page, /^Working days: Saturday closed, Sunday closed; holidays of DE BY closed/);

    await showWorkspace(page, workspaceId, 'Settings');
    await press(section, 'Take away Launch');
    await press(page.getByRole('dialog', { name: 'Take away Launch?' }), 'Take away');
    await says(page, 'Launch was taken away.');
    await section.getByText(/^Launch/).waitFor({ state: 'detached' });
  });
});
