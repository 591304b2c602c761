// The meter in the tray, with a menu that answers the common questions without a window.
import type { Menu, MenuItemConstructorOptions, NativeImage, Tray } from 'electron';
import type { Meter } from './replica-messages.ts';
import { strings } from './strings.ts';
import { trayPictures, type TrayPicture } from './tray-icon.ts';

export interface TrayContent {
  /** The tightest first. */
  readonly meters: readonly Meter[];
  /** Until when notifications are paused, as a time of day; null while they are shown. */
  readonly pausedUntil: string | null;
}

export interface TrayActions {
  readonly onOpen: (workspaceId: string | null) => void;
  readonly onLog: () => void;
  readonly onPause: (how: 'hour' | 'tomorrow' | 'resume') => void;
  readonly onQuit: () => void;
}

export interface MeterTrayOptions extends TrayActions {
  readonly createTray: (image: NativeImage) => Pick<Tray, 'setImage' | 'setToolTip' | 'setContextMenu' | 'on'>;
  readonly createImage: (pictures: readonly TrayPicture[], template: boolean) => NativeImage;
  readonly buildMenu: (template: MenuItemConstructorOptions[]) => Menu;
  /** A value of `process.platform`. */
  readonly platform: string;
}

export interface MeterTray {
  show(content: TrayContent): void;
}

/** A tray has no room for more. */
const METERS_MAX = 5;

/** Puts the meter into the tray. Throws where the system has none. */
export function openTray(options: MeterTrayOptions): MeterTray {
  const template = options.platform === 'darwin';
  const imageOf = (meter: Meter | undefined): NativeImage =>
    options.createImage(trayPictures({ share: meter?.share ?? null, tone: meter?.tone ?? 'calm', template }), template);
  const tray = options.createTray(imageOf(undefined));
  let shownImage = '';
  let shownWords = '';
  let menuIsOpen = false;
  let waiting: TrayContent | undefined;

  const draw = (content: TrayContent): void => {
    const [tightest] = content.meters;
    const image = JSON.stringify([tightest?.tone, Math.round((tightest?.share ?? -1) * 50)]);
    if (image !== shownImage) tray.setImage(imageOf(tightest));
    shownImage = image;
    tray.setToolTip(tooltipOf(content));
    // A menu in the place of an open one would close it under the person's hand, and one with the same words helps
    // nobody.
    const words = JSON.stringify(content.meters.map(({ name, balance, runOut }) => [name, balance, runOut]));
    const all = `${words} ${content.pausedUntil}`;
    if (all === shownWords) return;
    if (menuIsOpen) {
      waiting = content;
      return;
    }
    shownWords = all;
    const menu = options.buildMenu(trayMenu(content, options));
    menu.on('menu-will-show', () => {
      menuIsOpen = true;
    });
    menu.on('menu-will-close', () => {
      menuIsOpen = false;
      const next = waiting;
      waiting = undefined;
      // After the click that closed it has been acted upon.
      if (next !== undefined) setImmediate(() => draw(next));
    });
    tray.setContextMenu(menu);
  };
  // On macOS and Linux a click opens the menu; on Windows that is what the other button is for.
  if (options.platform === 'win32') tray.on('click', () => options.onOpen(null));
  draw({ meters: [], pausedUntil: null });
  return { show: draw };
}

/** What a pointer over the meter is told; Windows cuts it off after 127 characters. */
export function tooltipOf({ meters }: TrayContent): string {
  const [first] = meters;
  if (first === undefined) return strings.product;
  return `${cut(first.name, 30)}: ${first.balance}. ${first.runOut}`.slice(0, 127);
}

export function trayMenu({ meters, pausedUntil }: TrayContent, actions: TrayActions): MenuItemConstructorOptions[] {
  const rest = meters.length - METERS_MAX;
  const lines = meters.slice(0, METERS_MAX).flatMap(({ workspaceId, name, balance, runOut }) => [
    { label: label(`${cut(name, 40)}: ${balance}`), click: () => actions.onOpen(workspaceId) },
    { label: label(runOut), enabled: false },
  ]);
  return [
    ...(lines.length === 0 ? [{ label: strings.tray.none, enabled: false }] : lines),
    ...(rest > 0 ? [{ label: strings.tray.more(rest), click: () => actions.onOpen(null) }] : []),
    { type: 'separator' },
    { label: strings.tray.log, click: actions.onLog },
    { label: strings.tray.open, click: () => actions.onOpen(null) },
    pausedUntil === null
      ? {
          label: strings.tray.pause,
          submenu: [
            { label: strings.tray.forAnHour, click: () => actions.onPause('hour') },
            { label: strings.tray.untilTomorrow, click: () => actions.onPause('tomorrow') },
          ],
        }
      : { label: strings.tray.resume(pausedUntil), click: () => actions.onPause('resume') },
    { type: 'separator' },
    { label: strings.tray.quit, click: actions.onQuit },
  ];
}

/** An ampersand in a label marks a key; two of them are one. */
function label(text: string): string {
  return text.replaceAll('&', '&&');
}

function cut(text: string, length: number): string {
  const characters = Array.from(text);
  return characters.length <= length ? text : `${characters.slice(0, length - 1).join('')}…`;
}
