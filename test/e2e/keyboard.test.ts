// Fields that are searched, and dialogs that are opened and left, by keyboard alone.
import type { Locator } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { useOpenedApp } from '../support/opened-app.ts';
import { chooseByKeyboard, panel, showWorkspace } from '../support/screen.ts';
import { studio } from '../support/studio.ts';

const app = useOpenedApp();

/** All at once, as a person who knows the name types it. */
async function typeAndEnter(field: Locator, text: string): Promise<void> {
  await field.fill(text);
  await field.press('Enter');
}

describe('a field that is searched', () => {
  it('takes the first match with Enter, also right after another choice, and never sends the form with the old one', async () => {
    const { page, client } = app;
    const workspaceId = await studio(client, { timeZone: 'UTC' });
    await showWorkspace(page, workspaceId, 'Settings');
    await page.getByRole('button', { name: 'Change the workspace' }).press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Change the workspace' });
    const zone = dialog.getByRole('combobox', { name: 'Time zone', exact: true });
    for (const [typed, name] of [
      ['tokyo', 'Asia/Tokyo'],
      ['berlin', 'Europe/Berlin'],
      ['erlin', 'Europe/Berlin'],
      ['kiritimati', 'Pacific/Kiritimati'],
    ] as const) {
      await typeAndEnter(zone, typed);
      await expect.poll(() => zone.inputValue()).toBe(name);
      expect(await dialog.isVisible()).toBe(true);
    }
    await typeAndEnter(zone, 'no such place');
    expect(await dialog.isVisible()).toBe(true);
    await zone.press('Tab');
    await expect.poll(() => zone.inputValue()).toBe('Pacific/Kiritimati');
    expect(await client.workspaces.get({ workspaceId })).toMatchObject({ timeZone: 'UTC' });
  });

  it('keeps what is chosen when only Enter is pressed, and is cleared by emptying it', async () => {
    const { page, client } = app;
    const workspaceId = await studio(client);
    await client.usage.log({ workspaceId, feature: 'video', quantity: '1', member: 'ana' });
    await showWorkspace(page, workspaceId, 'Ledger');
    const member = page.getByRole('combobox', { name: 'Member', exact: true });
    await typeAndEnter(member, 'be');
    await page.waitForURL(/member=ben/);
    await expect.poll(() => member.inputValue()).toBe('Ben');
    await member.press('Tab');
    await member.focus();
    await member.press('Enter');
    expect(await member.inputValue()).toBe('Ben');
    await member.fill('');
    await page.waitForURL((url) => !url.hash.includes('member='));
  });
});

describe('a dialog', () => {
  it('gives the focus back to the button, or to the button of the menu, that it was opened from', async () => {
    const { page, client } = app;
    const workspaceId = await studio(client);
    await client.backups.make();
    await showWorkspace(page, workspaceId, 'Settings');
    const change = page.getByRole('button', { name: 'Change the workspace' });
    const actions = panel(page, 'Backups')
      .getByRole('button', { name: /^Actions for the backup of/ })
      .first();
    await change.press('Enter');
    await leave();
    await expect.poll(() => focused(change)).toBe(true);
    for (const action of ['Check', 'Restore …', 'Delete']) {
      await chooseByKeyboard(page, actions, action);
      await leave();
      await expect.poll(() => focused(actions)).toBe(true);
    }
  });

  async function leave(): Promise<void> {
    const dialog = app.page.getByRole('dialog');
    // The focus is in it first: Escape is for what has the focus.
    await dialog.locator(':focus').waitFor();
    await app.page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  }

  function focused(opener: Locator): Promise<boolean> {
    return opener.evaluate((element) => element === document.activeElement);
  }
});
