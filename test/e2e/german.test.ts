// The page in German: chosen in the settings or by the system, whole on every screen, with German figures.
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { expectNoViolations } from '../support/axe.ts';
import { cataloguePaths, readCatalogue } from '../support/catalogues.ts';
import { useOpenedApp } from '../support/opened-app.ts';
import { fact, goTo, panel, says, showWorkspace } from '../support/screen.ts';
import { studio } from '../support/studio.ts';

const app = useOpenedApp();

/** Each screen with its title. */
const screens = [
  ['overview', 'Übersicht'],
  ['credits-usage', 'Verbrauch'],
  ['forecast', 'Prognose'],
  ['what-if', 'Was wäre wenn'],
  ['log', 'Verbrauch erfassen'],
  ['ledger', 'Journal'],
  ['subscription', 'Abo'],
  ['import', 'Import'],
  ['members', 'Mitglieder'],
  ['settings', 'Einstellungen'],
  ['alerts', 'Meldungen'],
  ['sync', 'Sync'],
] as const;
const setup = [
  ['/welcome', 'Willkommen bei Fuelgauge'],
  ['/new', 'Neuer Workspace'],
  ['/platform/new', 'Plattform beschreiben'],
  ['/connect', 'Mit einem Server verbinden'],
] as const;

let full = '';
let empty = '';

beforeAll(async () => {
  full = (await app.client.workspaces.createSample({})).workspaceId;
  empty = await studio(app.client);
});

/** Nothing is loading, and no figure is dimmed because it is being worked out again. */
async function settled(page: Page): Promise<void> {
  await page.waitForFunction(() => document.querySelector('[aria-busy="true"], [data-stale="true"]') === null);
}

async function show(page: Page, path: string, title: string): Promise<void> {
  await page.evaluate((hash) => {
    location.hash = hash;
  }, path);
  await page.getByRole('heading', { level: 1, name: title, exact: true }).waitFor();
  await settled(page);
}

async function chooseLanguage(page: Page, section: string, language: string, title: string): Promise<void> {
  await panel(page, section).getByText(language, { exact: true }).click();
  await page.getByRole('heading', { level: 1, name: title, exact: true }).waitFor();
}

/** Everything that is read or spoken on a page, text by text. */
async function textsOf(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const texts = new Set<string>();
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      if (node.parentElement?.closest('script, style') === null) texts.add(node.textContent?.trim() ?? '');
    }
    for (const element of document.querySelectorAll('*')) {
      for (const name of ['aria-label', 'aria-description', 'title', 'placeholder', 'alt']) {
        texts.add(element.getAttribute(name)?.trim() ?? '');
      }
    }
    return [...texts];
  });
}

/** Patterns of the English messages that German says in other words. */
async function englishPatterns(): Promise<readonly RegExp[]> {
  const catalogues = await Promise.all(cataloguePaths().map(readCatalogue));
  const german = new Set(catalogues.flatMap((catalogue) => [...catalogue.german.values()]));
  const english = catalogues.flatMap((catalogue) => [...catalogue.english.values()]);
  return (
    [...new Set(english)]
      .filter((message) => !german.has(message) && !dataToo.has(message))
      // A figure with one word could be a name, as “AI Studio image” is.
      .filter((message) => {
        const words = message.replaceAll(/\{\{[^}]*\}\}/g, '').match(/\p{L}{3,}/gu) ?? [];
        return words.length >= (message.includes('{{') ? 2 : 1);
      })
      .map((message) => {
        const parts = message.trim().split(/\{\{[^}]*\}\}/);
        return new RegExp(
          `^${parts.map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)).join('.+')}$`,
          'u',
        );
      })
  );
}

/** What a change was is told by the replica, in English: in the history of the subscription and beside the charts. */
const toldByReplica = /^(?:Cap of|Seats:|Plan |The plan|Privacy|Member|Team|Add-on|Holidays|Working)/;

