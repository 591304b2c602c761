// L2: the real main.ts on a stand-in of Electron.
import { EventEmitter } from 'node:events';
import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { createStandIn, frameOf, type StandIn, type StandInOptions } from './stand-in.ts';

interface Started extends StandIn {
  readonly dataDirectory: string;
}

/** Runs main.ts as Electron would, up to and including `ready`. */
async function startMain(
  options: StandInOptions & {
    readonly dataName?: string;
    readonly dataDirectory?: string;
    readonly readOnly?: boolean;
    /** What is on the command line besides. */
    readonly more?: readonly string[];
  } = {},
): Promise<Started> {
  const standIn = createStandIn(options);
  const dataDirectory = options.dataDirectory ?? join(await temporaryFolder(), options.dataName ?? 'data');
  if (options.dataName !== undefined) await writeFile(dataDirectory, 'a file');
  const commandLine = process.argv;
  process.argv = ['electron', 'main.js', '--some-switch-of-chromium', `--data-dir=${dataDirectory}`];
  if (options.readOnly === true) process.argv.push('--read-only');
  process.argv.push(...(options.more ?? []));
  vi.resetModules();
  vi.doMock('electron', () => standIn.module);
  onTestFinished(() => {
    vi.doUnmock('electron');
  });
  await import('../../electron/main.ts');
  process.argv = commandLine;
  standIn.becomeReady();
  await settled();
  return { ...standIn, dataDirectory };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function only<Item>(items: readonly Item[]): Item {
  const [item] = items;
  if (item === undefined || items.length !== 1) throw new Error(`One was expected, not ${items.length}.`);
  return item;
}

/** The ports that a replica was handed. */
function connections({ posted }: StandIn['processes'][number]): readonly unknown[] {
  return posted.filter(({ ports }) => ports.length > 0);
}

/** An event that notes whether it was prevented, with what Electron puts on it. */
function preventable<Extra extends object>(extra: Extra): Extra & { prevented: boolean; preventDefault(): void } {
  const event = { ...extra, prevented: false, preventDefault: () => void (event.prevented = true) };
  return event;
}

describe('the start', () => {
  it('switches the sandbox on and registers the scheme before the app is ready', async () => {
    const { calls, schemes } = await startMain();
    const before = calls.slice(0, calls.indexOf('ready'));
    expect(before).toEqual(expect.arrayContaining(['enableSandbox', 'registerSchemesAsPrivileged']));
    expect(schemes).toEqual([{ scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } }]);
  });

  it('hands on that reading only is asked for', async () => {
    const { dataDirectory, processes } = await startMain({ readOnly: true });
    expect(only(processes).arguments).toEqual([dataDirectory, '--read-only']);
  });

  it('keeps what Chromium writes apart from the data, per data directory', async () => {
    const { paths, dataDirectory, processes } = await startMain();
    expect(paths.get('userData')).toBe(join(dataDirectory, 'shell'));
    expect((await stat(dataDirectory)).mode & 0o777).toBe(0o700);
    expect(only(processes).arguments).toEqual([dataDirectory]);
    expect(only(processes).modulePath).toMatch(/replica-process\.js$/);
  });

  it('says why and ends when the data directory cannot be used', async () => {
    const { errorBoxes, calls, windows } = await startMain({ dataName: 'file' });
    expect(errorBoxes).toHaveLength(1);
    expect(errorBoxes[0]).toMatch(/^Fuelgauge cannot use its data folder: The data folder .* is a file/);
    expect(calls).toContain('exit 2');
    expect(windows).toEqual([]);
  });

  it('opens one window on the app, shown when there is something to see', async () => {
    const { windows } = await startMain();
    const window = only(windows);
    expect(window.urls).toEqual(['app://fuelgauge/']);
    expect(window.options).toMatchObject({ name: 'main', windowStatePersistence: true, show: false });
    expect(window.calls).toEqual([]);
    window.emit('ready-to-show');
    expect(window.calls).toEqual(['show']);
  });

  it('quits a second start and brings the first one’s window forward', async () => {
    const second = await startMain({ locked: true });
    expect(second.calls).toContain('quit');
    expect(second.windows).toEqual([]);
    expect(second.processes).toEqual([]);

    const { module, windows } = await startMain();
    module.app.emit('second-instance', {}, ['electron']);
    expect(only(windows).calls).toEqual(['restore', 'show', 'focus']);
  });

  it('opens a new window when the last one was closed and the app is asked for again', async () => {
    const { module, windows } = await startMain();
    only(windows).emit('closed');
    module.app.emit('activate');
    expect(windows).toHaveLength(2);
  });
});

