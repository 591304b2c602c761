// What a page may not do to people who use it otherwise than by looking and pointing.
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

/** Every violation in one line: rule, what it is about, and where. */
async function violations(page: Page, meant: readonly string[]): Promise<readonly string[]> {
  // The page that other modes would open asks the app for nothing and only costs time.
  return told(new AxeBuilder({ page }).setLegacyMode().disableRules([...meant]));
}

async function told(builder: AxeBuilder): Promise<readonly string[]> {
  const { violations: found } = await builder.analyze();
  return found.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary?.replaceAll('\n', ' ')}`),
  );
}

/** In light and in dark colours. */
export async function expectNoViolations(page: Page, meant: readonly string[] = []): Promise<void> {
  await inBothSchemes(page, async () => expect(await violations(page, meant)).toEqual([]));
}

/** Text at 7:1, in light and in dark colours: what high contrast is for. */
export async function expectHighContrast(page: Page): Promise<void> {
  const rules = ['color-contrast', 'color-contrast-enhanced'];
  await inBothSchemes(page, async () =>
    expect(await told(new AxeBuilder({ page }).setLegacyMode().withRules(rules))).toEqual([]),
  );
}

async function inBothSchemes(page: Page, look: () => Promise<void>): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.locator(`html[data-mantine-color-scheme="${colorScheme}"]`).waitFor();
    await page.evaluate(drawn);
    await look();
  }
  await page.emulateMedia({ colorScheme: 'light' });
}

/**
 * Runs in the page: the colours of the scheme are on the screen. On a busy machine the switch takes some frames, and only
 * then do transitions begin.
 */
async function drawn(): Promise<void> {
  for (let calm = 0; calm < 3; calm += 1) {
    await new Promise((resolve) => {
      requestAnimationFrame(resolve);
    });
    const running = document.getAnimations();
    if (running.length > 0) calm = 0;
    await Promise.allSettled(running.map(({ finished }) => finished));
  }
}
