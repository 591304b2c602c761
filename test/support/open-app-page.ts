// The app's pages in Chromium as the desktop shell serves them: same files, same headers, ports in place of a server.
import { randomBytes } from 'node:crypto';
import type { Page } from 'playwright-core';
import { fileFolder } from '../../replica/loopback/file-folder.ts';
import type { ServedRouter } from '../../replica/loopback/served-router.ts';
import { serveStaticFile } from '../../shared/web-app/static-files.ts';
import { relayMessagePorts, type Relay } from './message-port-relay.ts';

/** Stands for `app://fuelgauge`, which only Electron knows: a secure origin with nothing behind it. */
const ORIGIN = 'https://fuelgauge.test';

export interface DesktopPageOptions {
  readonly pagesFolder: string;
  /** The bundle of the preload. */
  readonly preload: string;
  readonly router: ServedRouter;
  /** Nobody answers until the relay is resumed. */
  readonly paused?: boolean;
}

export async function openDesktopPage(
  page: Page,
  { pagesFolder, preload, router, paused = false }: DesktopPageOptions,
): Promise<Relay> {
  const files = fileFolder(pagesFolder);
  await page.route(`${ORIGIN}/**`, async (route) => {
    const request = route.request();
    const { pathname, search } = new URL(request.url());
    const { status, headers, body } = await serveStaticFile(
      { method: request.method(), target: pathname + search },
      { files, nonce: randomBytes(16).toString('base64url') },
    );
    await route.fulfill({
      status,
      headers: { ...headers },
      body: typeof body === 'string' ? body : Buffer.from(body),
    });
  });
  const relay = await relayMessagePorts(page, router, { preload, paused });
  await page.goto(`${ORIGIN}/`);
  return relay;
}
