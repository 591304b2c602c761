// A small stand-in of the `electron` module, on which the real main.ts and preload.ts run: it records what they ask
// for and lets a test play Electron's part. The parts that are not events are held against Electron's own types.
import { EventEmitter } from 'node:events';
import { resolve } from 'node:path';
import type * as Electron from 'electron';

export interface RecordedWindow extends EventEmitter {
  readonly options: Electron.BrowserWindowConstructorOptions;
  readonly urls: string[];
  readonly calls: string[];
  readonly webContents: EventEmitter;
}

export interface RecordedProcess extends EventEmitter {
  readonly modulePath: string;
  readonly arguments: readonly string[];
  readonly posted: { readonly message: unknown; readonly ports: readonly unknown[] }[];
  killed: boolean;
}

export interface RecordedTray extends EventEmitter {
  readonly images: readonly Electron.AddRepresentationOptions[][];
  readonly toolTips: string[];
  readonly menus: RecordedMenu[];
}

export interface RecordedMenu extends EventEmitter {
  readonly template: Electron.MenuItemConstructorOptions[];
}

export interface RecordedNotification extends EventEmitter {
  readonly options: Electron.NotificationConstructorOptions;
  readonly calls: string[];
}

export interface RecordedFrame {
  readonly url: string;
  readonly parent: null | object;
  readonly posted: { readonly channel: string; readonly message: unknown; readonly ports: readonly unknown[] }[];
  postMessage(channel: string, message: unknown, ports?: readonly unknown[]): void;
}

export type PermissionRequestHandler = NonNullable<Parameters<Electron.Session['setPermissionRequestHandler']>[0]>;
export type ProtocolHandler = Parameters<Electron.Protocol['handle']>[1];

export function frameOf(url: string, parent: null | object = null): RecordedFrame {
  const posted: { channel: string; message: unknown; ports: readonly unknown[] }[] = [];
  return {
    url,
    parent,
    posted,
    postMessage: (channel, message, ports = []) => void posted.push({ channel, message, ports }),
  };
}

export interface StandInOptions {
  /** A second start. */
  readonly locked?: boolean;
  /** A desktop without a tray. */
  readonly trayless?: boolean;
  readonly packaged?: boolean;
  /** Another program has the shortcut. */
  readonly shortcutTaken?: boolean;
}

