// Two people, two computers and a server: joining, one history, a week without a network, verdicts, orders, the way out.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { expectNoViolations } from '../support/axe.ts';
import { openLine, type CutLine } from '../support/cut-line.ts';
import { timeoutMsMax, useOpenedApp, type OpenedApp } from '../support/opened-app.ts';
import { startOwnServer, type OwnServer } from '../support/own-server.ts';
import {
  choose,
  fact,
  goTo,
  panel,
  press,
  reads,
  says,
  show,
  showWorkspace,
  workspaceIdOf,
} from '../support/screen.ts';
import { balanceOf, linesOf, studio } from '../support/studio.ts';

const ana = useOpenedApp();
const ben = useOpenedApp();
let server: OwnServer;
/** The way of Ben's computer to the server. */
let line: CutLine;
let workspaceId = '';

beforeAll(async () => {
  server = await startOwnServer();
  line = await openLine(server.address);
});

afterAll(async () => {
  await line.cut();
  await server.drop();
});

/** How the open workspace stands, as the frame says it. */
async function stands(page: Page, text: string | RegExp): Promise<void> {
  await reads(page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: /^Sync:/ }), text);
}

async function lines(app: OpenedApp, count: number): Promise<void> {
  await expect.poll(() => linesOf(app.client, workspaceId), { timeout: timeoutMsMax }).toBe(count);
}

async function withoutLine(work: () => Promise<void>): Promise<void> {
  await line.cut();
  try {
    await work();
  } finally {
    await line.mend();
    await ben.client.sync.now({});
  }
}

describe('joining', () => {
  it('looks at an invite first, and only then connects', async () => {
    const { page, client } = ana;
    await show(page, '/welcome', 'Welcome to Fuelgauge');
    await page.getByRole('link', { name: 'Connect', exact: true }).click();
    const invite = page.getByRole('textbox', { name: 'Invite' });
    await invite.fill('hello');
    await press(page, 'Look at it');
    await says(page, /names no server/);
    await invite.fill(server.inviteLink);
    await press(page, 'Look at it');
    await reads(fact(panel(page, 'Is this the server?'), 'Server'), server.address);
    expect((await client.sync.status()).servers).toEqual([]);
    await expectNoViolations(page);
    await page.getByRole('textbox', { name: 'Name of this computer' }).fill('Ana’s desk');
    await press(page, 'Connect');
    await page.getByRole('heading', { name: 'Connected to My organisation' }).waitFor();
    await says(page, 'You are Admin (company admin), on Ana’s desk.');
    await page.getByRole('link', { name: 'Administer' }).click();
    await page.getByRole('heading', { level: 1, name: 'Administration' }).waitFor();
  });

  it('takes a workspace of this computer to the server, with its history', async () => {
    const { page, client } = ana;
    workspaceId = await studio(client);
    await client.usage.log({ workspaceId, feature: 'video', quantity: '1', member: 'ana' });
    await page.reload();
    await showWorkspace(page, workspaceId);
    await show(page, `/w/${workspaceId}/sync`, 'Sync');
    await press(page, 'Take it to My organisation');
    const dialog = page.getByRole('dialog', { name: 'Take Studio to a server' });
    await says(dialog, 'the whole history of this workspace, each entry as it was recorded');
    await expectNoViolations(page);
    await press(dialog, 'Take it there');
    await stands(page, 'Sync: Up to date with My organisation');
    await reads(fact(panel(page, 'With the server'), 'You are'), 'Admin, Company admin');
    await says(panel(page, 'Outbox'), 'Nothing waits');
    await expectNoViolations(page);
    expect(await linesOf(client, workspaceId)).toBe(1);
  });

  it('invites a person, who connects by the link and sees the history come', async () => {
    const { page } = ana;
    await goTo(page, 'Administration');
    await expectNoViolations(page);
    await press(page, 'Add a person');
    const adding = page.getByRole('dialog', { name: 'Add a person' });
    await press(adding, 'Add');
    await adding.getByRole('textbox', { name: 'Name' }).and(page.locator('[aria-invalid="true"]')).waitFor();
    await adding.getByRole('textbox', { name: 'Name' }).fill('Ben Okafor');
    await press(adding, 'Add');
    const inviting = page.getByRole('dialog', { name: 'Make an invite' });
    await press(inviting, 'Make the invite');
    const made = page.getByRole('dialog', { name: 'Invite for Ben Okafor' });
    await expectNoViolations(page);
    const shown = await made.getByRole('group', { name: 'Link' }).locator('code, pre').innerText();
    await press(made, 'Done');

    await press(page, 'Actions for Ben Okafor');
    await page.getByRole('menuitem', { name: 'Workspaces …' }).click();
    const memberships = page.getByRole('dialog', { name: 'Workspaces of Ben Okafor' });
    await choose(memberships, 'Studio', 'Ben', 'Ben');
    await press(memberships, 'Save');
    await reads(page.getByRole('row', { name: /^Ben Okafor/ }), /Member Studio/);

    const link = shown.replace(encodeURIComponent(server.address), encodeURIComponent(line.address));
    await show(ben.page, `/connect?${new URLSearchParams({ invite: link }).toString()}`, 'Connect to a server');
    await reads(fact(panel(ben.page, 'Is this the server?'), 'Server'), line.address);
    expect(ben.page.url()).not.toContain('code');
    await expect.poll(() => ben.page.evaluate(() => document.activeElement?.textContent)).toBe('Connect');
    await ben.page.keyboard.press('Enter');
    await says(ben.page, /^You are Ben Okafor \(member\)/);
    await ben.page.getByRole('link', { name: 'Open: Studio' }).click();
    await ben.page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
    expect(workspaceIdOf(ben.page)).toBe(workspaceId);
    await stands(ben.page, 'Sync: Up to date with My organisation');
    await lines(ben, 1);
    expect(await ben.page.getByRole('link', { name: 'Administration' }).count()).toBe(0);
  });
});

