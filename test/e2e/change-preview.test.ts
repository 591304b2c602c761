// What a change would do, shown while it is entered, and kept with who, when, from what to what once it is made.
import { describe, expect, it } from 'vitest';
import { expectNoViolations } from '../support/axe.ts';
import { useOpenedApp } from '../support/opened-app.ts';
import { choose, fact, panel, press, reads, says, show, showWorkspace } from '../support/screen.ts';
import { balanceOf, studio } from '../support/studio.ts';

const app = useOpenedApp();

const preview = () => panel(app.page, 'What it changes');

describe('before a change is made', () => {
  it('[S1] seats show the credits that come and the people beside them, and book nothing', async () => {
    const { page, client } = app;
    const workspaceId = await studio(client, { name: 'Seats' });
    await show(page, `/w/${workspaceId}/subscription?do=seats`, 'Subscription');
    const dialog = page.getByRole('dialog', { name: 'Change seats' });
    await dialog.getByRole('textbox', { name: 'Seats' }).fill('2');
    await reads(fact(preview(), 'Credits per period'), '1,500 → 1,000');
    await reads(fact(preview(), 'People with a seat, of seats'), '3 of 3 → 3 of 2');
    await says(preview(), 'More people than seats are paid for.');
    await expectNoViolations(page);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    expect((await client.workspaces.get({ workspaceId })).members).toHaveLength(3);
    expect(await balanceOf(client, workspaceId)).toMatchObject({ available: 1500 });
  });

  it('[S2] another plan and the end of one show what is allotted then', async () => {
    const { page, client } = app;
    const workspaceId = await studio(client, { name: 'Plans' });
    await show(page, `/w/${workspaceId}/subscription?do=plan`, 'Subscription');
    await choose(page.getByRole('dialog'), 'New plan', 'Business');
    await reads(fact(preview(), 'Credits per period'), '1,500 → 3,000');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await show(page, `/w/${workspaceId}/subscription?do=end`, 'Subscription');
    await reads(fact(preview(), 'Credits per period'), '1,500 → 0');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
  });

  it('[E3] a cap shows the one before, what was used, and that it is reached at once', async () => {
    const { page, client } = app;
    const workspaceId = await studio(client, { name: 'Caps' });
    await client.usage.log({ workspaceId, feature: 'studio-image', quantity: '2', member: 'ana', happened: true });
    await show(page, `/w/${workspaceId}/subscription?do=cap`, 'Subscription');
    const dialog = page.getByRole('dialog', { name: 'Set a cap' });
    await choose(dialog, 'For whom', 'One member');
    await choose(dialog, 'Member', 'Ana');
    await dialog.getByRole('textbox', { name: 'Credits' }).fill('40');
    await reads(fact(preview(), 'Cap per period'), 'none → 40');
    await reads(fact(preview(), 'Used so far in this window'), '50');
    await says(preview(), /^The cap is reached at once/);
    await expectNoViolations(page);
    await press(dialog, 'Set cap');
    await dialog.waitFor({ state: 'hidden' });
    await panel(page, 'History of changes')
      .getByRole('row', { name: /Ana.*40/ })
      .first()
      .waitFor();
  });

  it('[L4] a move to another team shows the caps that bind there; deleting a team what it holds', async () => {
    const { page, client } = app;
    const workspaceId = await studio(client, { name: 'Moves' });
    const { teams } = await client.workspaces.get({ workspaceId });
    await client.caps.set({ workspaceId, team: teams[0]?.id ?? '', credits: '400', per: 'week' });
    await showWorkspace(page, workspaceId, 'Members');
    await press(page, 'Edit Cem');
    const dialog = page.getByRole('dialog', { name: 'Edit Cem' });
    await dialog.getByRole('combobox', { name: 'Team' }).fill('Design');
    await reads(fact(preview(), 'Team'), 'none → Design');
    await reads(fact(preview(), 'Caps that bind then'), '400 a week, the team together');
    // Out of the field, so that its list is closed.
    await page.keyboard.press('Tab');
    await page.getByRole('listbox').waitFor({ state: 'hidden' });
    await expectNoViolations(page);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    await press(page, /^Delete .*Design/);
    await reads(fact(preview(), 'In the team'), '2 people and 1 cap');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    expect((await client.workspaces.get({ workspaceId })).teams[0]?.deleted).toBe(false);
  });

  it('[N1] thresholds show the credits at which they are told, and who set them is kept', async () => {
    const { page, client } = app;
    const workspaceId = await studio(client, { name: 'Thresholds' });
    await showWorkspace(page, workspaceId, 'Settings');
    const field = page.getByRole('textbox', { name: /^Thresholds/ });
    await field.fill('40, 90');
    await reads(fact(preview(), 'At 40 %'), '600');
    await reads(fact(preview(), 'At 90 %'), '1,350');
    await expectNoViolations(page);
    await press(panel(page, 'Alerts'), 'Save alerts');
    await preview().waitFor({ state: 'hidden' });
    await showWorkspace(page, workspaceId, 'Subscription');
    await panel(page, 'History of changes')
      .getByRole('row', { name: /Alerts at 40, 90 % of use.*before: at 50, 80, 100 % of use/ })
      .waitFor();
  });
});
