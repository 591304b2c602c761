// The hours of a day beside the daily chart, and a workspace that moves to another time zone.
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { dayOf } from '../../shared/kernel/time-zone.ts';
import { instant } from '../../shared/kernel/instant.ts';
import { useOpenedApp } from '../support/opened-app.ts';
import { choose, complaintOf, fact, panel, press, reads, says, showWorkspace } from '../support/screen.ts';
import { studio } from '../support/studio.ts';

const app = useOpenedApp();

/** Tooltips and dialogs lie beside the landmarks; that is meant. */
async function expectNoViolations(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().disableRules(['region']).analyze();
  expect(violations.map(({ id, nodes }) => [id, ...nodes.map(({ target }) => target.join(' '))])).toEqual([]);
}

describe('the hours of a day', () => {
  it('open below the daily chart, lead from day to day, and are a table too; all of it by keyboard', async () => {
    const { page, client } = app;
    const workspaceId = await studio(client);
    await client.usage.log({ workspaceId, feature: 'video', quantity: '2', member: 'ana' });
    await showWorkspace(page, workspaceId);
    const opener = panel(page, 'Use per day').getByRole('button', { name: /^Hours of / });
    expect(await opener.getAttribute('aria-expanded')).toBe('false');
    await opener.focus();
    await page.keyboard.press('Enter');
    const hours = panel(page, 'Use by hour');
    await says(hours, /, 500 in all$/);
    await hours.getByRole('figure', { name: 'Use by hour' }).waitFor();
    await press(hours, 'Show as table: Use by hour');
    const rows = hours.getByRole('region', { name: 'Use by hour, as a table' }).getByRole('row');
    await expect.poll(() => rows.count()).toBeGreaterThanOrEqual(24);
    expect((await rows.allInnerTexts()).filter((row) => /\b500\b/.test(row))).toHaveLength(1);

    // More is used, and the open hours follow.
    await client.usage.log({ workspaceId, feature: 'topic-prompt', quantity: '1', member: 'ben' });
    await says(hours, /, 501 in all$/);
    await expectNoViolations(page);

    await hours.getByRole('button', { name: 'The day before', exact: true }).focus();
    await page.keyboard.press('Enter');
    await says(hours, /, 0 in all$/);
    await press(hours, 'Show as chart: Use by hour');
    await says(hours, 'No credits were used on this day.');
    await press(panel(page, 'Use per day'), 'Hide the hours');
    await hours.waitFor({ state: 'detached' });

    await press(page, 'Show as table: Use per day');
    const days = page.getByRole('region', { name: 'Use per day, as a table' });
    await days.getByRole('button').last().click();
    await says(hours, /, 501 in all$/);
    await press(page, 'Show as chart: Use per day');
  });
});

describe('another time zone', () => {
  it('is set in the settings, with name and first day of the week, and every day follows', async () => {
    const { page, client } = app;
    const workspaceId = await studio(client, { timeZone: 'UTC' });
    await client.usage.log({ workspaceId, feature: 'video', quantity: '1', member: 'ana' });
    await showWorkspace(page, workspaceId, 'Settings');
    await press(page, 'Change the workspace');
    const dialog = page.getByRole('dialog', { name: 'Change the workspace' });
    await dialog.getByRole('textbox', { name: 'Name', exact: true }).fill('');
    await press(dialog, 'Save');
    await expect
      .poll(() => complaintOf(dialog.getByRole('textbox', { name: 'Name', exact: true })))
      .toContain('is missing');
    await dialog.getByRole('textbox', { name: 'Name', exact: true }).fill('Studio Kiritimati');
    await choose(dialog, 'Time zone', 'Pacific/Kiritimati', 'kiritimati');
    await says(dialog, /^All days are counted anew in this zone/);
    await choose(dialog, 'Weeks begin on', 'Sunday');
    await dialog.getByRole('textbox', { name: 'Reason' }).fill('We moved');
    await expectNoViolations(page);
    await press(dialog, 'Save');
    await says(page, 'All days are counted in Pacific/Kiritimati now.');
    await dialog.waitFor({ state: 'detached' });
    const facts = panel(page, 'Workspace');
    await reads(fact(facts, 'Name'), 'Studio Kiritimati');
    await reads(fact(facts, 'Time zone'), 'Pacific/Kiritimati');
    await reads(fact(facts, 'Weeks begin on'), 'Sunday');

    const today = dayOf(instant(Date.now()), 'Pacific/Kiritimati');
    expect((await client.report.hours({ workspaceId, day: today })).total).toBe(250e6);
    expect((await client.projections.check({ workspaceId })).differences).toEqual([]);
    await showWorkspace(page, workspaceId, 'Subscription');
    await says(page, /^Time zone Pacific\/Kiritimati \(before: Time zone UTC\)/);
  });
});