const WORKSPACE = '01a1f841-3c6e-7027-9b76-70b6846d5382';

describe('links', () => {
  it('open the window where they lead, from a cold start', async () => {
    const { windows } = await startMain({ more: [`fuelgauge://w/${WORKSPACE}/ledger?text=logo`] });
    expect(only(windows).urls).toEqual([`app://fuelgauge/#/w/${WORKSPACE}/ledger?text=logo`]);
  });

  it('go there in the open window, from a second start or from macOS', async () => {
    const { module, windows } = await startMain();
    module.app.emit('second-instance', {}, ['electron', `fuelgauge://w/${WORKSPACE}/log`]);
    const opening = preventable({});
    module.app.emit('open-url', opening, `fuelgauge://w/${WORKSPACE}/alerts`);
    expect(opening.prevented).toBe(true);
    expect(only(windows).urls).toEqual([
      'app://fuelgauge/',
      `app://fuelgauge/#/w/${WORKSPACE}/log`,
      `app://fuelgauge/#/w/${WORKSPACE}/alerts`,
    ]);
  });

  it('are no addresses: what leads nowhere only brings the window forward', async () => {
    const { module, windows } = await startMain({ more: ['fuelgauge://evil.example/'] });
    module.app.emit('open-url', preventable({}), 'https://evil.example/');
    module.app.emit('second-instance', {}, ['electron', 'fuelgauge:javascript:alert(1)']);
    expect(only(windows).urls).toEqual(['app://fuelgauge/']);
  });

  it('are asked for by an installed app alone', async () => {
    expect((await startMain()).protocolClients).toEqual([]);
    expect((await startMain({ packaged: true })).protocolClients).toEqual(['fuelgauge']);
  });
});

