// Importing: a known report from dry run to booking and again, a broken file, and a file of another shape.
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { useOpenedApp } from '../support/opened-app.ts';
import { choose, chooseFile, complaintOf, fact, panel, press, reads, says, showWorkspace } from '../support/screen.ts';
import { engineering, linesOf, studio } from '../support/studio.ts';

const app = useOpenedApp();
const report = fileURLToPath(new URL('../data/github-copilot-usage-report.csv', import.meta.url));

async function chooseReport(file: Parameters<typeof chooseFile>[2]): Promise<void> {
  await chooseFile(app.page, app.page.getByRole('button', { name: 'Choose a CSV file' }), file);
}

function textFile(name: string, ...lines: readonly string[]) {
  return { name, mimeType: 'text/csv', buffer: Buffer.from(`${lines.join('\r\n')}\r\n`) };
}

/** Resolves once a progress bar was there, however short: between two looks it might come and go. */
function watchForProgress(page: Page): Promise<void> {
  return page.evaluate(
    () =>
      new Promise<void>((resolve) => {
        const observer = new MutationObserver(() => {
          if (document.querySelector('[role="progressbar"]') === null) return;
          observer.disconnect();
          resolve();
        });
        observer.observe(document.body, { subtree: true, childList: true });
      }),
  );
}

describe('importing', () => {
  it('[C6] [L2] recognises the Copilot report, shows what would be booked, books it once', async () => {
    const { page, client } = app;
    const workspaceId = await engineering(client);
    await showWorkspace(page, workspaceId, 'Import');
    await chooseReport(report);
    const dryRun = panel(page, 'What would be booked');
    await dryRun.waitFor();
    await says(dryRun, 'github-copilot-usage-report.csv, read as GitHub Copilot usage report');
    const figures = { 'Rows in the file': '1,693', Credits: '175,767.637', Features: '17', Members: '92' };
    for (const [name, figure] of Object.entries(figures)) await reads(fact(dryRun, name), figure);
    await reads(fact(dryRun, 'To be booked'), '1,693');
    await reads(fact(dryRun, 'Days'), '31 1 Oct 2025 to 31 Oct 2025');
    await reads(fact(dryRun, 'Unattributed'), /without a member$/);
    expect(await linesOf(client, workspaceId)).toBe(0);

    const hasShownProgress = watchForProgress(page);
    await press(page, 'Book 1,693 rows');
    await hasShownProgress;
    const booked = panel(page, 'Booked');
    await says(booked, '1,693 rows booked');
    for (const [name, figure] of Object.entries(figures)) await reads(fact(booked, name), figure);
    expect(await linesOf(client, workspaceId)).toBe(1693);
    await booked.getByRole('link', { name: 'Show them in the ledger' }).click();
    await says(page, '1,693 transactions selected');

    await showWorkspace(page, workspaceId, 'Import');
    await chooseReport(report);
    await says(page, '0 new, 1,693 already there');
    await says(page, 'This file was imported before. There is nothing to book.');
    expect(await page.getByRole('button', { name: /^Book/ }).count()).toBe(0);
    expect(await linesOf(client, workspaceId)).toBe(1693);
  });

  it('says with line and column what is wrong in a broken file and books the rest', async () => {
    const { page, client } = app;
    const workspaceId = await engineering(client);
    await showWorkspace(page, workspaceId, 'Import');
    await chooseReport(
      textFile(
        'broken.csv',
        'date,username,model,quantity,cost_center_name,aic_quantity',
        '2025-10-01,ada,Model A,1,,2.5',
        '2025-02-30,ada,Model A,1,,2.5',
        '2025-10-02,ada,Model A,1,,-4',
        '2025-10-03,ada,Model A,1,,1e309',
        '2025-10-04,ada',
      ),
    );
    await panel(page, 'What would be booked').waitFor();
    await reads(fact(page, 'To be booked'), '1');
    await reads(fact(page, 'Rejected'), '4 see below');
    const rejected = page.getByRole('table', { name: 'Rejected rows (4)' });
    await rejected.getByRole('row', { name: /^3 date .*2025-02-30/ }).waitFor();
    await rejected.getByRole('row', { name: /^4 aic_quantity / }).waitFor();
    await rejected.getByRole('row', { name: /^5 aic_quantity .*1e309/ }).waitFor();
    await rejected.getByRole('row', { name: /^6 / }).waitFor();
    await press(page, 'Book 1 row');
    await says(page, '1 row booked');
    expect(await linesOf(client, workspaceId)).toBe(1);

    await press(page, 'Import another file');
    await chooseReport({ name: 'picture.csv', mimeType: 'text/csv', buffer: Buffer.from([0x89, 0x50, 0, 0xff, 0xfe]) });
    await page.getByRole('alert').waitFor();
    await chooseReport(textFile('empty.csv', ''));
    await page.getByRole('alert').waitFor();
    expect(await linesOf(client, workspaceId)).toBe(1);
  });

  it('[C1] maps a file of another shape by hand and prices it from the catalogue', async () => {
    const { page, client } = app;
    const workspaceId = await studio(client, { name: 'By hand' });
    await showWorkspace(page, workspaceId, 'Import');
    await chooseReport(
      textFile(
        'own.csv',
        'Column A;Column B;Column C;Column D',
        '2026-11-02 09:15;AI video;2;Ben',
        '2026-11-03 10:00;Topic prompt;5;',
      ),
    );
    const mapping = panel(page, 'Which column is what');
    await mapping.waitFor();
    await says(mapping, 'This file is not one that is known by itself. Say which column is what.');
    await press(page, 'Check the file');
    await expect
      .poll(() => complaintOf(page.getByRole('combobox', { name: /^When it happened/ })))
      .toBe('Choose the column with the date.');
    for (const [field, column] of [
      [/^When it happened/, 'Column A'],
      [/^Feature/, 'Column B'],
      [/^Quantity/, 'Column C'],
      [/^Member/, 'Column D'],
    ] as const) {
      await page.getByRole('combobox', { name: field }).click();
      await page.getByRole('option', { name: column, exact: true }).click();
    }
    await choose(page, 'Time zone of dates without one', 'Europe/Berlin', 'Berlin');
    await page.getByRole('region', { name: 'The first rows of the file: own.csv' }).getByText('→ Quantity').waitFor();
    await press(page, 'Check the file');
    await reads(fact(page, 'Credits'), '505');
    await reads(fact(page, 'To be booked'), '2');
    await press(page, 'Book 2 rows');
    await says(page, '2 rows booked');
    await page.getByRole('link', { name: 'Show them in the ledger' }).click();
    await page.getByRole('row', { name: /2 Nov 2026, 09:15 AI video · 2 videos Usage Ben Design 500/ }).waitFor();
    await page.getByRole('row', { name: /Topic prompt · 5 prompts Usage Unattributed – 5/ }).waitFor();
    expect(await linesOf(client, workspaceId)).toBe(2);
  });
});
