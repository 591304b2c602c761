// The ledger: order, filters in the address, details and what can be done with a line, a long one, and its export.
import { readFile } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { copilotFile, runUpload, upload } from '../support/imports.ts';
import { useOpenedApp } from '../support/opened-app.ts';
import { choose, fact, panel, press, reads, says, showWorkspace } from '../support/screen.ts';
import { engineering, studio } from '../support/studio.ts';

const app = useOpenedApp();

/** Four uses on different days, by different people, of different features. */
async function fourLines(name: string): Promise<string> {
  const { client, page } = app;
  const workspaceId = await studio(client, { name });
  for (const [at, feature, quantity, member] of [
    ['2026-11-02T09:00', 'video', '1', 'ana'],
    ['2026-11-03T09:00', 'studio-image', '2', 'ben'],
    ['2026-11-04T09:00', 'topic-prompt', '5', undefined],
    ['2026-11-05T09:00', 'summarizer', '3', 'cem'],
  ] as const) {
    await client.usage.log({
      workspaceId,
      feature,
      quantity,
      at,
      happened: true,
      ...(member === undefined ? {} : { member }),
    });
  }
  await page.reload();
  await showWorkspace(page, workspaceId, 'Ledger');
  return workspaceId;
}

/** The names of the rows in view, without the head. */
async function rows(page: Page): Promise<readonly string[]> {
  const cells = await page.getByRole('grid').getByRole('row').allInnerTexts();
  return cells.slice(1).map((text) => text.replaceAll(/\s+/g, ' ').trim());
}

/** What all lines together used, whatever period they belong to. */
async function usedIn(workspaceId: string): Promise<number> {
  const { rows: lines } = await app.client.ledger.page({ workspaceId, filter: {}, cursor: null, limit: 100 });
  return lines.reduce((sum, { credits }) => sum + credits, 0) / 1e6;
}

const exported = z.array(z.object({ id: z.string(), kind: z.string(), credits: z.string() }));

async function download(page: Page, item: string): Promise<string> {
  await press(page, 'Export');
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: item, exact: true }).click(),
  ]);
  await says(page, `${file.suggestedFilename()} is saved where your downloads go.`);
  return readFile(await file.path(), 'utf8');
}

/** Exact, as figures are decimals of at most six places. */
function total(figures: readonly (string | undefined)[]): number {
  return figures.reduce((sum, figure) => sum + Math.round(Number(figure) * 1e6), 0) / 1e6;
}

