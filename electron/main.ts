// The desktop shell's main process: life cycle, single instance, and how the parts are joined.
import { performance } from 'node:perf_hooks';
import { existsSync, mkdirSync, mkdtempSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import {
  app,
  BrowserWindow,
  dialog,
  globalShortcut,
  ipcMain,
  Menu,
  MessageChannelMain,
  nativeImage,
  nativeTheme,
  net,
  Notification,
  powerMonitor,
  protocol,
  safeStorage,
  session,
  shell,
  Tray,
  utilityProcess,
} from 'electron';
import { canStillBeRead, dataDirectoryPath, prepareDataDirectory } from '../replica/database/data-directory.ts';
import { APP_PROTOCOL_SCHEME, serveAppProtocol } from './app-protocol.ts';
import { HIDDEN_SWITCH } from './autostart.ts';
import { installBridge } from './bridge.ts';
import { LINK_SCHEME, placeInCommandLine, placeOfLink, type AppPlace } from './deep-link.ts';
import { startDesktop, type Desktop } from './desktop.ts';
import { menuTemplate } from './menu.ts';
import { followPower } from './power.ts';
import { startReplicaHost, type DesktopMessage, type ReplicaHost } from './replica-host.ts';
import type { MessageToReplica } from './replica-messages.ts';
import { systemSecrets } from './secrets.ts';
import { denyNavigation, denyPermissions, signInPages } from './security.ts';
import { storedSettings } from './settings.ts';
import { strings } from './strings.ts';
import { bringForward, openMainWindow, pageColour } from './window.ts';

// The bundles of this process lie side by side; the pages beside their folder.
const PRELOAD_PATH = fileURLToPath(new URL('./preload.cjs', import.meta.url));
const REPLICA_PATH = fileURLToPath(new URL('./replica-process.js', import.meta.url));
const PAGES_FOLDER = fileURLToPath(new URL('../renderer', import.meta.url));

/** Windows shows notifications of programs that say who they are; the installer uses the same name. */
const APP_USER_MODEL_ID = 'app.fuelgauge.desktop';
/** Tells whoever started the app that another shell would not fare better. */
const UNUSABLE_DATA_EXIT_CODE = 2;

const chosen = chosenOn(process.argv.slice(1));
/** Where the person may be sent to while they sign in at a server. */
const pages = signInPages();
const dataDirectory = dataDirectoryPath({
  platform: process.platform,
  environment: process.env,
  homeDirectory: homedir(),
  chosen: chosen.dataDirectory,
});

// Chromium would make the folder too, but not for its owner alone.
const prepared = prepareDataDirectory(dataDirectory);
// Chromium keeps files of its own. Beside the data they stay apart from it, and each data directory has one instance.
// Where nothing can be written, they go where files for a while go.
const shellFolder = prepared.ok ? join(dataDirectory, 'shell') : mkdtempSync(join(tmpdir(), 'fuelgauge-read-only-'));
mkdirSync(shellFolder, { recursive: true, mode: 0o700 });
app.setPath('userData', shellFolder);
app.setAppUserModelId(APP_USER_MODEL_ID);
app.enableSandbox();
protocol.registerSchemesAsPrivileged([APP_PROTOCOL_SCHEME]);

if (!prepared.ok && !canStillBeRead(dataDirectory, prepared.error)) refuse(prepared.error.message);
else if (app.requestSingleInstanceLock()) run();
else app.quit();

/** The data cannot be used: says so and ends, before anything else was started. */
function refuse(message: string): void {
  dialog.showErrorBox(strings.unusableData, message);
  app.exit(UNUSABLE_DATA_EXIT_CODE);
}

function run(): void {
  let window: BrowserWindow | undefined;
  let replica: ReplicaHost | undefined;
  let desktop: Desktop | undefined;
  let quitting = false;
  /** Where a link leads that came before there was a window. */
  let firstPlace = placeInCommandLine(process.argv);

  const show = (place: AppPlace | null = null): void => {
    if (window !== undefined) return bringForward(window, place);
    if (!app.isReady()) {
      firstPlace = place ?? firstPlace;
      return;
    }
    window = openMainWindow({
      createWindow: (options) => new BrowserWindow(options),
      preloadPath: PRELOAD_PATH,
      dark: nativeTheme.shouldUseDarkColors,
      place: place ?? firstPlace,
      staysInTray: () => !quitting && desktop?.staysInTray() === true,
    });
    firstPlace = null;
    window.on('closed', () => (window = undefined));
  };

  denyNavigation(app, { shell, pages });
  app.on('second-instance', (_event, commandLine) => show(placeInCommandLine(commandLine)));
  app.on('open-url', (event, link) => {
    event.preventDefault();
    show(placeOfLink(link));
  });
  app.on('activate', () => show());
  app.on('before-quit', () => (quitting = true));
  app.on('window-all-closed', () => {
    // On macOS an app without a window is still there, in the dock.
    if (process.platform !== 'darwin') app.quit();
  });
  app.on('will-quit', (event) => {
    if (replica === undefined) return;
    // What is being written is finished first; then the app quits for good.
    event.preventDefault();
    session.defaultSession.flushStorageData();
    const stopping = replica.stop();
    replica = undefined;
    void stopping.then(() => app.quit());
  });
  nativeTheme.on('updated', () => window?.setBackgroundColor(pageColour(nativeTheme.shouldUseDarkColors)));

  void app.whenReady().then(() => {
    const started = startParts({ show, shownUrl: () => window?.webContents.getURL() ?? '' });
    replica = started.replica;
    desktop = started.desktop;
    // Without a tray nothing would tell that the app is there.
    if (chosen.hidden && desktop.view().tray === 'missing') show();
  });
}

/** Starts what needs the app to be ready. The replica opens its data while the page is loaded and drawn. */
function startParts(front: Front): { readonly replica: ReplicaHost; readonly desktop: Desktop } {
  denyPermissions(session.defaultSession);
  serveAppProtocol(protocol, PAGES_FOLDER);
  const secrets = systemSecrets({ safeStorage, platform: process.platform, file: join(shellFolder, 'secrets.json') });
  const replica = startReplicaHost({
    fork: () =>
      utilityProcess.fork(REPLICA_PATH, [dataDirectory, ...(chosen.readOnly ? ['--read-only'] : [])], {
        serviceName: 'Fuelgauge data',
      }),
    schedule: (task, milliseconds) => setTimeout(task, milliseconds),
    now: () => performance.now(),
    secrets,
    onShow: () => front.show(null),
    onFailed(message) {
      dialog.showErrorBox(strings.unusableData, message);
      app.quit();
    },
    onState: () => bridge.tellState(),
    onMessage: (message, answer) => answerReplica(desktop, message, answer),
  });
  const bridge = installBridge({
    ipcMain,
    createChannel: () => new MessageChannelMain(),
    connectReplica: (port) => replica.connect(port),
    replicaState: () => ({ kind: 'fuelgauge:replica-state', state: replica.state(), restarts: replica.restarts() }),
  });
  // First the window: everything around it can wait until the page is being loaded.
  if (!chosen.hidden) front.show(null);
  const desktop = startAround(replica, secrets, front);
  return { replica, desktop };
}

function answerReplica(desktop: Desktop, message: DesktopMessage, answer: (given: MessageToReplica) => void): void {
  switch (message.kind) {
    case 'ready':
      // A process that was started since has begun no sign-in.
      pages.allow([]);
      answer({ kind: 'desktop', id: null, view: desktop.view() });
      break;
    case 'ask-desktop': {
      const { id, request } = message;
      void desktop.answer(request).then(
        () => answer({ kind: 'desktop', id, view: desktop.view() }),
        (error: unknown) => answer({ kind: 'desktop-failed', id, message: String(error) }),
      );
      break;
    }
    case 'sign-in-pages':
      pages.allow(message.pages);
      break;
    case 'meters':
      desktop.showMeters(message.meters);
      break;
    case 'alerts':
      desktop.showAlerts(message.alerts);
      break;
  }
}

interface Front {
  readonly show: (place: AppPlace | null) => void;
  readonly shownUrl: () => string;
}

/** What is around the window: menu, tray, notifications, power, updates. */
function startAround(replica: ReplicaHost, secrets: ReturnType<typeof systemSecrets>, front: Front): Desktop {
  if (app.isPackaged) app.setAsDefaultProtocolClient(LINK_SCHEME);
  const desktop = startDesktop({
    ...front,
    settings: storedSettings(join(shellFolder, 'settings.json'), process.platform),
    secrets,
    tray: {
      platform: process.platform,
      createTray: (image) => new Tray(image),
      createImage(pictures, template) {
        const image = nativeImage.createEmpty();
        for (const { png, scaleFactor } of pictures) image.addRepresentation({ buffer: png, scaleFactor });
        image.setTemplateImage(template);
        return image;
      },
      buildMenu: (template) => Menu.buildFromTemplate(template),
    },
    notifications: {
      isSupported: () => Notification.isSupported(),
      create: (options) => new Notification(options),
    },
    globalShortcut,
    autostart: {
      app,
      platform: process.platform,
      // An AppImage runs from a place that is gone after it has ended.
      program: process.env['APPIMAGE'] ?? process.execPath,
      arguments: app.isPackaged ? [] : [app.getAppPath()],
      configFolder: configFolder(process.env['XDG_CONFIG_HOME']),
    },
    updates: {
      // Loaded when it is wanted: it is a large part that most starts do without.
      loadUpdater: async () => (knowsUpdates() ? (await import('electron-updater')).default.autoUpdater : undefined),
      every,
    },
    now: () => Date.now(),
    schedule: (task, milliseconds) => void setTimeout(task, milliseconds).unref(),
    quit: () => app.quit(),
    onChange: (view) => replica.tell({ kind: 'desktop', id: null, view }),
  });
  Menu.setApplicationMenu(
    Menu.buildFromTemplate(
      menuTemplate({
        platform: process.platform,
        onGo: (screen) => desktop.go(screen),
        onShowDataFolder: () => shell.showItemInFolder(dataDirectory),
      }),
    ),
  );
  followPower({ powerMonitor, net, every, onWake: (reason) => replica.wake(reason) });
  // The system waits a moment for what is being written.
  powerMonitor.on('shutdown', () => app.quit());
  return desktop;
}

function every(everyMs: number, work: () => void): void {
  setInterval(work, everyMs).unref();
}

/** By the XDG base directory specification: a relative path counts as none. */
function configFolder(given: string | undefined): string {
  return given !== undefined && isAbsolute(given) ? given : join(homedir(), '.config');
}

interface Chosen {
  readonly dataDirectory?: string;
  readonly readOnly: boolean;
  /** Started with the session: the tray is enough. */
  readonly hidden: boolean;
}

/** Whether whoever packaged the app named a place where newer versions are. */
function knowsUpdates(): boolean {
  return app.isPackaged && existsSync(join(process.resourcesPath, 'app-update.yml'));
}

/** What the person says. Electron and Chromium put switches of their own on the command line, so others pass. */
function chosenOn(commandLine: readonly string[]): Chosen {
  const { values } = parseArgs({
    args: [...commandLine],
    options: {
      'data-dir': { type: 'string' },
      'read-only': { type: 'boolean' },
      [HIDDEN_SWITCH.slice(2)]: { type: 'boolean' },
    },
    strict: false,
  });
  const directory = values['data-dir'];
  return {
    ...(typeof directory === 'string' ? { dataDirectory: directory } : {}),
    readOnly: values['read-only'] === true,
    hidden: values['hidden'] === true,
  };
}