/** English messages that are names in the platforms’ catalogues as well. */
const dataToo: ReadonlySet<string> = new Set(['Member', 'Visitor', 'Guest']);

describe('German', () => {
  it('is chosen in the settings, and the page says which language it speaks', async () => {
    const { page } = app;
    await showWorkspace(page, empty, 'Settings');
    expect(await page.evaluate(() => [document.documentElement.lang, document.documentElement.dir])).toEqual([
      'en',
      'ltr',
    ]);
    await chooseLanguage(page, 'Appearance', 'Deutsch', 'Einstellungen');
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('de');
    await page.reload();
    await page.getByRole('heading', { level: 1, name: 'Einstellungen', exact: true }).waitFor();
    expect(await page.getByRole('radio', { name: 'Deutsch', exact: true }).isChecked()).toBe(true);
  });

  it.each(screens)(
    'is whole on %s: no English message, no violation, nothing too wide for a narrow window',
    async (screen, title) => {
      const { page } = app;
      const english = await englishPatterns();
      for (const workspaceId of [full, empty]) {
        await show(page, `/w/${workspaceId}/${screen}`, title);
        const left = (await textsOf(page)).filter(
          (text) => !toldByReplica.test(text) && english.some((pattern) => pattern.test(text)),
        );
        expect(left).toEqual([]);
        await expectNoViolations(page);
      }
      await page.setViewportSize({ width: 400, height: 860 });
      await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(400);
      await page.setViewportSize({ width: 1280, height: 860 });
    },
  );

  it.each(setup)('is whole on %s', async (path, title) => {
    const { page } = app;
    const english = await englishPatterns();
    await show(page, path, title);
    const left = (await textsOf(page)).filter(
      (text) => !toldByReplica.test(text) && english.some((pattern) => pattern.test(text)),
    );
    expect(left).toEqual([]);
    await expectNoViolations(page);
  });

  it('writes figures, money and days the German way, and reads them so', async () => {
    const { page, client } = app;
    const workspaceId = await studio(client);
    await show(page, `/w/${workspaceId}/log`, 'Verbrauch erfassen');
    await page.getByRole('combobox', { name: 'Funktion', exact: true }).click();
    await page.getByRole('option', { name: /AI video/ }).click();
    await says(page, '250');
    await page.getByRole('button', { name: 'Erfassen', exact: true }).click();
    await says(page, 'AI video erfasst: 250 Credits.');
    await show(page, `/w/${workspaceId}/overview`, 'Übersicht');
    await expect.poll(() => fact(page, 'Jetzt verfügbar').innerText()).toBe('1.250');
    await expect.poll(() => fact(page, 'Erneuerung').innerText()).toMatch(/^\d{2}\.\d{2}\.\d{4}/);
    await page
      .getByText(/Verbrauch pro Tag/)
      .first()
      .waitFor();
  });

  it('is the language of a system that wants it, in the way of its region, and gives way to English', async () => {
    const { page: first, context: signedIn, browser } = app;
    const context = await browser.newContext({ locale: 'de-AT', timezoneId: 'Europe/Vienna' });
    onTestFinished(() => context.close());
    await context.addCookies(await signedIn.cookies());
    const page = await context.newPage();
    await page.goto(first.url());
    await show(page, `/w/${empty}/overview`, 'Übersicht');
    // A blank between thousands, as in Austria.
    await expect.poll(() => fact(page, 'Jetzt verfügbar').innerText()).toMatch(/^1\s500$/);
    await show(page, `/w/${empty}/settings`, 'Einstellungen');
    expect(await page.getByRole('radio', { name: 'System', exact: true }).isChecked()).toBe(true);
    await chooseLanguage(page, 'Darstellung', 'English', 'Settings');
    await goTo(page, 'Overview');
    await expect.poll(() => fact(page, 'Available now').innerText()).toBe('1,500');
  });
});
