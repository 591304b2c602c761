// L2: what is around the window of the desktop shell, part by part: links, menu, tray, settings, login, updates.
import { EventEmitter } from 'node:events';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import type { MenuItemConstructorOptions } from 'electron';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { autostartEntry, setAutostart, type AutostartOptions } from '../../electron/autostart.ts';
import { LINKED_SCREENS, placeInCommandLine, placeOfLink, placeOfScreen } from '../../electron/deep-link.ts';
import { menuTemplate } from '../../electron/menu.ts';
import type { Meter } from '../../electron/replica-messages.ts';
import { defaultSettings, storedSettings } from '../../electron/settings.ts';
import { drawMeter, trayPictures } from '../../electron/tray-icon.ts';
import { openTray, tooltipOf, trayMenu, type TrayContent } from '../../electron/tray.ts';
import { startUpdates } from '../../electron/updates.ts';
import { destinations } from '../../renderer/app/destinations.ts';
import type { UpdateState } from '../../shared/bridge/desktop.ts';
import { thoroughness } from '../support/thoroughness.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const WORKSPACE = '01a1f841-3c6e-7027-9b76-70b6846d5382';

describe('a link', () => {
  it.each([
    ['fuelgauge://welcome', '/welcome'],
    ['fuelgauge://welcome/', '/welcome'],
    [`fuelgauge://w/${WORKSPACE}`, `/w/${WORKSPACE}/overview`],
    [`fuelgauge://w/${WORKSPACE}/log`, `/w/${WORKSPACE}/log`],
    [`FUELGAUGE://w/${WORKSPACE}/subscription/`, `/w/${WORKSPACE}/subscription`],
    [
      `fuelgauge://w/${WORKSPACE}/ledger?member=ana&kinds=usage,nonsense&evil=1`,
      `/w/${WORKSPACE}/ledger?member=ana&kinds=usage`,
    ],
    [`fuelgauge://w/${WORKSPACE}/subscription?do=order`, `/w/${WORKSPACE}/subscription`],
    [`fuelgauge://open/${WORKSPACE}/credits-usage`, `/w/${WORKSPACE}/credits-usage`],
    [
      `fuelgauge://open/${WORKSPACE}/credits-usage/users?period=month&q=ana&sort=name&order=up&evil=1`,
      `/w/${WORKSPACE}/credits-usage/users?period=month&q=ana&sort=name&order=up`,
    ],
    [`fuelgauge://open/${WORKSPACE}/credits-usage/teams/design?day=x`, `/w/${WORKSPACE}/credits-usage/teams/design`],
  ])('%s leads to %s', (link, place) => {
    expect(placeOfLink(link)).toBe(place);
  });

  it.each([
    '',
    `fuelgauge://open/${WORKSPACE}/ledger`,
    `fuelgauge://open/${WORKSPACE}/credits-usage/nonsense`,
    `fuelgauge://open/${WORKSPACE}/credits-usage/users/ana`,
    `fuelgauge://open/${WORKSPACE}/credits-usage/teams/a%2Fb`,
    'fuelgauge://open/../credits-usage',
    'fuelgauge:',
    'fuelgauge://',
    'fuelgauge://w',
    `fuelgauge://w/${WORKSPACE}/nonsense`,
    `fuelgauge://w/${WORKSPACE}/ledger/more`,
    `fuelgauge://w/../welcome`,
    'fuelgauge://w/%2e%2e/overview',
    `fuelgauge://w/${WORKSPACE}%2Foverview`,
    'fuelgauge://w/<script>/overview',
    `fuelgauge://user:secret@w/${WORKSPACE}`,
    `fuelgauge://w:80/${WORKSPACE}`,
    `https://w/${WORKSPACE}/overview`,
    `javascript:alert(1)`,
    `file:///etc/passwd`,
    `app://fuelgauge/`,
    `fuelgauge://w/${'a'.repeat(65)}`,
    `fuelgauge://w/${WORKSPACE}/ledger?text=${'a'.repeat(3_000)}`,
  ])('%j leads nowhere', (link) => {
    expect(placeOfLink(link)).toBeNull();
  });

  it('never leads anywhere but to a place of the app, whatever it says', () => {
    const place = /^(?:\/welcome|\/connect\?invite=[\w%+*.~-]+|\/w\/[A-Za-z0-9-]{1,64}\/[a-z-]+(?:\?[\w%+*.~=&-]*)?)$/;
    const piece = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        'w',
        'welcome',
        'connect?server=127.0.0.1&code=ABCDEFGHJKM',
        WORKSPACE,
        'ledger',
        '..',
        '%2e',
        '//',
        '?text=',
        '#',
        '\\',
        '@',
        ':',
        '\0',
      ),
    );
    const link = fc.array(piece, { maxLength: 8 }).map((pieces) => `fuelgauge://${pieces.join('/')}`);
    fc.assert(
      fc.property(link, (given) => {
        const led = placeOfLink(given);
        expect(led === null || place.test(led)).toBe(true);
      }),
      { numRuns: 5_000 * thoroughness },
    );
  });

  it('with an invite leads to a look at it, and a broken one nowhere', () => {
    const invite = `fuelgauge://connect?server=https%3A%2F%2Fhost%3A8585&code=ABCDEFGHJKM&fingerprint=${'0a'.repeat(32)}`;
    expect(placeOfLink(invite)).toBe(`/connect?${new URLSearchParams({ invite }).toString()}`);
    expect(placeOfLink('fuelgauge://connect')).toBeNull();
    expect(placeOfLink('fuelgauge://connect?server=https%3A%2F%2Fhost&code=short')).toBeNull();
    expect(placeOfLink('fuelgauge://connect?server=http%3A%2F%2Felsewhere&code=ABCDEFGHJKM')).toBeNull();
  });

  it('is found on a command line among what else stands there', () => {
    const link = `fuelgauge://w/${WORKSPACE}/alerts`;
    expect(placeInCommandLine(['electron', '--flag', link])).toBe(`/w/${WORKSPACE}/alerts`);
    expect(placeInCommandLine(['electron', '.', '--data-dir=fuelgauge'])).toBeNull();
    expect(placeInCommandLine(['electron', 'fuelgauge://evil'])).toBeNull();
  });

  it('knows every screen that the navigation has', () => {
    expect(destinations.map(({ id }) => id).filter((id) => !LINKED_SCREENS.some((known) => known === id))).toEqual([]);
  });

  it('to a screen keeps to the workspace that is looked at', () => {
    expect(placeOfScreen('log', `app://fuelgauge/#/w/${WORKSPACE}/ledger?text=a`, ['other'])).toBe(
      `/w/${WORKSPACE}/log`,
    );
    expect(placeOfScreen('log', 'app://fuelgauge/#/welcome', ['other'])).toBe('/w/other/log');
    expect(placeOfScreen('log', '', [])).toBe('/');
  });
});