describe('the ledger', () => {
  it('is newest first, filters by every part, and keeps the filter in the address over a reload', async () => {
    const { page } = app;
    await fourLines('Filters');
    await says(page, '4 transactions');
    expect((await rows(page)).map((row) => /202\d, \d\d:\d\d (.*?) ·/.exec(row)?.[1])).toEqual([
      expect.stringMatching(/^Summarizer/),
      'Topic prompt',
      'AI Studio image',
      'AI video',
    ]);

    const filter = page.getByRole('search', { name: 'Filter' });
    await choose(filter, 'Member', 'Ben');
    await says(page, '1 transaction selected');
    await page.reload();
    await says(page, '1 transaction selected');
    expect(await filter.getByRole('combobox', { name: 'Member' }).inputValue()).toBe('Ben');
    expect(await rows(page)).toEqual([expect.stringContaining('AI Studio image')]);
    await press(page, 'Clear the filter');
    await says(page, '4 transactions');

    await choose(filter, 'Member', 'Unattributed');
    await expect.poll(() => rows(page)).toEqual([expect.stringContaining('Topic prompt')]);
    await press(page, 'Clear the filter');
    await choose(filter, 'Feature', 'AI video');
    await expect.poll(() => rows(page)).toEqual([expect.stringContaining('AI video')]);
    await press(page, 'Clear the filter');
    await choose(filter, 'Team', 'Design');
    await says(page, '2 transactions selected');
    await filter.getByLabel('From').fill('2026-11-03');
    await says(page, '1 transaction selected');
    await press(page, 'Clear the filter');
    await filter.getByLabel('From').fill('2026-11-03');
    await filter.getByLabel('To').fill('2026-11-04');
    await says(page, '2 transactions selected');
    await filter.getByLabel('To').fill('2026-11-02');
    await says(filter, 'ends before it begins');
    await press(page, 'Clear the filter');
    await choose(filter, 'Kind', 'Hold');
    await says(page, 'Nothing matches the filter');
    await page.keyboard.press('Escape');
    await press(page, 'Clear the filter');
    await filter.getByRole('searchbox', { name: 'Search' }).fill('summar');
    await says(page, '1 transaction selected');
    expect(page.url()).toContain('summar');
  });

  it('[H7] [L4] tells all about a line and refunds or voids it with a reason', async () => {
    const { page } = app;
    const workspaceId = await fourLines('Details');
    await page.getByRole('row', { name: /AI video/ }).click();
    const drawer = page.getByRole('dialog', { name: 'AI video' });
    await reads(fact(drawer, 'Member'), 'Ana');
    await reads(fact(drawer, 'Credits'), '250');
    await reads(fact(drawer, 'Quantity'), '1 video');
    await press(drawer, 'Refund …');
    const amount = drawer.getByRole('textbox', { name: 'Credits given back' });
    await amount.fill('300');
    await drawer.getByRole('textbox', { name: 'Reason' }).fill('Half of it failed');
    await press(drawer, 'Refund');
    await drawer.getByRole('alert').waitFor();
    await amount.fill('100');
    await press(drawer, 'Refund');
    await says(page, '100 credits given back.');
    await drawer.waitFor({ state: 'hidden' });
    expect(await usedIn(workspaceId)).toBe(214);

    // The refund has come in above: from here on the lines stay where they are.
    await says(page, '5 transactions');
    await page.getByRole('row', { name: /AI Studio image/ }).click();
    const image = page.getByRole('dialog', { name: 'AI Studio image' });
    await press(image, 'Void …');
    await press(image, 'Void');
    await says(image, 'Say why, in a few words.');
    await image.getByRole('textbox', { name: 'Reason' }).fill('Logged twice');
    await press(image, 'Void');
    await says(page, 'The entry is taken back.');
    await image.waitFor({ state: 'hidden' });
    expect(await usedIn(workspaceId)).toBe(164);

    await says(page, '6 transactions');
    await page
      .getByRole('row', { name: / Void /i })
      .first()
      .click();
    const line = page.getByRole('dialog');
    await reads(fact(line, 'Reason'), 'Logged twice');
    await press(line, 'Show that line');
    await reads(fact(line, 'Kind'), /^Usage/);
    await page.keyboard.press('Escape');
    await line.waitFor({ state: 'hidden' });
  });

  it('scrolls through 20,000 lines to the last one and exports them and a selection to the credit', async () => {
    const { page, client } = app;
    const workspaceId = await engineering(client);
    const file = copilotFile(20_000);
    await runUpload(client, { uploadId: await upload(client, file), workspaceId });
    const expected = total(
      file
        .trim()
        .split('\n')
        .slice(1)
        .map((line) => line.split(',')[5]),
    );
    await page.reload();
    await showWorkspace(page, workspaceId, 'Ledger');
    await says(page, '20,000 transactions');

    const grid = page.getByRole('grid', { name: 'Transactions' });
    expect(await grid.getAttribute('aria-rowcount')).toBe('20001');
    await grid.focus();
    for (let pages = 0; pages < 5; pages += 1) await page.keyboard.press('PageDown');
    await page.keyboard.press('End');
    const last = grid.locator('[role="row"][aria-rowindex="20001"]');
    await reads(last, /^1 Oct 2026, .*Usage user-\d+ cc-\d [\d.]+$/);
    expect(await grid.getByRole('row').count()).toBeLessThan(100);
    expect(await grid.getByText('Loading …').count()).toBe(0);
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    // The focus comes back to the grid once the drawer is gone.
    await expect
      .poll(() => grid.evaluate((element) => element.contains(document.activeElement)), { timeout: 20_000 })
      .toBe(true);
    await page.keyboard.press('Home');
    await reads(grid.locator('[role="row"][aria-rowindex="2"]'), /^28 Oct 2026, /);

    const all = exported.parse(JSON.parse(await download(page, 'Everything, as JSON')));
    expect(all.length).toBe(20_000);
    expect(new Set(all.map(({ id }) => id)).size).toBe(20_000);
    expect(total(all.map(({ credits }) => credits))).toBe(expected);

    await page.reload();
    await choose(page.getByRole('search', { name: 'Filter' }), 'Member', 'user-7', 'user-7');
    await says(page, '400 transactions selected');
    const table: unknown = parse(await download(page, 'What the filter selects (400), as CSV'), { columns: true });
    const cells = z.array(z.record(z.string(), z.string())).parse(table);
    expect(cells.length).toBe(400);
    expect(new Set(cells.map((row) => row['Member']))).toEqual(new Set(['user-7']));
    const ofMember = file.split('\n').filter((line) => line.includes(',user-7,'));
    expect(total(cells.map((row) => row['Credits']))).toBe(total(ofMember.map((line) => line.split(',')[5])));
  });

  it('shows what is added elsewhere without a reload', async () => {
    const { page, client } = app;
    const workspaceId = await fourLines('Live');
    await says(page, '4 transactions');
    await client.usage.log({ workspaceId, feature: 'video', quantity: '1', member: 'cem', note: 'From elsewhere' });
    await says(page, '5 transactions');
    await expect.poll(async () => (await rows(page))[0]).toMatch(/AI video .*Cem/);
    await showWorkspace(page, workspaceId);
    await panel(page, 'Recent activity').getByText('AI video · 1 video').first().waitFor();
  });
});
