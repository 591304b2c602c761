// The main window: what it may do, where it was, how it appears, and that closing it need not end the app.
import type { BrowserWindow, BrowserWindowConstructorOptions } from 'electron';
import type { AppPlace } from './deep-link.ts';
import { APP_HOST, APP_SCHEME, isAppUrl } from './security.ts';

export interface MainWindowOptions {
  readonly createWindow: (options: BrowserWindowConstructorOptions) => BrowserWindow;
  readonly preloadPath: string;
  readonly dark: boolean;
  readonly place: AppPlace | null;
  /** Whether a window that is closed now is only put away. */
  readonly staysInTray: () => boolean;
}

/** Opens the main window on a page of the app. It is shown when there is something to see. */
export function openMainWindow(options: MainWindowOptions): BrowserWindow {
  const window = options.createWindow({
    // Place, size and mode are kept under this name, and brought back onto a screen that is still there.
    name: 'main',
    windowStatePersistence: true,
    title: 'Fuelgauge',
    width: 1280,
    height: 840,
    minWidth: 480,
    minHeight: 480,
    show: false,
    // Until the page has drawn, a window in the colour of the page does not flash.
    backgroundColor: pageColour(options.dark),
    webPreferences: {
      preload: options.preloadPath,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      safeDialogs: true,
    },
  });
  window.once('ready-to-show', () => window.show());
  window.on('close', (event) => {
    if (!options.staysInTray()) return;
    event.preventDefault();
    window.hide();
  });
  reloadAfterCrash(window);
  void window.loadURL(urlOf(options.place));
  return window;
}

/** Brings a window in front of the person, wherever it was, at a place of the app where one is given. */
export function bringForward(window: BrowserWindow, place: AppPlace | null): void {
  // Only the part after # differs: the page stays and goes there by itself.
  if (place !== null) void window.loadURL(urlOf(place));
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}

export function pageColour(dark: boolean): string {
  return dark ? '#141517' : '#ffffff';
}

function urlOf(place: AppPlace | null): string {
  const page = `${APP_SCHEME}://${APP_HOST}/`;
  return place === null ? page : `${page}#${place}`;
}

/** A page that crashes again and again is left alone: loading it once more would only keep the computer busy. */
const CRASHES_MAX = 3;
const CRASHES_WITHIN_MS = 60_000;

function reloadAfterCrash(window: BrowserWindow): void {
  const crashes: number[] = [];
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit') return;
    const now = performance.now();
    crashes.push(now);
    if (crashes.filter((at) => now - at < CRASHES_WITHIN_MS).length > CRASHES_MAX) return;
    const shown = window.webContents.getURL();
    void window.loadURL(isAppUrl(shown) ? shown : urlOf(null));
  });
}