describe('the menu', () => {
  const template = (platform: string, gone: string[] = []): MenuItemConstructorOptions[] =>
    menuTemplate({
      platform,
      onGo: (screen) => void gone.push(screen),
      onShowDataFolder: () => void gone.push('data folder'),
    });
  const itemsOf = (items: readonly MenuItemConstructorOptions[]): readonly MenuItemConstructorOptions[] =>
    items.flatMap((item) => (Array.isArray(item.submenu) ? itemsOf(item.submenu) : [item]));

  it('has the roles of each platform, quit where it belongs', () => {
    const top = (platform: string): readonly (string | undefined)[] =>
      template(platform).map(({ role, label }) => role ?? label);
    expect(top('darwin')).toEqual(['Fuelgauge', '&File', 'editMenu', '&View', '&Go', 'windowMenu']);
    expect(top('linux')).toEqual(['&File', 'editMenu', '&View', '&Go', 'windowMenu']);
    for (const platform of ['darwin', 'linux', 'win32']) {
      expect(
        itemsOf(template(platform)).filter(({ role }) => role === 'quit'),
        platform,
      ).toHaveLength(1);
    }
    expect(itemsOf(template('darwin')).map(({ role }) => role)).toEqual(
      expect.arrayContaining(['about', 'services', 'hide', 'hideOthers', 'unhide', 'close']),
    );
  });

  it('leads to screens of the app, each shortcut once', () => {
    const gone: string[] = [];
    const items = itemsOf(template('linux', gone));
    for (const { click } of items) if (click !== undefined) Reflect.apply(click, undefined, []);
    expect(gone.toSorted()).toEqual(['alerts', 'data folder', 'ledger', 'log', 'overview', 'settings', 'subscription']);
    const shortcuts = items.flatMap(({ accelerator }) => accelerator ?? []);
    expect(new Set(shortcuts).size).toBe(shortcuts.length);
  });
});

