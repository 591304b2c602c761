import type { Instant } from '../kernel/instant.ts';

/**
 * What the desktop shell's preload and the page agree on. The preload puts one function into the page under
 * `RequestPortKey`; each call of it is answered by a window message whose data is `PortMessage` and whose first port
 * leads to the replica. Types only: neither the preload nor the page may load anything of this file.
 */
export type RequestPort = () => void;

export type RequestPortKey = 'fuelgaugeRequestPort';

export type PortMessage = 'fuelgauge:port';

/** What the main process tells of the process that owns the data; see `ReplicaStateMessage`. */
export type ReplicaProcessState =
  | 'starting'
  | 'running'
  /** Busy for longer than usual; it may be a large import. */
  | 'silent'
  /** It ended unasked, or was ended because it no longer answered, and is started again. */
  | 'restarting'
  | 'stopping';

/** Comes as a window message, from the page's own window, whenever the state has changed. */
export interface ReplicaStateMessage {
  readonly kind: 'fuelgauge:replica-state';
  readonly state: ReplicaProcessState;
  /** How often it was started again since the app was. */
  readonly restarts: number;
}

/** What a person chose for the desktop app on this computer. */
export interface DesktopSettings {
  readonly launchAtLogin: boolean;
  /** Opens the form for logging use from anywhere; null where none is wanted. */
  readonly shortcut: DesktopShortcut | null;
  /** Closing the window leaves the app in the tray, where *Quit* ends it. */
  readonly closeToTray: boolean;
  readonly notifications: boolean;
  readonly updates: UpdateChannel;
}

export const desktopShortcuts = [
  'CommandOrControl+Shift+U',
  'CommandOrControl+Alt+U',
  'CommandOrControl+Shift+F9',
] as const;

/** As Electron writes them. */
export type DesktopShortcut = (typeof desktopShortcuts)[number];

export const updateChannels = ['off', 'stable', 'beta'] as const;

/** `off` asks nobody whether there is a newer version. */
export type UpdateChannel = (typeof updateChannels)[number];

/** How the search for a newer version stands. `unavailable`: this copy names no place to look. */
export type UpdateState =
  | { readonly kind: 'unavailable' | 'off' | 'idle' | 'checking' | 'up-to-date' }
  | { readonly kind: 'downloading' | 'ready'; readonly version: string }
  | { readonly kind: 'failed'; readonly message: string };

/** The desktop app as its settings show it. */
export interface DesktopView {
  readonly settings: DesktopSettings;
  /** Whether the system took what was chosen. `taken`: another program has the shortcut. */
  readonly shortcut: 'off' | 'on' | 'taken';
  /** `refused`: the system did not add the app to what starts at login. */
  readonly launchAtLogin: 'off' | 'on' | 'refused';
  readonly tray: 'shown' | 'missing';
  readonly notifications: 'on' | 'off' | 'unsupported';
  /** Until when no notifications are shown. */
  readonly pausedUntil: Instant | null;
  readonly secrets: 'system' | 'file' | 'memory';
  readonly update: UpdateState;
}

/** What the settings ask of the desktop app. */
export type DesktopRequest =
  | { readonly kind: 'change'; readonly settings: DesktopChange }
  | { readonly kind: 'check-for-update' }
  /** Quits, installs what was downloaded, and starts again. */
  | { readonly kind: 'install-update' };

/** What is left out stays as it is. */
export type DesktopChange = { readonly [Name in keyof DesktopSettings]?: DesktopSettings[Name] | undefined };