describe('around the window', () => {
  const meters = [
    {
      workspaceId: WORKSPACE,
      name: 'Design',
      share: 0.5,
      tone: 'calm',
      balance: '5 of 10 credits left',
      runOut: 'Reset',
    },
  ];
  const clicked = (menu: StandIn['menus'][number] | undefined, label: string): void => {
    const item = menu?.template.find((each) => each.label === label);
    if (item?.click === undefined) throw new Error(`There is no ${label}.`);
    Reflect.apply(item.click, undefined, []);
  };

  it('shows the meter in the tray; its quick log opens the form in the workspace that is shown', async () => {
    const { processes, trays, windows } = await startMain();
    only(processes).emit('message', { kind: 'meters', meters });
    const tray = only(trays);
    expect(tray.toolTips.at(-1)).toBe('Design: 5 of 10 credits left. Reset');
    clicked(tray.menus.at(-1), 'Log usage …');
    expect(only(windows).urls.at(-1)).toBe(`app://fuelgauge/#/w/${WORKSPACE}/log`);
    clicked(tray.menus.at(-1), 'Design: 5 of 10 credits left');
    expect(only(windows).urls.at(-1)).toBe(`app://fuelgauge/#/w/${WORKSPACE}/overview`);
  });

  it('tells alerts as notifications that lead to their place, and none while they are paused or off', async () => {
    const { processes, notifications, windows, trays } = await startMain();
    const replica = only(processes);
    const alert = {
      workspaceId: WORKSPACE,
      workspaceName: 'Design',
      headline: '80% is used',
      detail: 'So much.',
      place: 'subscription',
    };
    const tell = (count: number): void =>
      void replica.emit('message', { kind: 'alerts', alerts: Array.from({ length: count }, () => alert) });
    tell(1);
    expect(only(notifications)).toMatchObject({
      options: { title: '80% is used', body: 'Design: So much.' },
      calls: ['show'],
    });
    only(notifications).emit('click');
    expect(only(windows).urls.at(-1)).toBe(`app://fuelgauge/#/w/${WORKSPACE}/subscription`);
    // Many at once are one.
    tell(20);
    expect(notifications.map(({ options }) => options.title)).toEqual(['80% is used', '20 alerts in Design']);

    const pause = only(trays)
      .menus.at(-1)
      ?.template.find(({ label }) => label === 'Pause notifications')?.submenu;
    const hour = Array.isArray(pause) ? pause[0]?.click : undefined;
    if (hour === undefined) throw new Error('There is a pause of an hour.');
    Reflect.apply(hour, undefined, []);
    tell(1);
    expect(notifications).toHaveLength(2);
    const resume =
      only(trays)
        .menus.at(-1)
        ?.template.find(({ label }) => label?.startsWith('Resume'))?.label ?? '';
    clicked(only(trays).menus.at(-1), resume);
    tell(1);
    expect(notifications).toHaveLength(3);
    replica.emit('message', {
      kind: 'ask-desktop',
      id: 1,
      request: { kind: 'change', settings: { notifications: false } },
    });
    tell(1);
    expect(notifications).toHaveLength(3);
  });

  it('does what the settings ask, keeps it, and answers how it is then', async () => {
    const { processes, shortcuts, windows, loginItems, dataDirectory } = await startMain();
    const replica = only(processes);
    replica.emit('message', { kind: 'ready' });
    const settings = { shortcut: 'CommandOrControl+Shift+U', closeToTray: true };
    replica.emit('message', { kind: 'ask-desktop', id: 7, request: { kind: 'change', settings } });
    await settled();
    expect(replica.posted.at(-1)?.message).toMatchObject({
      kind: 'desktop',
      id: 7,
      view: { settings, shortcut: 'on' },
    });
    shortcuts.get('CommandOrControl+Shift+U')?.();
    expect(only(windows).calls.at(-1)).toBe('focus');
    expect(loginItems).toEqual([]);

    const again = await startMain({ dataDirectory });
    expect([...again.shortcuts.keys()]).toEqual(['CommandOrControl+Shift+U']);
  });

  it('says when another program has the shortcut', async () => {
    const { processes } = await startMain({ shortcutTaken: true });
    const replica = only(processes);
    replica.emit('message', { kind: 'ready' });
    const settings = { shortcut: 'CommandOrControl+Alt+U' };
    replica.emit('message', { kind: 'ask-desktop', id: 1, request: { kind: 'change', settings } });
    await settled();
    expect(replica.posted.at(-1)?.message).toMatchObject({ view: { settings, shortcut: 'taken' } });
  });

  it('leaves the app in the tray when the window is closed and that was chosen, until it is quit', async () => {
    const { module, processes, windows, trays, calls } = await startMain();
    const window = only(windows);
    const close = (): boolean => {
      const closing = preventable({});
      window.emit('close', closing);
      return closing.prevented;
    };
    const chosen = (closeToTray: boolean): void =>
      void only(processes).emit('message', {
        kind: 'ask-desktop',
        id: 1,
        request: { kind: 'change', settings: { closeToTray } },
      });
    chosen(false);
    expect(close()).toBe(false);
    chosen(true);
    expect(close()).toBe(true);
    expect(window.calls.at(-1)).toBe('hide');
    clicked(only(trays).menus.at(-1), 'Quit Fuelgauge');
    expect(calls.at(-1)).toBe('quit');
    module.app.emit('before-quit');
    expect(close()).toBe(false);
  });

  it('opens no window when it is started with the session, unless there is no tray to find it in', async () => {
    const hidden = await startMain({ more: ['--hidden'] });
    expect(hidden.windows).toEqual([]);
    hidden.module.app.emit('second-instance', {}, []);
    expect(hidden.windows).toHaveLength(1);
    expect((await startMain({ more: ['--hidden'], trayless: true })).windows).toHaveLength(1);
  });

  it('does not hide a window that no tray would bring back', async () => {
    const { processes, windows } = await startMain({ trayless: true });
    const settings = { closeToTray: true };
    only(processes).emit('message', { kind: 'ask-desktop', id: 1, request: { kind: 'change', settings } });
    const closing = preventable({});
    only(windows).emit('close', closing);
    expect(closing.prevented).toBe(false);
  });

  it('keeps the colour of the window that of the system', async () => {
    const { module, windows } = await startMain();
    module.nativeTheme.emit('updated');
    expect(only(windows).calls).toEqual(['colour #141517']);
    expect(only(windows).options.backgroundColor).toBe('#141517');
  });

  it('loads a page that crashed again where it was, but not for ever', async () => {
    const { windows } = await startMain();
    const window = only(windows);
    for (let crash = 0; crash < 10; crash += 1)
      window.webContents.emit('render-process-gone', {}, { reason: 'crashed' });
    expect(window.urls).toEqual(Array.from({ length: 4 }, () => 'app://fuelgauge/'));
  });

  it('shows the page without waiting for the replica', async () => {
    const { calls, windows, processes } = await startMain();
    // Nothing of the replica was heard yet.
    expect(only(processes).posted).toEqual([]);
    expect(only(windows).urls).toEqual(['app://fuelgauge/']);
    expect(calls).toContain('setAppUserModelId app.fuelgauge.desktop');
  });

  it('passes on that the computer woke up, and ends cleanly when it is shut down', async () => {
    const { module, processes, calls } = await startMain();
    only(processes).emit('message', { kind: 'ready' });
    module.powerMonitor.emit('resume');
    expect(only(processes).posted.at(-1)?.message).toEqual({ kind: 'wake', reason: 'resume' });
    module.powerMonitor.emit('shutdown');
    expect(calls.at(-1)).toBe('quit');
  });
});