const meter = (more: Partial<Meter> = {}): Meter => ({
  workspaceId: WORKSPACE,
  name: 'Design',
  share: 0.5,
  tone: 'calm',
  balance: '750 of 1,500 credits left',
  runOut: 'Lasts until the reset on 5 Dec 2026',
  ...more,
});

describe('the meter in the tray', () => {
  interface Drawn {
    readonly side: number;
    readonly pixels: Uint8Array;
  }

  /** Reads what the icon writes: eight bits a channel and no filter. */
  function read(png: Uint8Array): Drawn {
    const view = new DataView(png.buffer, png.byteOffset, png.length);
    const side = view.getUint32(16);
    const length = view.getUint32(33);
    const rows = inflateSync(png.subarray(41, 41 + length));
    const pixels = new Uint8Array(side * side * 4);
    for (let y = 0; y < side; y += 1) {
      pixels.set(rows.subarray(y * (side * 4 + 1) + 1, (y + 1) * (side * 4 + 1)), y * side * 4);
    }
    return { side, pixels };
  }

  const strong = (pixels: Uint8Array): number => {
    let count = 0;
    for (let at = 3; at < pixels.length; at += 4) if ((pixels[at] ?? 0) > 200) count += 1;
    return count;
  };

  it('is drawn for each density of screens as it was meant', () => {
    const pictures = trayPictures({ share: 0.4, tone: 'tight', template: false });
    expect(pictures.map(({ scaleFactor }) => scaleFactor)).toEqual([1, 1.25, 1.5, 2, 3]);
    for (const { png, scaleFactor } of pictures) {
      const { side, pixels } = read(png);
      expect(side).toBe(16 * scaleFactor);
      expect(pixels).toEqual(drawMeter({ share: 0.4, tone: 'tight', template: false }, side));
    }
  });

  it('fills up by what is left', () => {
    const filled = [null, 0, 0.001, 0.25, 0.5, 0.75, 1].map((share) =>
      strong(drawMeter({ share, tone: 'calm', template: false }, 32)),
    );
    expect(filled).toEqual(filled.toSorted((left, right) => left - right));
    expect(filled[0]).toBe(filled[1]);
    expect(new Set(filled.slice(1)).size).toBe(6);
  });

  it('says nothing by colour to a template, which the system paints', () => {
    const pixels = drawMeter({ share: 0.4, tone: 'empty', template: true }, 32);
    for (let at = 0; at < pixels.length; at += 4) expect([...pixels.subarray(at, at + 3)]).toEqual([0, 0, 0]);
    expect(drawMeter({ share: 0.4, tone: 'calm', template: true }, 32)).toEqual(pixels);
  });
});