describe('a window of 400 pixels', () => {
  it('scrolls no screen of sync and administration sideways, whatever the names are', async () => {
    const { page, client } = ana;
    const longName = 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft';
    const [serverView] = (await client.sync.status()).servers;
    const serverId = serverView?.id ?? '';
    const { personId } = await client.administration.people.add({ serverId, name: longName, role: 'team-lead' });
    await client.administration.invites.create({ serverId, personId });
    await page.setViewportSize({ width: 400, height: 860 });
    const fits = () =>
      page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth);
    await show(page, `/w/${workspaceId}/sync`, 'Sync');
    expect(await fits()).toBe(true);
    await show(page, `/server/${serverId}`, 'Administration');
    for (const tab of ['People', 'Invites', 'Devices', 'Workspaces']) {
      await page.getByRole('tab', { name: tab }).click();
      await page.getByRole('region', { name: tab }).getByRole('row').nth(1).waitFor();
      expect(await fits()).toBe(true);
      await expectNoViolations(page);
    }
    await client.administration.people.change({ serverId, personId, active: false });
    await page.setViewportSize({ width: 1280, height: 860 });
  });
});

describe('one history', () => {
  it('shows on one computer what was logged on the other', async () => {
    await showWorkspace(ana.page, workspaceId, 'Ledger');
    await ben.client.usage.log({ workspaceId, feature: 'video', quantity: '1', member: 'ben', happened: true });
    const grid = ana.page.getByRole('grid', { name: 'Transactions' });
    await grid.getByRole('row', { name: /Ben Design/ }).waitFor();
    expect((await balanceOf(ana.client, workspaceId)).used).toBe(500);
  });

  it('goes on without a network: the outbox shows what waits, and it arrives once', async () => {
    const { page, client } = ben;
    await show(page, `/w/${workspaceId}/sync`, 'Sync');
    await withoutLine(async () => {
      for (let each = 0; each < 3; each += 1) {
        await client.usage.log({ workspaceId, feature: 'topic-prompt', quantity: '1', member: 'ben', happened: true });
      }
      await stands(page, /^Sync: Offline since .* · 3 waiting$/);
      const outbox = panel(page, 'Outbox');
      await says(outbox, /^3 entries on this computer that the server does not have yet\. The oldest was recorded/);
      expect(await outbox.getByRole('listitem').count()).toBe(3);
      await says(panel(page, 'With the server'), /^(Nobody answers at|The connection to) .*/);
      await expectNoViolations(page);
      await showWorkspace(page, workspaceId, 'Ledger');
      await page
        .getByRole('row', { name: /waiting/ })
        .first()
        .click();
      const details = page.getByRole('dialog');
      await says(details, 'It is on this computer and counts here; the server does not have it yet.');
      await expectNoViolations(page);
      await page.keyboard.press('Escape');
    });
    await stands(page, 'Sync: Up to date with My organisation');
    await lines(ana, 5);
    await lines(ben, 5);
    expect((await balanceOf(ana.client, workspaceId)).used).toBe((await balanceOf(client, workspaceId)).used);
  });
});

describe('what the server thinks of it', () => {
  it('is said in the sync view where it was not taken, until somebody has seen it', async () => {
    const { page, client } = ben;
    const { transactionId } = await client.usage.hold({
      workspaceId,
      feature: 'topic-prompt',
      quantity: '1',
      member: 'ben',
    });
    await expect.poll(async () => (await client.sync.status()).workspaces[0]?.outbox.waiting).toBe(0);
    await expect
      .poll(() => linesOf(ana.client, workspaceId), { timeout: timeoutMsMax })
      .toBe(await linesOf(client, workspaceId));
    await withoutLine(async () => {
      await ana.client.usage.release({ id: transactionId ?? '' });
      await expect.poll(async () => (await ana.client.sync.status()).workspaces[0]?.outbox.waiting).toBe(0);
      await client.usage.capture({ id: transactionId ?? '' });
    });
    await stands(page, /· 1 not taken$/);
    await show(page, `/w/${workspaceId}/sync`, 'Sync');
    const outbox = panel(page, 'Outbox');
    await says(outbox, /^The hold was captured or released before/);
    await expectNoViolations(page);
    await outbox.getByRole('button', { name: /^Seen: / }).click();
    await says(outbox, 'Nothing waits');
    await stands(page, 'Sync: Up to date with My organisation');
  });

  it('is said on the line: beyond a cap that this computer did not know of', async () => {
    const { page, client } = ben;
    await withoutLine(async () => {
      await ana.client.caps.set({ workspaceId, credits: '10', per: 'day', member: 'ben' });
      await expect
        .poll(async () => (await ana.client.sync.status()).workspaces[0]?.outbox.waiting, { timeout: timeoutMsMax })
        .toBe(0);
      await client.usage.log({ workspaceId, feature: 'topic-prompt', quantity: '40', member: 'ben', happened: true });
    });
    await showWorkspace(page, workspaceId, 'Ledger');
    await page
      .getByRole('row', { name: /over cap/ })
      .first()
      .click();
    const details = page.getByRole('dialog');
    await says(details, /^It counts, and goes beyond a cap/);
    await says(details, /Talk to whoever set the cap/);
    await page.keyboard.press('Escape');
  });
});