/** One Electron, freshly started. */
export function createStandIn(options: StandInOptions = {}) {
  const { locked = false, trayless = false, packaged = false, shortcutTaken = false } = options;
  /** What was asked for, in order, so that a test can tell what came before `ready`. */
  const calls: string[] = [];
  const windows: RecordedWindow[] = [];
  const processes: RecordedProcess[] = [];
  const paths = new Map<string, string>();
  const externalUrls: string[] = [];
  const errorBoxes: string[] = [];
  const protocolHandlers = new Map<string, ProtocolHandler>();
  const schemes: Electron.CustomScheme[] = [];
  const channels: { port1: object; port2: object }[] = [];
  const trays: RecordedTray[] = [];
  const menus: RecordedMenu[] = [];
  const notifications: RecordedNotification[] = [];
  const shortcuts = new Map<string, () => void>();
  const loginItems: Electron.Settings[] = [];
  const protocolClients: string[] = [];
  const permissions: {
    request?: PermissionRequestHandler | null;
    check?: Parameters<Electron.Session['setPermissionCheckHandler']>[0];
    device?: Parameters<Electron.Session['setDevicePermissionHandler']>[0];
    display?: Parameters<Electron.Session['setDisplayMediaRequestHandler']>[0];
  } = {};
  let ready = false;
  let becomeReady = (): void => undefined;
  const whenReady = new Promise<void>((settle) => {
    becomeReady = () => {
      calls.push('ready');
      ready = true;
      settle();
    };
  });

  class Window extends EventEmitter implements RecordedWindow {
    readonly urls: string[] = [];
    readonly calls: string[] = [];
    readonly options: Electron.BrowserWindowConstructorOptions;
    readonly webContents = Object.assign(new EventEmitter(), { getURL: () => this.urls.at(-1) ?? '' });
    constructor(given: Electron.BrowserWindowConstructorOptions) {
      super();
      this.options = given;
      windows.push(this);
    }
    loadURL(url: string): Promise<void> {
      this.urls.push(url);
      return Promise.resolve();
    }
    show(): void {
      this.calls.push('show');
    }
    focus(): void {
      this.calls.push('focus');
    }
    restore(): void {
      this.calls.push('restore');
    }
    hide(): void {
      this.calls.push('hide');
    }
    setBackgroundColor(colour: string): void {
      this.calls.push(`colour ${colour}`);
    }
    isMinimized(): boolean {
      return true;
    }
  }

  class TrayOfTheSystem extends EventEmitter implements RecordedTray {
    readonly images: Electron.AddRepresentationOptions[][] = [];
    readonly toolTips: string[] = [];
    readonly menus: RecordedMenu[] = [];
    constructor(image: { readonly representations: Electron.AddRepresentationOptions[] }) {
      super();
      if (trayless) throw new Error('There is no tray.');
      this.images.push(image.representations);
      trays.push(this);
    }
    setImage(image: { readonly representations: Electron.AddRepresentationOptions[] }): void {
      this.images.push(image.representations);
    }
    setToolTip(text: string): void {
      this.toolTips.push(text);
    }
    setContextMenu(menu: RecordedMenu): void {
      this.menus.push(menu);
    }
  }

  class NotificationOfTheSystem extends EventEmitter implements RecordedNotification {
    static isSupported = (): boolean => true;
    readonly calls: string[] = [];
    readonly options: Electron.NotificationConstructorOptions;
    constructor(given: Electron.NotificationConstructorOptions) {
      super();
      this.options = given;
      notifications.push(this);
    }
    show(): void {
      this.calls.push('show');
    }
  }

  class Channel {
    readonly port1 = { port: 'page' };
    readonly port2 = { port: 'replica' };
    constructor() {
      channels.push(this);
    }
  }

  const app = Object.assign(new EventEmitter(), {
    setPath: (name: string, path: string) => void paths.set(name, resolve(path)),
    getPath: (name: string) => paths.get(name) ?? '',
    enableSandbox: () => void calls.push('enableSandbox'),
    requestSingleInstanceLock: () => !locked,
    isReady: () => ready,
    whenReady: () => whenReady,
    quit: () => void calls.push('quit'),
    exit: (code) => void calls.push(`exit ${code}`),
    isPackaged: packaged,
    getAppPath: () => '/app',
    setAppUserModelId: (id) => void calls.push(`setAppUserModelId ${id}`),
    setAsDefaultProtocolClient: (scheme) => {
      protocolClients.push(scheme);
      return true;
    },
    setLoginItemSettings: (settings) => void loginItems.push(settings),
    getLoginItemSettings: () => ({ ...noLoginItem, openAtLogin: loginItems.at(-1)?.openAtLogin === true }),
  } satisfies Pick<
    Electron.App,
    | 'setPath'
    | 'getPath'
    | 'enableSandbox'
    | 'requestSingleInstanceLock'
    | 'isReady'
    | 'whenReady'
    | 'quit'
    | 'exit'
    | 'isPackaged'
    | 'getAppPath'
    | 'setAppUserModelId'
    | 'setAsDefaultProtocolClient'
    | 'setLoginItemSettings'
    | 'getLoginItemSettings'
  >);

  const module = {
    app,
    BrowserWindow: Window,
    MessageChannelMain: Channel,
    ipcMain: new EventEmitter(),
    nativeTheme: Object.assign(new EventEmitter(), { shouldUseDarkColors: true } satisfies Pick<
      Electron.NativeTheme,
      'shouldUseDarkColors'
    >),
    Tray: TrayOfTheSystem,
    Notification: NotificationOfTheSystem,
    nativeImage: {
      createEmpty() {
        const representations: Electron.AddRepresentationOptions[] = [];
        return {
          representations,
          addRepresentation: (given: Electron.AddRepresentationOptions) => void representations.push(given),
          setTemplateImage: () => undefined,
        };
      },
    },
    globalShortcut: {
      register(accelerator, callback) {
        if (!shortcutTaken) shortcuts.set(accelerator, callback);
        return !shortcutTaken;
      },
      unregister: (accelerator) => void shortcuts.delete(accelerator),
    } satisfies Pick<Electron.GlobalShortcut, 'register' | 'unregister'>,
    net: { isOnline: () => true } satisfies Pick<Electron.Net, 'isOnline'>,
    powerMonitor: new EventEmitter(),
    safeStorage: {
      getSelectedStorageBackend: () => 'gnome_libsecret',
      isAsyncEncryptionAvailable: () => Promise.resolve(true),
      encryptStringAsync: (text) => Promise.resolve(Buffer.from(text.toUpperCase())),
      decryptStringAsync: (encrypted) =>
        Promise.resolve({ result: encrypted.toString().toLowerCase(), shouldReEncrypt: false }),
    } satisfies Pick<
      Electron.SafeStorage,
      'getSelectedStorageBackend' | 'isAsyncEncryptionAvailable' | 'encryptStringAsync' | 'decryptStringAsync'
    >,
    dialog: {
      showErrorBox: (title, content) => void errorBoxes.push(`${title}: ${content}`),
    } satisfies Pick<Electron.Dialog, 'showErrorBox'>,
    shell: {
      openExternal: (url) => {
        externalUrls.push(url);
        return Promise.resolve();
      },
      showItemInFolder: (path) => void calls.push(`showItemInFolder ${path}`),
    } satisfies Pick<Electron.Shell, 'openExternal' | 'showItemInFolder'>,
    protocol: {
      handle: (scheme, handler) => void protocolHandlers.set(scheme, handler),
      registerSchemesAsPrivileged: (registered) => {
        calls.push('registerSchemesAsPrivileged');
        schemes.push(...registered);
      },
    } satisfies Pick<Electron.Protocol, 'handle' | 'registerSchemesAsPrivileged'>,
    session: {
      defaultSession: {
        setPermissionRequestHandler: (handler) => void (permissions.request = handler),
        setPermissionCheckHandler: (handler) => void (permissions.check = handler),
        setDevicePermissionHandler: (handler) => void (permissions.device = handler),
        setDisplayMediaRequestHandler: (handler) => void (permissions.display = handler),
        flushStorageData: () => void calls.push('flushStorageData'),
      } satisfies Pick<
        Electron.Session,
        | 'setPermissionRequestHandler'
        | 'setPermissionCheckHandler'
        | 'setDevicePermissionHandler'
        | 'setDisplayMediaRequestHandler'
        | 'flushStorageData'
      >,
    },
    Menu: {
      buildFromTemplate(template: Electron.MenuItemConstructorOptions[]): RecordedMenu {
        const menu = Object.assign(new EventEmitter(), { template });
        menus.push(menu);
        return menu;
      },
      setApplicationMenu: () => void calls.push('setApplicationMenu'),
    },
    utilityProcess: {
      fork(modulePath: string, args: readonly string[]) {
        const posted: { message: unknown; ports: readonly unknown[] }[] = [];
        const started: RecordedProcess & Record<'postMessage' | 'kill', unknown> = Object.assign(new EventEmitter(), {
          modulePath,
          arguments: args,
          posted,
          killed: false,
          postMessage: (message: unknown, ports: readonly unknown[] = []) => void posted.push({ message, ports }),
          kill: () => {
            started.killed = true;
            started.emit('exit', 1);
            return true;
          },
        });
        processes.push(started);
        return started;
      },
    },
  };
  return {
    module,
    calls,
    windows,
    processes,
    paths,
    externalUrls,
    errorBoxes,
    protocolHandlers,
    schemes,
    channels,
    permissions,
    trays,
    menus,
    notifications,
    shortcuts,
    loginItems,
    protocolClients,
    becomeReady: () => becomeReady(),
  };
}

export type StandIn = ReturnType<typeof createStandIn>;

const noLoginItem: Electron.LoginItemSettings = {
  openAtLogin: false,
  wasOpenedAtLogin: false,
  status: 'not-registered',
  executableWillLaunchAtLogin: false,
  launchItems: [],
};