describe('the tray', () => {
  interface Opened {
    readonly show: (content: TrayContent) => void;
    readonly tray: EventEmitter & {
      readonly menus: (EventEmitter & { readonly template: MenuItemConstructorOptions[] })[];
      readonly toolTips: string[];
      imageCount: number;
    };
    readonly done: string[];
  }

  function open(platform = 'linux'): Opened {
    const done: string[] = [];
    const menus: Opened['tray']['menus'] = [];
    const toolTips: string[] = [];
    const tray = Object.assign(new EventEmitter(), {
      menus,
      toolTips,
      imageCount: 0,
      setImage: () => void (tray.imageCount += 1),
      setToolTip: (text: string) => void toolTips.push(text),
      setContextMenu: (menu: (typeof menus)[number]) => void menus.push(menu),
    });
    const opened = openTray({
      platform,
      createTray: () => tray as never,
      createImage: (pictures) => pictures as never,
      buildMenu: (template) => Object.assign(new EventEmitter(), { template }) as never,
      onOpen: (workspaceId) => void done.push(`open ${workspaceId}`),
      onLog: () => void done.push('log'),
      onPause: (how) => void done.push(`pause ${how}`),
      onQuit: () => void done.push('quit'),
    });
    return { show: (content) => opened.show(content), tray, done };
  }

  const content = (meters: readonly Meter[], pausedUntil: string | null = null): TrayContent => ({
    meters,
    pausedUntil,
  });
  const labels = (menu: { readonly template: readonly MenuItemConstructorOptions[] } | undefined) =>
    menu?.template.map(({ label, type }) => label ?? type);
  const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  it('answers with balance and run-out, and offers the quick log, a pause and the end', () => {
    const { show, tray, done } = open();
    show(content([meter()]));
    const menu = tray.menus.at(-1);
    expect(labels(menu)).toEqual([
      'Design: 750 of 1,500 credits left',
      'Lasts until the reset on 5 Dec 2026',
      'separator',
      'Log usage …',
      'Open Fuelgauge',
      'Pause notifications',
      'separator',
      'Quit Fuelgauge',
    ]);
    expect(tray.toolTips.at(-1)).toBe('Design: 750 of 1,500 credits left. Lasts until the reset on 5 Dec 2026');
    for (const { click, submenu } of menu?.template ?? []) {
      for (const item of Array.isArray(submenu) ? submenu : [{ click }]) {
        if (item.click !== undefined) Reflect.apply(item.click, undefined, []);
      }
    }
    expect(done).toEqual([`open ${WORKSPACE}`, 'log', 'open null', 'pause hour', 'pause tomorrow', 'quit']);
  });

  it('never puts another menu in the place of an open one, and puts the newest there once it is closed', async () => {
    const { show, tray } = open();
    show(content([meter()]));
    const menu = tray.menus.at(-1);
    menu?.emit('menu-will-show');
    show(content([meter({ balance: '700 of 1,500 credits left', share: 0.4 })]));
    show(content([meter({ balance: '600 of 1,500 credits left', share: 0.3 })]));
    expect(tray.menus.at(-1)).toBe(menu);
    expect(tray.toolTips.at(-1)).toContain('600 of 1,500');
    menu?.emit('menu-will-close');
    await settled();
    expect(tray.menus).toHaveLength(3);
    expect(labels(tray.menus.at(-1))?.[0]).toBe('Design: 600 of 1,500 credits left');
  });

  it('leaves a menu and a picture that say the same as they are', () => {
    const { show, tray } = open();
    show(content([meter()]));
    const { length } = tray.menus;
    const { imageCount } = tray;
    show(content([meter({ share: 0.501 })]));
    expect([tray.menus.length, tray.imageCount]).toEqual([length, imageCount]);
  });

  it('has room for five workspaces, and none', () => {
    const { show, tray } = open();
    expect(labels(tray.menus.at(-1))?.[0]).toBe('No workspace is open');
    show(content(Array.from({ length: 7 }, (_, index) => meter({ name: `Team ${index}` }))));
    expect(labels(tray.menus.at(-1))?.slice(8, 11)).toEqual([
      'Team 4: 750 of 1,500 credits left',
      'Lasts until the reset on 5 Dec 2026',
      'and 2 more workspaces',
    ]);
    show(content([meter()], 'Sat 08:00'));
    expect(labels(tray.menus.at(-1))).toContain('Resume notifications (paused until Sat 08:00)');
  });

  it('opens the app on a click where a click does not open the menu', () => {
    const windows = open('win32');
    windows.tray.emit('click');
    expect(windows.done).toEqual(['open null']);
    const mac = open('darwin');
    mac.tray.emit('click');
    expect(mac.done).toEqual([]);
  });

  it('takes names as they are, however long', () => {
    const name = `A & B ${'x'.repeat(200)}`;
    const actions = {
      onOpen: () => undefined,
      onLog: () => undefined,
      onPause: () => undefined,
      onQuit: () => undefined,
    };
    const [line] = trayMenu(content([meter({ name })]), actions);
    expect(line?.label).toMatch(/^A && B x+…: 750/);
    expect(tooltipOf(content([meter({ name })])).length).toBeLessThanOrEqual(127);
  });
});

