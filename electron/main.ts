// The desktop shell's main process: life cycle, single instance, and how the parts are joined.
import { performance } from 'node:perf_hooks';
import { mkdtempSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  MessageChannelMain,
  nativeTheme,
  net,
  powerMonitor,
  protocol,
  safeStorage,
  session,
  shell,
  utilityProcess,
} from 'electron';
import { canStillBeRead, dataDirectoryPath, prepareDataDirectory } from '../replica/database/data-directory.ts';
import { APP_PROTOCOL_SCHEME, serveAppProtocol } from './app-protocol.ts';
import { installBridge } from './bridge.ts';
import { menuTemplate } from './menu.ts';
import { followPower } from './power.ts';
import { startReplicaHost, type ReplicaHost } from './replica-host.ts';
import { systemSecrets } from './secrets.ts';
import { denyNavigation, denyPermissions } from './security.ts';
import { bringForward, openMainWindow } from './window.ts';

// The bundles of this process lie side by side; the pages beside their folder.
const PRELOAD_PATH = fileURLToPath(new URL('./preload.cjs', import.meta.url));
const REPLICA_PATH = fileURLToPath(new URL('./replica-process.js', import.meta.url));
const PAGES_FOLDER = fileURLToPath(new URL('../renderer', import.meta.url));

const UNUSABLE_DATA = 'Fuelgauge cannot use its data folder';
/** Tells whoever started the app that another shell would not fare better. */
const UNUSABLE_DATA_EXIT_CODE = 2;

const chosen = chosenOn(process.argv.slice(1));
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
app.setPath(
  'userData',
  prepared.ok ? join(dataDirectory, 'shell') : mkdtempSync(join(tmpdir(), 'fuelgauge-read-only-')),
);
app.enableSandbox();
protocol.registerSchemesAsPrivileged([APP_PROTOCOL_SCHEME]);

if (!prepared.ok && !canStillBeRead(dataDirectory, prepared.error)) refuse(prepared.error.message);
else if (app.requestSingleInstanceLock()) run();
else app.quit();

/** The data cannot be used: says so and ends, before anything else was started. */
function refuse(message: string): void {
  dialog.showErrorBox(UNUSABLE_DATA, message);
  app.exit(UNUSABLE_DATA_EXIT_CODE);
}

function run(): void {
  let window: BrowserWindow | undefined;
  let replica: ReplicaHost | undefined;

  const show = (): void => {
    if (window !== undefined) return bringForward(window);
    if (!app.isReady()) return;
    window = openMainWindow({
      createWindow: (options) => new BrowserWindow(options),
      preloadPath: PRELOAD_PATH,
      dark: nativeTheme.shouldUseDarkColors,
    });
    window.on('closed', () => (window = undefined));
  };

  denyNavigation(app, shell);
  app.on('second-instance', show);
  app.on('activate', show);
  app.on('window-all-closed', () => {
    // On macOS an app without a window is still there, in the dock.
    if (process.platform !== 'darwin') app.quit();
  });
  app.on('will-quit', (event) => {
    if (replica === undefined) return;
    // What is being written is finished first; then the app quits for good.
    event.preventDefault();
    const stopping = replica.stop();
    replica = undefined;
    void stopping.then(() => app.quit());
  });

  const startWhenReady = async (): Promise<void> => {
    await app.whenReady();
    denyPermissions(session.defaultSession);
    serveAppProtocol(protocol, PAGES_FOLDER);
    Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate({ platform: process.platform })));
    const started = startReplicaHost({
      fork: () =>
        utilityProcess.fork(REPLICA_PATH, [dataDirectory, ...(chosen.readOnly ? ['--read-only'] : [])], {
          serviceName: 'Fuelgauge data',
        }),
      schedule: (task, milliseconds) => setTimeout(task, milliseconds),
      now: () => performance.now(),
      secrets: systemSecrets({
        safeStorage,
        platform: process.platform,
        file: join(app.getPath('userData'), 'secrets.json'),
      }),
      onShow: show,
      onFailed(message) {
        dialog.showErrorBox(UNUSABLE_DATA, message);
        app.quit();
      },
    });
    replica = started;
    followPower({
      powerMonitor,
      net,
      every: (everyMs, work) => void setInterval(work, everyMs).unref(),
      onWake: (reason) => started.wake(reason),
    });
    installBridge({ ipcMain, createChannel: () => new MessageChannelMain(), connectReplica: started.connect });
    show();
  };
  void startWhenReady();
}

/** What the person says. Electron and Chromium put switches of their own on the command line, so others pass. */
function chosenOn(commandLine: readonly string[]): { readonly dataDirectory?: string; readonly readOnly: boolean } {
  const { values } = parseArgs({
    args: [...commandLine],
    options: { 'data-dir': { type: 'string' }, 'read-only': { type: 'boolean' } },
    strict: false,
  });
  const directory = values['data-dir'];
  const readOnly = values['read-only'] === true;
  return typeof directory === 'string' ? { dataDirectory: directory, readOnly } : { readOnly };
}
