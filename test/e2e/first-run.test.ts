// The first start: three doors, the sample team, and an address that opens the app once.
import { describe, expect, it } from 'vitest';
import { useOpenedApp } from '../support/opened-app.ts';
import { fact, panel, press, says, show, workspaceIdOf } from '../support/screen.ts';

const app = useOpenedApp();

describe('the first start', () => {
  it('offers three doors, each of which opens', async () => {
    const { page } = app;
    await page.getByRole('heading', { level: 1, name: 'Welcome to Fuelgauge' }).waitFor();
    const doors = panel(page, 'Ways to start');
    expect(await doors.getByRole('heading', { level: 2 }).allInnerTexts()).toEqual([
      'Start a workspace on this computer',
      'Connect to a server',
      'Look at a sample team',
    ]);
    await doors.getByRole('link', { name: 'Connect', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'Connect to a server' }).waitFor();
    await page.goBack();
    await doors.getByRole('link', { name: 'Start', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'New workspace' }).waitFor();
    await page.goBack();
    await page.getByRole('heading', { level: 1, name: 'Welcome to Fuelgauge' }).waitFor();
  });

  it('shows a sample team that is marked everywhere and goes with one click', async () => {
    const { page, client } = app;
    await press(page, 'Look around');
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
    const sampleId = workspaceIdOf(page);
    await says(page, 'This is a made-up team, so that you can look around. Nothing here is real.');
    await says(page.getByRole('main'), 'Sample data');
    await fact(page, 'Available now').waitFor();
    await page.getByRole('button', { name: /Switch workspace/ }).click();
    for (const platform of ['Piktochart', 'Miro', 'Visily', 'Mirage']) {
      await page.getByRole('menuitem', { name: new RegExp(`^Sample · ${platform} Sample`) }).waitFor();
    }
    await page.keyboard.press('Escape');

    await show(page, '/welcome', 'Welcome to Fuelgauge');
    const samples = panel(page, 'Sample data, not real');
    await samples.getByRole('link', { name: /^Sample · Miro Sample data/ }).click();
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();

    await press(page, 'Remove sample data');
    await page.getByRole('heading', { level: 1, name: 'Welcome to Fuelgauge' }).waitFor();
    await panel(page, 'Sample data, not real').waitFor({ state: 'hidden' });
    expect(await client.workspaces.list()).toEqual([]);
    await show(page, `/w/${sampleId}/overview`, 'This workspace could not be opened');
    await page.getByRole('link', { name: 'Go to the start page' }).click();
    await page.getByRole('heading', { level: 1, name: 'Welcome to Fuelgauge' }).waitFor();
  });

  it('opens with an address that works once and says so when it is used again', async () => {
    const { page, context, process } = app;
    expect(page.url()).not.toContain('token');
    await page.reload();
    await page.getByRole('heading', { level: 1, name: 'Welcome to Fuelgauge' }).waitFor();

    const stranger = await app.browser.newContext();
    const second = await stranger.newPage();
    const answer = await second.goto(process.address);
    expect(answer?.status()).toBe(401);
    await second.getByRole('heading', { level: 1 }).waitFor();
    expect(await second.locator('body').innerText()).toMatch(/once/);
    await stranger.close();

    const tab = await context.newPage();
    await tab.goto(new URL('/', process.address).href);
    await tab.getByRole('heading', { level: 1, name: 'Welcome to Fuelgauge' }).waitFor();
    await tab.close();
  });
});
