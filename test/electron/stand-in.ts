// A small stand-in of the `electron` module, on which the real main.ts and preload.ts run: it records what they ask
// for and lets a test play Electron's part. The parts that are not events are held against Electron's own types.
import { EventEmitter } from 'node:events';
import { resolve } from 'node:path';
import type * as Electron from 'electron';

export interface RecordedWindow extends EventEmitter {
  readonly options: Electron.BrowserWindowConstructorOptions;
  readonly urls: string[];
  readonly calls: string[];
}

export interface RecordedProcess extends EventEmitter {
  readonly modulePath: string;
  readonly arguments: readonly string[];
  readonly posted: { readonly message: unknown; readonly ports: readonly unknown[] }[];
  killed: boolean;
}

export interface RecordedFrame {
  readonly url: string;
  readonly parent: null | object;
  readonly posted: { readonly channel: string; readonly ports: readonly unknown[] }[];
  postMessage(channel: string, message: unknown, ports: readonly unknown[]): void;
}

export type PermissionRequestHandler = NonNullable<Parameters<Electron.Session['setPermissionRequestHandler']>[0]>;
export type ProtocolHandler = Parameters<Electron.Protocol['handle']>[1];

export function frameOf(url: string, parent: null | object = null): RecordedFrame {
  const posted: { channel: string; ports: readonly unknown[] }[] = [];
  return { url, parent, posted, postMessage: (channel, _message, ports) => void posted.push({ channel, ports }) };
}

/** One Electron, freshly started. `locked` plays a second start. */
export function createStandIn({ locked = false }: { readonly locked?: boolean } = {}) {
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
    constructor(options: Electron.BrowserWindowConstructorOptions) {
      super();
      this.options = options;
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
    isMinimized(): boolean {
      return true;
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
  } satisfies Pick<
    Electron.App,
    'setPath' | 'getPath' | 'enableSandbox' | 'requestSingleInstanceLock' | 'isReady' | 'whenReady' | 'quit' | 'exit'
  >);

  const module = {
    app,
    BrowserWindow: Window,
    MessageChannelMain: Channel,
    ipcMain: new EventEmitter(),
    nativeTheme: { shouldUseDarkColors: true } satisfies Pick<Electron.NativeTheme, 'shouldUseDarkColors'>,
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
    } satisfies Pick<Electron.Shell, 'openExternal'>,
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
      } satisfies Pick<
        Electron.Session,
        | 'setPermissionRequestHandler'
        | 'setPermissionCheckHandler'
        | 'setDevicePermissionHandler'
        | 'setDisplayMediaRequestHandler'
      >,
    },
    Menu: {
      buildFromTemplate: (template: Electron.MenuItemConstructorOptions[]) => ({ template }),
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
    becomeReady: () => becomeReady(),
  };
}

export type StandIn = ReturnType<typeof createStandIn>;
