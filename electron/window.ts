// The main window: what it may do, where it was, how it appears.
import type { BrowserWindow, BrowserWindowConstructorOptions } from 'electron';
import { APP_HOST, APP_SCHEME } from './security.ts';

export interface MainWindowOptions {
  readonly createWindow: (options: BrowserWindowConstructorOptions) => BrowserWindow;
  readonly preloadPath: string;
  readonly dark: boolean;
}

/** Opens the main window on the first page of the app. It is shown when there is something to see. */
export function openMainWindow({ createWindow, preloadPath, dark }: MainWindowOptions): BrowserWindow {
  const window = createWindow({
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
    backgroundColor: dark ? '#141517' : '#ffffff',
    webPreferences: {
      preload: preloadPath,
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
  void window.loadURL(`${APP_SCHEME}://${APP_HOST}/`);
  return window;
}

/** Brings a window in front of the person, wherever it was. */
export function bringForward(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}
