// The application menu: the roles that every desktop knows, so that copy, paste, zoom and quit work as everywhere.
import type { MenuItemConstructorOptions } from 'electron';

export interface MenuOptions {
  /** A value of `process.platform`. */
  readonly platform: string;
}

/** The template of the menu. Developer tools are in it: what the page holds is the person's own. */
export function menuTemplate({ platform }: MenuOptions): MenuItemConstructorOptions[] {
  const isMac = platform === 'darwin';
  return [
    ...(isMac ? [{ role: 'appMenu' } as const] : []),
    { label: '&File', submenu: [isMac ? { role: 'close' } : { role: 'quit' }] },
    { role: 'editMenu' },
    {
      label: '&View',
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
    { role: 'windowMenu' },
  ];
}
