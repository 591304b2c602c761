// A company admin says as whom a person signs in; the person connects a computer at the provider's own page.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectNoViolations } from '../support/axe.ts';
import { startIdentityProvider, type TestProvider } from '../support/identity-provider.ts';
import { useOpenedApp } from '../support/opened-app.ts';
import { startOwnServer, type OwnServer } from '../support/own-server.ts';
import { fact, panel, press, reads, says, show } from '../support/screen.ts';

const admin = useOpenedApp();
const ana = useOpenedApp();
let provider: TestProvider;
let server: OwnServer;

beforeAll(async () => {
  provider = await startIdentityProvider({ intervalSeconds: 1 });
  provider.accounts.set('ana', { login: 'ana', email: 'ana@example.org', name: 'Ana Costa' });
  server = await startOwnServer({
    FUELGAUGE_SERVER_SIGN_IN_ISSUER: provider.issuer,
    FUELGAUGE_SERVER_SIGN_IN_CLIENT_ID: provider.clientId,
    FUELGAUGE_SERVER_SIGN_IN_CLIENT_SECRET: provider.clientSecret,
    FUELGAUGE_SERVER_SIGN_IN_NAME: 'Example ID',
  });
});

afterAll(async () => {
  await server.drop();
  await provider.close();
});

describe('signing in', () => {
  it('is offered by the server, and says what to do to whom nobody added', async () => {
    const { page, context } = ana;
    await show(page, '/connect', 'Connect to a server');
    await page.getByRole('textbox', { name: 'Invite, or address of the server' }).fill(server.address);
    await page.keyboard.press('Enter');
    await reads(fact(panel(page, 'Is this the server?'), 'Joining'), /^With your account at Example ID/);
    await expectNoViolations(page);
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Sign in with Example ID');
    await page.keyboard.press('Enter');
    const waiting = panel(page, 'Sign in with Example ID');
    await says(waiting, /^Waiting for you to sign in at Example ID, until \d\d:\d\d\.$/);
    await expectNoViolations(page);
    const code = provider.userCodes.at(-1) ?? '';
    await waiting.getByRole('heading', { name: `Your code ${code}` }).waitFor();

    // The page of the provider opens beside the app, as a link does; it knows nothing of the app.
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.textContent))
      .toBe('Open the page of Example ID');
    const [opened] = await Promise.all([context.waitForEvent('page'), page.keyboard.press('Enter')]);
    await opened.getByRole('heading', { name: `Is it ${code}?` }).waitFor();
    expect(await opened.evaluate(() => window.opener === null)).toBe(true);
    await press(opened, 'Yes');
    await opened.getByRole('textbox', { name: 'Name' }).fill('ana');
    await press(opened, 'Sign in');
    await opened.getByRole('heading', { name: 'You are signed in' }).waitFor();
    await opened.close();
    await says(page, /^Example ID signed you in as ana@example\.org, and nobody of that name may use/);
    await expectNoViolations(page);
    await press(page, 'Try again');
    await page.getByRole('button', { name: 'Sign in with Example ID' }).waitFor();
    expect((await ana.client.sync.status()).servers).toEqual([]);
  });

  it('lets a person in once an admin has said as whom they sign in', async () => {
    const { page } = admin;
    await show(
      page,
      `/connect?${new URLSearchParams({ invite: server.inviteLink }).toString()}`,
      'Connect to a server',
    );
    await press(page, 'Connect');
    await page.getByRole('link', { name: 'Administer' }).click();
    await page.getByRole('heading', { level: 1, name: 'Administration' }).waitFor();
    await press(page, 'Add a person');
    const adding = page.getByRole('dialog', { name: 'Add a person' });
    await adding.getByRole('textbox', { name: 'Name', exact: true }).fill('Ana Costa');
    await adding.getByRole('textbox', { name: 'Address at Example ID' }).fill('ana');
    await press(adding, 'Add');
    await says(adding, 'is no address like ana@example.org');
    await adding.getByRole('textbox', { name: 'Address at Example ID' }).fill('Ana@example.org');
    await expectNoViolations(page);
    await press(adding, 'Add');
    await adding.waitFor({ state: 'hidden' });
    await page.getByRole('row', { name: /^Ana Costa/ }).waitFor();

    await press(ana.page, 'Sign in with Example ID');
    const waiting = panel(ana.page, 'Sign in with Example ID');
    await waiting.getByRole('heading', { name: /^Your code/ }).waitFor();
    await press(waiting, 'Cancel');
    await press(ana.page, 'Sign in with Example ID');
    await waiting.getByRole('heading', { name: `Your code ${await freshCode(3)}` }).waitFor();
    // It goes on whatever happens to the page, and on any other computer too: the code is typed there.
    await ana.page.reload();
    await waiting.getByRole('heading', { name: /^Your code/ }).waitFor();
    const phone = await (await ana.browser.newContext()).newPage();
    await phone.goto(`${provider.issuer}/device`);
    await phone.getByPlaceholder('Enter code').fill(provider.userCodes.at(-1) ?? '');
    await press(phone, 'Go on');
    await press(phone, 'Yes');
    await phone.getByRole('textbox', { name: 'Name' }).fill('ana');
    await press(phone, 'Sign in');
    await phone.getByRole('heading', { name: 'You are signed in' }).waitFor();
    await phone.context().close();
    await ana.page.getByRole('heading', { name: 'Connected to My organisation' }).waitFor();
    await says(ana.page, /^You are Ana Costa \(member\)/);
    await expectNoViolations(ana.page);
    expect((await ana.client.sync.status()).servers).toMatchObject([{ personName: 'Ana Costa', state: 'ready' }]);
    await page.getByRole('tab', { name: 'Devices' }).click();
    await page
      .getByRole('region', { name: 'Devices' })
      .getByRole('row', { name: /Ana Costa/ })
      .waitFor();
  });

  it('fits into 400 pixels, and says where nobody signs in', async () => {
    const { page } = admin;
    const invitesOnly = await startOwnServer();
    try {
      await page.setViewportSize({ width: 400, height: 860 });
      const fits = () =>
        page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth);
      await show(page, '/connect', 'Connect to a server');
      const address = page.getByRole('textbox', { name: 'Invite, or address of the server' });
      await address.fill(invitesOnly.address);
      await press(page, 'Look at it');
      await says(page, 'Nobody signs in at this server. Ask an admin for an invite.');
      expect(await fits()).toBe(true);
      await expectNoViolations(page);
      await press(page, 'Another server or an invite');
      await address.fill(server.address);
      await press(page, 'Look at it');
      await press(page, 'Sign in with Example ID');
      await panel(page, 'Sign in with Example ID')
        .getByRole('heading', { name: /^Your code/ })
        .waitFor();
      expect(await fits()).toBe(true);
      await press(page, 'Cancel');
      await page.getByRole('button', { name: 'Sign in with Example ID' }).waitFor();
    } finally {
      await invitesOnly.drop();
    }
  });
});

/** The code of the sign-in with that number, once the provider has given it out. */
async function freshCode(count: number): Promise<string> {
  await expect.poll(() => provider.userCodes.length).toBe(count);
  return provider.userCodes.at(-1) ?? '';
}