describe('security', () => {
  it('gives the page neither Node nor a way round the sandbox', async () => {
    const preferences = only((await startMain()).windows).options.webPreferences ?? {};
    expect(preferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webviewTag: false,
      navigateOnDragDrop: false,
    });
    for (const dangerous of [
      'webSecurity',
      'allowRunningInsecureContent',
      'experimentalFeatures',
      'enableBlinkFeatures',
    ]) {
      expect(preferences, dangerous).not.toHaveProperty(dangerous);
    }
  });

  it('denies every permission, whether asked for or only looked at', async () => {
    const { permissions } = await startMain();
    const answers: boolean[] = [];
    for (const permission of ['media', 'geolocation', 'notifications', 'openExternal', 'unknown'] as const) {
      permissions.request?.({} as never, permission, (granted) => answers.push(granted), {} as never);
      answers.push(permissions.check?.(null, 'media', '', {} as never) ?? true);
    }
    expect(answers).toEqual(Array.from({ length: 10 }, () => false));
    expect(permissions.device?.({} as never)).toBe(false);
    let streams: unknown;
    permissions.display?.({} as never, (given) => (streams = given));
    expect(streams).toEqual({});
  });

  it('denies navigation, redirects, webviews and new windows in every page there will ever be', async () => {
    const { module, externalUrls } = await startMain();
    let openHandler: ((details: { url: string }) => unknown) | undefined;
    const contents = Object.assign(new EventEmitter(), {
      setWindowOpenHandler: (handler: typeof openHandler) => (openHandler = handler),
    });
    module.app.emit('web-contents-created', {}, contents);

    const prevented = (name: string, event: { readonly prevented: boolean }): boolean => {
      contents.emit(name, event);
      return event.prevented;
    };
    expect(prevented('will-navigate', preventable({ url: 'https://evil.example/' }))).toBe(true);
    expect(prevented('will-navigate', preventable({ url: 'file:///etc/passwd' }))).toBe(true);
    expect(prevented('will-navigate', preventable({ url: 'app://other/' }))).toBe(true);
    expect(prevented('will-navigate', preventable({ url: 'app://fuelgauge/ledger' }))).toBe(false);
    expect(prevented('will-redirect', preventable({ url: 'app://fuelgauge/' }))).toBe(true);
    expect(prevented('will-attach-webview', preventable({}))).toBe(true);
    const inFrame = { url: 'app://fuelgauge/', isMainFrame: false };
    expect(prevented('will-frame-navigate', preventable(inFrame))).toBe(true);
    expect(prevented('will-frame-navigate', preventable({ ...inFrame, isMainFrame: true }))).toBe(false);

    expect(openHandler?.({ url: 'https://miro.com/pricing/' })).toEqual({ action: 'deny' });
    expect(openHandler?.({ url: 'https://evil.example/' })).toEqual({ action: 'deny' });
    expect(externalUrls).toEqual(['https://miro.com/pricing/']);
  });

  it('leads to the page of an identity provider that the replica names, until it is over', async () => {
    const { module, externalUrls, processes } = await startMain();
    let openHandler: ((details: { url: string }) => unknown) | undefined;
    const contents = Object.assign(new EventEmitter(), {
      setWindowOpenHandler: (handler: typeof openHandler) => (openHandler = handler),
    });
    module.app.emit('web-contents-created', {}, contents);
    const page = 'https://login.example/device?user_code=ABCD';
    const open = (url: string): void => expect(openHandler?.({ url })).toEqual({ action: 'deny' });
    open(page);
    only(processes).emit('message', { kind: 'sign-in-pages', pages: [page] });
    open(page);
    open('https://login.example/');
    only(processes).emit('message', { kind: 'sign-in-pages', pages: [] });
    open(page);
    only(processes).emit('message', { kind: 'sign-in-pages', pages: [page] });
    only(processes).emit('message', { kind: 'ready' });
    open(page);
    expect(externalUrls).toEqual([page]);
  });

  it('serves the app’s pages under their own scheme with the policy as a header', async () => {
    const handler = (await startMain()).protocolHandlers.get('app');
    const page = await handler?.(new Request('app://fuelgauge/overview'));
    expect(page?.status).toBe(200);
    expect(await page?.text()).toContain('id="root"');
    expect(page?.headers.get('content-security-policy')).toContain(`default-src 'none'; script-src 'self'`);
    expect((await handler?.(new Request('app://other/')))?.status).toBe(404);
  });
});

