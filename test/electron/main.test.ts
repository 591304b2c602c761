// L2: the real main.ts on a stand-in of Electron.
import { EventEmitter } from 'node:events';
import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { createStandIn, frameOf, type StandIn } from './stand-in.ts';

interface Started extends StandIn {
  readonly dataDirectory: string;
}

/** Runs main.ts as Electron would, up to and including `ready`. */
async function startMain(
  options: { readonly locked?: boolean; readonly dataName?: string; readonly readOnly?: boolean } = {},
): Promise<Started> {
  const standIn = createStandIn(options);
  const dataDirectory = join(await temporaryFolder(), options.dataName ?? 'data');
  if (options.dataName !== undefined) await writeFile(dataDirectory, 'a file');
  const commandLine = process.argv;
  process.argv = ['electron', 'main.js', '--some-switch-of-chromium', `--data-dir=${dataDirectory}`];
  if (options.readOnly === true) process.argv.push('--read-only');
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

/** An event that notes whether it was prevented, with what Electron puts on it. */
function preventable<Extra extends object>(extra: Extra): Extra & { prevented: boolean; preventDefault(): void } {
  const event = { ...extra, prevented: false, preventDefault: () => void (event.prevented = true) };
  return event;
}

describe('the start', () => {
  it('switches the sandbox on and registers the scheme before the app is ready', async () => {
    const { calls, schemes } = await startMain();
    expect(calls.indexOf('enableSandbox')).toBeLessThan(calls.indexOf('ready'));
    expect(calls.indexOf('registerSchemesAsPrivileged')).toBeLessThan(calls.indexOf('ready'));
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
    module.app.emit('second-instance');
    expect(only(windows).calls).toEqual(['restore', 'show', 'focus']);
  });

  it('opens a new window when the last one was closed and the app is asked for again', async () => {
    const { module, windows } = await startMain();
    only(windows).emit('closed');
    module.app.emit('activate');
    expect(windows).toHaveLength(2);
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
    module.ipcMain.emit('replica:request-port', { senderFrame: frame });
    const channel = only(channels);
    expect(frame.posted).toEqual([{ channel: 'replica:port', ports: [channel.port1] }]);
    expect(replica.posted).toEqual([{ message: { kind: 'connect' }, ports: [channel.port2] }]);
  });

  it('keeps the replica’s end while the replica starts', async () => {
    const { module, processes, channels } = await startMain();
    module.ipcMain.emit('replica:request-port', { senderFrame: frameOf(OWN_PAGE) });
    const replica = only(processes);
    expect(replica.posted).toEqual([]);
    replica.emit('message', { kind: 'ready' });
    expect(replica.posted).toEqual([{ message: { kind: 'connect' }, ports: [only(channels).port2] }]);
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
    module.ipcMain.emit('replica:request-port', { senderFrame });
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

  it('is asked to close its data before the app quits', async () => {
    const { module, processes, calls } = await startMain();
    const quitting = preventable({});
    module.app.emit('will-quit', quitting);
    expect(quitting.prevented).toBe(true);
    expect(only(processes).posted).toEqual([{ message: { kind: 'stop' }, ports: [] }]);
    expect(calls).not.toContain('quit');
    only(processes).emit('exit', 0);
    await settled();
    expect(calls).toContain('quit');
    const again = preventable({});
    module.app.emit('will-quit', again);
    expect(again.prevented).toBe(false);
  });
});