describe('an order', () => {
  it('is asked for without a network, decided elsewhere, and granted once everywhere', async () => {
    const before = await balanceOf(ana.client, workspaceId);
    await showWorkspace(ben.page, workspaceId, 'Subscription');
    await withoutLine(async () => {
      await press(ben.page, 'Order Starter');
      const dialog = ben.page.getByRole('dialog');
      await press(dialog, 'Ask for it');
      await says(dialog, 'You asked for Starter. No credits were added yet.');
      await expectNoViolations(ben.page);
      await press(dialog, 'Done');
      await reads(panel(ben.page, 'Orders').getByRole('row', { name: /^Starter/ }), /waiting/);
    });
    await showWorkspace(ana.page, workspaceId, 'Subscription');
    const order = panel(ana.page, 'Orders').getByRole('row', { name: /^Starter/ });
    await order.waitFor();
    await press(order, 'Approve the order of Starter');
    await reads(order, /Approved/);
    await reads(panel(ben.page, 'Orders').getByRole('row', { name: /^Starter/ }), /Approved/);
    await press(order, 'Confirm the purchase of Starter');
    const confirming = ana.page.getByRole('dialog');
    await press(confirming, 'Confirm purchase');
    await says(confirming, /were added\.$/);
    await press(confirming, 'Done');
    await reads(panel(ben.page, 'Orders').getByRole('row', { name: /^Starter/ }), /Granted/);
    const granted = (await balanceOf(ana.client, workspaceId)).available - before.available;
    expect(granted).toBeGreaterThan(0);
    await expect
      .poll(async () => (await balanceOf(ben.client, workspaceId)).available, { timeout: timeoutMsMax })
      .toBe((await balanceOf(ana.client, workspaceId)).available);
  });
});

describe('the way out', () => {
  it('a revoked computer is told so, and keeps what it has', async () => {
    const { page } = ana;
    await goTo(page, 'Administration');
    await page.getByRole('tab', { name: 'Devices' }).click();
    const row = page.getByRole('row').filter({ hasText: 'Ben Okafor' });
    await row.getByRole('button', { name: /^Revoke/ }).click();
    const dialog = page.getByRole('dialog');
    await says(dialog, 'What is on that computer stays on it: revoking deletes nothing there.');
    await expectNoViolations(page);
    await press(dialog, 'Revoke');
    await dialog.waitFor({ state: 'hidden' });
    await stands(ben.page, /^Sync: Sync has stopped/);
    await ben.page.getByRole('alert').filter({ hasText: 'revoked this device' }).first().waitFor();
    await expectNoViolations(ben.page);
    await show(ben.page, `/w/${workspaceId}/sync`, 'Sync');
    await panel(ben.page, 'With the server').getByRole('link', { name: 'Connect again' }).waitFor();
    const kept = await linesOf(ben.client, workspaceId);
    await ben.client.usage.log({ workspaceId, feature: 'topic-prompt', quantity: '1', member: 'ben', happened: true });
    expect(await linesOf(ben.client, workspaceId)).toBe(kept + 1);
  });

  it('a workspace that leaves its server stays here with everything', async () => {
    const { page, client } = ana;
    const kept = await linesOf(client, workspaceId);
    await show(page, `/w/${workspaceId}/sync`, 'Sync');
    await press(page, 'More');
    await page.getByRole('menuitem', { name: 'Leave the server …' }).click();
    const dialog = page.getByRole('dialog', { name: 'Leave My organisation?' });
    await says(dialog, 'What stays');
    // The menu is still on its way out.
    await page.getByRole('menu').waitFor({ state: 'hidden' });
    await expectNoViolations(page);
    await press(dialog, 'Leave the server');
    await says(page, 'This workspace is on this computer alone');
    expect(await linesOf(client, workspaceId)).toBe(kept);
    await client.usage.log({ workspaceId, feature: 'topic-prompt', quantity: '1', member: 'ana' });
    expect(await linesOf(client, workspaceId)).toBe(kept + 1);
  });
});