describe('the handshake with the page', () => {
  const OWN_PAGE = 'app://fuelgauge/overview';

  it('joins the page and the replica by the two ends of one channel', async () => {
    const { module, processes, channels } = await startMain();
    const frame = frameOf(OWN_PAGE);
    const replica = only(processes);
    replica.emit('message', { kind: 'ready' });
    module.ipcMain.emit('replica:request-port', { senderFrame: frame, ports: [] });
    const channel = only(channels);
    const state = { kind: 'fuelgauge:replica-state', state: 'running', restarts: 0 };
    expect(frame.posted).toEqual([
      { channel: 'replica:port', message: null, ports: [channel.port1] },
      { channel: 'replica:state', message: state, ports: [] },
    ]);
    expect(connections(replica)).toEqual([{ message: { kind: 'connect' }, ports: [channel.port2] }]);
  });

  it('keeps the replica’s end while the replica starts', async () => {
    const { module, processes, channels } = await startMain();
    module.ipcMain.emit('replica:request-port', { senderFrame: frameOf(OWN_PAGE), ports: [] });
    const replica = only(processes);
    expect(replica.posted).toEqual([]);
    replica.emit('message', { kind: 'ready' });
    expect(connections(replica)).toEqual([{ message: { kind: 'connect' }, ports: [only(channels).port2] }]);
  });

  it.each([
    ['no frame', null],
    ['a frame in our page', frameOf(OWN_PAGE, {})],
    ['another host', frameOf('app://other/')],
    ['another scheme of the same name of host', frameOf('https://fuelgauge/')],
    ['a scheme that begins like ours', frameOf('apps://fuelgauge/')],
    ['a port on our host', frameOf('app://fuelgauge:1/')],
    ['no address', frameOf('')],
  ])('answers nobody else: %s', async (_who, senderFrame) => {
    const { module, channels } = await startMain();
    module.ipcMain.emit('replica:request-port', { senderFrame, ports: [] });
    expect(channels).toEqual([]);
    expect(senderFrame?.posted ?? []).toEqual([]);
  });
});

describe('the replica’s process', () => {
  it('brings the window forward when another process asks for it', async () => {
    const { processes, windows } = await startMain();
    only(processes).emit('message', { kind: 'show' });
    expect(only(windows).calls).toEqual(['restore', 'show', 'focus']);
  });

  it('says why the data cannot be used, and quits', async () => {
    const { processes, errorBoxes, calls } = await startMain();
    only(processes).emit('message', { kind: 'failed', message: 'The disk is read-only.' });
    expect(errorBoxes).toEqual(['Fuelgauge cannot use its data folder: The disk is read-only.']);
    expect(calls).toContain('quit');
    expect(only(processes).killed).toBe(true);
  });

  it('is told of on the page when it ends unasked', async () => {
    const { module, processes } = await startMain();
    const frame = frameOf('app://fuelgauge/');
    module.ipcMain.emit('replica:request-port', { senderFrame: frame, ports: [] });
    only(processes).emit('message', { kind: 'ready' });
    only(processes).emit('exit', 1);
    const states = frame.posted.filter(({ channel }) => channel === 'replica:state').map(({ message }) => message);
    expect(states).toMatchObject([
      { state: 'starting', restarts: 0 },
      { state: 'running', restarts: 0 },
      { state: 'restarting', restarts: 1 },
    ]);
  });

  it('is asked to close its data before the app quits', async () => {
    const { module, processes, calls } = await startMain();
    const quitting = preventable({});
    module.app.emit('will-quit', quitting);
    expect(quitting.prevented).toBe(true);
    expect(only(processes).posted).toEqual([{ message: { kind: 'stop' }, ports: [] }]);
    expect(calls).toContain('flushStorageData');
    expect(calls).not.toContain('quit');
    only(processes).emit('exit', 0);
    await settled();
    expect(calls).toContain('quit');
    const again = preventable({});
    module.app.emit('will-quit', again);
    expect(again.prevented).toBe(false);
  });
});
