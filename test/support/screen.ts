// The app's screens as a person finds their way on them: by role and name, as a screen reader tells them.
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { timeoutMsMax } from './opened-app.ts';

export type ScreenName =
  | 'Overview'
  | 'Forecast'
  | 'Log usage'
  | 'Ledger'
  | 'Subscription'
  | 'Import'
  | 'Members'
  | 'Settings'
  | 'Alerts'
  | 'What if'
  | 'Usage'
  | 'Administration';

/** Goes to an address of the app, such as `/new`, and waits for the screen with that title. */
export async function show(page: Page, path: string, title: string): Promise<void> {
  await page.evaluate((hash) => {
    location.hash = hash;
  }, path);
  await page.getByRole('heading', { level: 1, name: title, exact: true }).waitFor();
}

/** The last part of a screen's address. */
export function placeOf(screen: ScreenName): string {
  if (screen === 'Usage') return 'credits-usage';
  return screen === 'Log usage' ? 'log' : screen.toLowerCase().replace(' ', '-');
}

/** Opens a screen of a workspace by its address. */
export async function showWorkspace(page: Page, workspaceId: string, screen: ScreenName = 'Overview'): Promise<void> {
  const place = placeOf(screen);
  await page.evaluate((hash) => {
    location.hash = hash;
  }, `/w/${workspaceId}/${place}`);
  await page.locator(`nav a[href*="${workspaceId}"]`).first().waitFor();
  await page.getByRole('heading', { level: 1, name: screen, exact: true }).waitFor();
}

/** Goes to another screen of the open workspace by the navigation. */
export async function goTo(page: Page, screen: ScreenName): Promise<void> {
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: screen, exact: true }).click();
  await page.getByRole('heading', { level: 1, name: screen, exact: true }).waitFor();
}

/** The id in the address of the open workspace. */
export function workspaceIdOf(page: Page): string {
  const id = /#\/w\/([^/]+)/.exec(page.url())?.[1];
  if (id === undefined) throw new Error(`No workspace is open at ${page.url()}`);
  return id;
}

export function panel(page: Page, title: string | RegExp): Locator {
  return page.getByRole('region', { name: title, ...(typeof title === 'string' ? { exact: true } : {}) });
}

/** What stands beside a name in a list of facts. */
export function fact(scope: Page | Locator, name: string): Locator {
  return scope
    .getByRole('term')
    .filter({ hasText: new RegExp(`^${escapeForPattern(name)}`) })
    .locator('xpath=following-sibling::dd[1]');
}

/** Picks an option of a select; a field that can be searched is searched, as there may be more than it lists. */
export async function choose(
  scope: Page | Locator,
  field: string,
  option: string | RegExp,
  search?: string,
): Promise<void> {
  const box = scope.getByRole('combobox', { name: field, exact: true });
  await box.click();
  if (search !== undefined) await box.fill(search);
  const page = 'keyboard' in scope ? scope : scope.page();
  await page
    .getByRole('listbox', { name: field, exact: true })
    .getByRole('option', { name: option, ...(typeof option === 'string' ? { exact: true } : {}) })
    .click();
}

/** Waits until an element reads as expected; white space counts as one space. */
export async function reads(locator: Locator, text: string | RegExp): Promise<void> {
  const shown = expect.poll(async () => (await locator.innerText()).replaceAll(/\s+/g, ' ').trim(), {
    timeout: timeoutMsMax,
  });
  if (typeof text === 'string') await shown.toBe(text);
  else await shown.toMatch(text);
}

/** Waits for a text anywhere on the page, as in a message that comes up. */
export async function says(scope: Page | Locator, text: string | RegExp): Promise<void> {
  await scope.getByText(text, { exact: true }).first().waitFor();
}

export async function press(scope: Page | Locator, button: string | RegExp): Promise<void> {
  await scope.getByRole('button', { name: button, ...(typeof button === 'string' ? { exact: true } : {}) }).click();
}

/** Turns a switch over. */
export async function flip(scope: Page | Locator, name: string | RegExp): Promise<void> {
  await scope.getByRole('switch', { name }).click();
}

/** Chooses a file as a person does: the button opens the system's dialog. */
export async function chooseFile(
  page: Page,
  button: Locator,
  file: string | { readonly name: string; readonly mimeType: string; readonly buffer: Buffer },
): Promise<void> {
  const [dialog] = await Promise.all([page.waitForEvent('filechooser'), button.click()]);
  await dialog.setFiles(file);
}

/** The text that a field says is wrong with it; empty when nothing is. */
export async function complaintOf(field: Locator): Promise<string> {
  if ((await field.getAttribute('aria-invalid')) !== 'true') return '';
  const ids = ((await field.getAttribute('aria-describedby')) ?? '').split(' ').filter((id) => id.endsWith('error'));
  return (await Promise.all(ids.map((id) => field.page().locator(`[id="${id}"]`).innerText()))).join(' ');
}

function escapeForPattern(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}

/**
 * Opens a menu by Enter on its button and takes one of its items by Enter. The menu takes the focus a moment after it
 * shows; what is pressed before that goes elsewhere.
 */
export async function chooseByKeyboard(page: Page, opener: Locator, item: string): Promise<void> {
  await opener.press('Enter');
  const menu = page.getByRole('menu');
  // What has it first is a part of the menu that has no size.
  await menu.locator(':focus').waitFor({ state: 'attached' });
  await menu.getByRole('menuitem', { name: item, exact: true }).press('Enter');
}
