// The application menu: the roles that every desktop knows, so that copy, paste, zoom and quit work as everywhere, and
// the places of the app.
import type { MenuItemConstructorOptions } from 'electron';
import type { LinkedScreen } from './deep-link.ts';
import { strings } from './strings.ts';

export interface MenuOptions {
  /** A value of `process.platform`. */
  readonly platform: string;
  readonly onGo: (screen: LinkedScreen) => void;
  readonly onShowDataFolder: () => void;
}

/** The template of the menu. Developer tools are in it: what the page holds is the person's own. */
export function menuTemplate({ platform, onGo, onShowDataFolder }: MenuOptions): MenuItemConstructorOptions[] {
  const isMac = platform === 'darwin';
  const text = strings.menu;
  const go = (label: string, screen: LinkedScreen, accelerator?: string): MenuItemConstructorOptions => ({
    label,
    click: () => onGo(screen),
    ...(accelerator === undefined ? {} : { accelerator }),
  });
  const settings = go(text.settings, 'settings', 'CommandOrControl+,');
  const end: MenuItemConstructorOptions = isMac ? { role: 'close' } : { role: 'quit' };
  return [
    ...(isMac ? [appMenu(settings)] : []),
    {
      label: text.file,
      submenu: [
        go(text.log, 'log', 'CommandOrControl+L'),
        { type: 'separator' },
        ...(isMac ? [] : [settings]),
        { label: text.dataFolder, click: onShowDataFolder },
        { type: 'separator' },
        end,
      ],
    },
    { role: 'editMenu' },
    {
      label: text.view,
      submenu: [
        { role: 'reload' },
        { type: 'separator' },
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { role: 'togglefullscreen' },
        { type: 'separator' },
        { role: 'toggleDevTools' },
      ],
    },
    {
      label: text.go,
      submenu: [
        go(text.overview, 'overview', 'CommandOrControl+1'),
        go(text.ledger, 'ledger', 'CommandOrControl+2'),
        go(text.subscription, 'subscription', 'CommandOrControl+3'),
        go(text.alerts, 'alerts', 'CommandOrControl+4'),
      ],
    },
    { role: 'windowMenu' },
  ];
}

/** As `role: 'appMenu'` has it, with the settings where a Mac has them. */
function appMenu(settings: MenuItemConstructorOptions): MenuItemConstructorOptions {
  return {
    label: strings.product,
    submenu: [
      { role: 'about' },
      { type: 'separator' },
      settings,
      { type: 'separator' },
      { role: 'services' },
      { type: 'separator' },
      { role: 'hide' },
      { role: 'hideOthers' },
      { role: 'unhide' },
      { type: 'separator' },
      { role: 'quit' },
    ],
  };
}