describe('the settings of the desktop', () => {
  it('are kept in a file that only its owner reads, and hold for the next start', async () => {
    const path = join(await temporaryFolder(), 'settings.json');
    const first = storedSettings(path, 'darwin');
    expect(first.now()).toEqual(defaultSettings('darwin'));
    first.change({ closeToTray: false, shortcut: 'CommandOrControl+Shift+U', updates: 'beta' });
    first.change({ notifications: false });
    first.pause(1_000);
    const again = storedSettings(path, 'darwin');
    expect(again.now()).toEqual({
      launchAtLogin: false,
      closeToTray: false,
      shortcut: 'CommandOrControl+Shift+U',
      notifications: false,
      updates: 'beta',
    });
    expect(again.pausedUntil()).toBe(1_000);
    again.change({ shortcut: null });
    expect(storedSettings(path, 'darwin').now().shortcut).toBeNull();
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('start nothing, listen to nothing and ask nobody before somebody wants it', () => {
    for (const platform of ['linux', 'darwin', 'win32']) {
      expect(defaultSettings(platform)).toMatchObject({ launchAtLogin: false, shortcut: null, updates: 'off' });
    }
    expect(defaultSettings('linux').closeToTray).toBe(false);
    expect(defaultSettings('win32').closeToTray).toBe(true);
  });

  it.each(['', 'no JSON', '[]', 'null', '{"shortcut":"Ctrl+Alt+Delete","updates":7,"notifications":"no"}'])(
    'are the usual ones where the file says %j',
    async (text) => {
      const path = join(await temporaryFolder(), 'settings.json');
      await writeFile(path, text);
      expect(storedSettings(path, 'linux').now()).toEqual(defaultSettings('linux'));
    },
  );

  it('hold for this run where they cannot be written', () => {
    const settings = storedSettings('/nowhere/at/all/settings.json', 'linux');
    settings.change({ closeToTray: true });
    expect(settings.now().closeToTray).toBe(true);
  });
});

describe('launch at login', () => {
  async function options(platform: string, refuses = false): Promise<AutostartOptions & { readonly asked: unknown[] }> {
    const asked: unknown[] = [];
    let open = false;
    return {
      asked,
      platform,
      program: '/opt/Fuel gauge/fuelgauge',
      arguments: [],
      configFolder: join(await temporaryFolder(), 'config'),
      app: {
        setLoginItemSettings(settings) {
          asked.push(settings);
          if (!refuses) open = settings.openAtLogin === true;
        },
        getLoginItemSettings: () => ({
          openAtLogin: open,
          wasOpenedAtLogin: false,
          status: 'enabled',
          executableWillLaunchAtLogin: open,
          launchItems: [],
        }),
      },
    };
  }

  it('is an autostart entry on Linux, gone when it is switched off', async () => {
    const linux = await options('linux');
    expect(setAutostart(true, linux)).toBe('on');
    const file = join(linux.configFolder, 'autostart', 'fuelgauge.desktop');
    expect(await readFile(file, 'utf8')).toBe(autostartEntry('/opt/Fuel gauge/fuelgauge', ['--hidden']));
    expect(setAutostart(false, linux)).toBe('off');
    await expect(readFile(file)).rejects.toThrow('ENOENT');
    expect(setAutostart(false, linux)).toBe('off');
  });

  it('is refused on Linux where the folder is none', async () => {
    const linux = await options('linux');
    await mkdir(linux.configFolder);
    await writeFile(join(linux.configFolder, 'autostart'), 'a file');
    expect(setAutostart(true, linux)).toBe('refused');
  });

  it('quotes the program as the specification of desktop entries asks', () => {
    expect(autostartEntry('/a "b" $c `d` \\e 100%', ['--hidden'])).toContain(
      'Exec="/a \\\\"b\\\\" \\\\$c \\\\`d\\\\` \\\\\\\\e 100%%" "--hidden"\n',
    );
  });

  it('is a login item elsewhere, and says where the system refuses', async () => {
    const windows = await options('win32');
    expect(setAutostart(true, windows)).toBe('on');
    expect(windows.asked).toEqual([{ openAtLogin: true, path: '/opt/Fuel gauge/fuelgauge', args: ['--hidden'] }]);
    const mac = await options('darwin');
    expect(setAutostart(true, mac)).toBe('on');
    expect(mac.asked).toEqual([{ openAtLogin: true }]);
    expect(setAutostart(false, mac)).toBe('off');
    expect(setAutostart(true, await options('darwin', true))).toBe('refused');
  });
});

describe('updates', () => {
  function stage(options: { readonly installed?: boolean; readonly fails?: boolean } = {}) {
    const { installed = true, fails = false } = options;
    const states: UpdateState[] = [];
    const feeds: (string | null)[] = [];
    const calls: string[] = [];
    let look = (): void => undefined;
    const updater = Object.assign(new EventEmitter(), {
      autoDownload: false,
      autoInstallOnAppQuit: false,
      allowDowngrade: true,
      allowPrerelease: false,
      channel: null as string | null,
      checkForUpdates() {
        feeds.push(updater.channel);
        calls.push(`check, downgrade ${updater.allowDowngrade}`);
        return fails ? Promise.reject(new Error('No network.')) : Promise.resolve(null);
      },
      quitAndInstall: () => void calls.push('install'),
    });
    const updates = startUpdates({
      loadUpdater: () => Promise.resolve(installed ? (updater as never) : undefined),
      every: (_everyMs, work) => void (look = work),
      onState: (state) => void states.push(state),
    });
    return { updates, updater, states, feeds, calls, look: () => look() };
  }

  it('ask nobody until a channel was chosen, and nobody any more when it was switched off', async () => {
    const { updates, calls, look } = stage();
    await updates.check();
    look();
    expect(calls).toEqual([]);
    await updates.follow('stable');
    expect(calls).toHaveLength(1);
    await updates.follow('off');
    look();
    expect(calls).toHaveLength(1);
    expect(updates.state()).toEqual({ kind: 'off' });
  });

  it('follow the channel, and never go back to an earlier version', async () => {
    const { updates, feeds, calls } = stage();
    await updates.follow('stable');
    await updates.follow('beta');
    expect(feeds).toEqual(['latest', 'beta']);
    expect(new Set(calls)).toEqual(new Set(['check, downgrade false']));
  });

  it('tell how far they are, and install when asked', async () => {
    const { updates, updater, states, calls } = stage();
    await updates.follow('stable');
    updates.install();
    updater.emit('checking-for-update');
    updater.emit('update-available', { version: '2.0.0' });
    updater.emit('update-downloaded', { version: '2.0.0' });
    expect(states).toEqual([
      { kind: 'idle' },
      { kind: 'checking' },
      { kind: 'downloading', version: '2.0.0' },
      { kind: 'ready', version: '2.0.0' },
    ]);
    await updates.check();
    updates.install();
    expect(calls).toEqual(['check, downgrade false', 'install']);
  });

  it('say what went wrong, and that an app without an installer has none', async () => {
    const failing = stage({ fails: true });
    await failing.updates.follow('stable');
    expect(failing.updates.state()).toEqual({ kind: 'failed', message: 'No network.' });
    const checkout = stage({ installed: false });
    await checkout.updates.follow('beta');
    expect(checkout.updates.state()).toEqual({ kind: 'unavailable' });
  });
});
