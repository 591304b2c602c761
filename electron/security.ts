// What pages in the desktop shell may not do, and the one way out of the app.
import type { App, Session, Shell, WebContents, WebFrameMain } from 'electron';

/** The origin of the app's own pages: `app://fuelgauge`. */
export const APP_SCHEME = 'app';
export const APP_HOST = 'fuelgauge';

/** The platforms' own sites, each with all hosts below it: the only places that Fuelgauge sends a person to. */
const EXTERNAL_DOMAINS = ['github.com', 'miro.com', 'mirage.app', 'piktochart.com', 'visily.ai'] as const;

/**
 * Whether `url` is a page of this app. Its parts are compared: to a URL parser the origin of a scheme that it does not
 * know is `null`, which is the origin of every other such scheme too.
 */
export function isAppUrl(url: string): boolean {
  const parsed = parseUrl(url);
  return parsed?.protocol === `${APP_SCHEME}:` && parsed.host === APP_HOST;
}

/** Whether a message from the page was sent by the top frame of one of our own pages. */
export function isOwnFrame(frame: Pick<WebFrameMain, 'parent' | 'url'> | null): boolean {
  return frame !== null && frame.parent === null && isAppUrl(frame.url);
}

/** Whether the person may be sent to `url`: over https, to a platform's own site, with nothing hidden in the address. */
export function isExternalUrlAllowed(url: string): boolean {
  const parsed = parseUrl(url);
  if (parsed === undefined || parsed.protocol !== 'https:') return false;
  if (parsed.username !== '' || parsed.password !== '' || parsed.port !== '') return false;
  return EXTERNAL_DOMAINS.some((domain) => parsed.hostname === domain || parsed.hostname.endsWith(`.${domain}`));
}

/** Pages of an identity provider, for as long as the person signs in there. */
export interface SignInPages {
  /** From now on exactly these; the replica names them, and never a page. */
  allow(pages: readonly string[]): void;
  /** Whether it is one of them, to the letter, over https and with nothing hidden in the address. */
  has(url: string): boolean;
}

export function signInPages(): SignInPages {
  let allowed: ReadonlySet<string> = new Set();
  return {
    allow(pages) {
      allowed = new Set(pages);
    },
    has(url) {
      const parsed = parseUrl(url);
      if (parsed === undefined || parsed.protocol !== 'https:') return false;
      return parsed.username === '' && parsed.password === '' && allowed.has(url);
    },
  };
}

/** The ways out of the app. */
export interface WaysOut {
  readonly shell: Pick<Shell, 'openExternal'>;
  readonly pages: SignInPages;
}

/** Opens `url` in the person's browser, or does nothing: the only call of `shell.openExternal` there is. */
async function openExternal(url: string, { shell, pages }: WaysOut): Promise<void> {
  if (isExternalUrlAllowed(url) || pages.has(url)) await shell.openExternal(url);
}

/** Denies every permission, asked for or merely looked at: the app needs none. */
export function denyPermissions(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, callback) => callback(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler((_request, callback) => callback({}));
}

/** Keeps every page there will ever be on the app's own pages, alone in its window. */
export function denyNavigation(app: App, waysOut: WaysOut): void {
  app.on('web-contents-created', (_event, contents) => {
    denyNavigationOf(contents);
    contents.setWindowOpenHandler(({ url }) => {
      void openExternal(url, waysOut);
      return { action: 'deny' };
    });
  });
}

function denyNavigationOf(contents: WebContents): void {
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.on('will-frame-navigate', (event) => {
    if (!event.isMainFrame || !isAppUrl(event.url)) event.preventDefault();
  });
  contents.on('will-navigate', (event) => {
    if (!isAppUrl(event.url)) event.preventDefault();
  });
  // The app's own protocol never redirects, so whatever does is not ours.
  contents.on('will-redirect', (event) => event.preventDefault());
}

function parseUrl(url: string): URL | undefined {
  return URL.canParse(url) ? new URL(url) : undefined;
}
