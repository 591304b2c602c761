// What is around the window: tray, notifications, shortcut, start at login, updates, as the person chose them.
import type { GlobalShortcut } from 'electron';
import type { DesktopChange, DesktopRequest, DesktopView } from '../shared/bridge/desktop.ts';
import { instant } from '../shared/kernel/instant.ts';
import type { SecretStanding } from '../replica/secrets/secret-store.ts';
import { alertNotifications, type AlertsOptions } from './alerts.ts';
import { setAutostart, type AutostartOptions } from './autostart.ts';
import { placeOfScreen, type AppPlace, type LinkedScreen } from './deep-link.ts';
import type { DeskAlert, Meter } from './replica-messages.ts';
import type { StoredSettings } from './settings.ts';
import { openTray, type MeterTray, type MeterTrayOptions } from './tray.ts';
import { startUpdates, type Updates, type UpdatesOptions } from './updates.ts';

export interface DesktopOptions {
  readonly settings: StoredSettings;
  readonly tray: Omit<MeterTrayOptions, 'onOpen' | 'onLog' | 'onPause' | 'onQuit'>;
  readonly notifications: Pick<AlertsOptions, 'isSupported' | 'create'>;
  readonly globalShortcut: Pick<GlobalShortcut, 'register' | 'unregister'>;
  readonly autostart: AutostartOptions;
  readonly updates: Omit<UpdatesOptions, 'onState'>;
  readonly secrets: { readonly standing: SecretStanding };
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly schedule: (task: () => void, milliseconds: number) => void;
  /** Brings the window forward, at a place where one is given. */
  readonly show: (place: AppPlace | null) => void;
  /** The address that the window shows; empty without a window. */
  readonly shownUrl: () => string;
  readonly quit: () => void;
  /** Called with the view whenever it has changed. */
  readonly onChange: (view: DesktopView) => void;
}

export interface Desktop {
  view(): DesktopView;
  /** Does what the page asks; resolves when it is done. */
  answer(request: DesktopRequest): Promise<void>;
  showMeters(meters: readonly Meter[]): void;
  showAlerts(alerts: readonly DeskAlert[]): void;
  /** Shows a screen of the workspace that is looked at. */
  go(screen: LinkedScreen): void;
  /** Whether a window that is closed goes into the tray. */
  staysInTray(): boolean;
}

const HOUR_MS = 3_600_000;

/** Brings everything up as it was chosen. To be called once the app is ready. */
export function startDesktop(options: DesktopOptions): Desktop {
  return new AroundTheWindow(options);
}

class AroundTheWindow implements Desktop {
  readonly #options: DesktopOptions;
  readonly #tray: MeterTray | undefined;
  readonly #updates: Updates;
  readonly showAlerts: Desktop['showAlerts'];
  #meters: readonly Meter[] = [];
  #shortcut: DesktopView['shortcut'] = 'off';
  #registered: string | null = null;
  #launchAtLogin: DesktopView['launchAtLogin'];

  constructor(options: DesktopOptions) {
    const { settings } = options;
    this.#options = options;
    this.#launchAtLogin = settings.now().launchAtLogin ? 'on' : 'off';
    this.#tray = trayOrNothing({
      ...options.tray,
      onOpen: (workspaceId) => options.show(workspaceId === null ? null : `/w/${workspaceId}/overview`),
      onLog: () => this.go('log'),
      onPause: (how) => this.#pause(how),
      onQuit: options.quit,
    });
    this.#updates = startUpdates({ ...options.updates, onState: () => this.#changed() });
    this.showAlerts = alertNotifications({
      ...options.notifications,
      isOn: () => settings.now().notifications && this.#pausedUntil() === null,
      onClick: options.show,
    });
    this.#takeShortcut();
    void this.#updates.follow(settings.now().updates);
    const until = this.#pausedUntil();
    if (until !== null) this.#endPauseAt(until);
    this.#redraw();
  }

  view(): DesktopView {
    const { settings, notifications, secrets } = this.#options;
    const until = this.#pausedUntil();
    return {
      settings: settings.now(),
      shortcut: this.#shortcut,
      launchAtLogin: this.#launchAtLogin,
      tray: this.#tray === undefined ? 'missing' : 'shown',
      notifications: !notifications.isSupported() ? 'unsupported' : settings.now().notifications ? 'on' : 'off',
      pausedUntil: until === null ? null : instant(until),
      secrets: secrets.standing,
      update: this.#updates.state(),
    };
  }

  async answer(request: DesktopRequest): Promise<void> {
    switch (request.kind) {
      case 'change':
        this.#change(request.settings);
        break;
      case 'check-for-update':
        await this.#updates.check();
        break;
      case 'install-update':
        this.#updates.install();
        break;
    }
    this.#changed();
  }

  showMeters(meters: readonly Meter[]): void {
    this.#meters = meters;
    this.#redraw();
  }

  go(screen: LinkedScreen): void {
    const ids = this.#meters.map(({ workspaceId }) => workspaceId);
    this.#options.show(placeOfScreen(screen, this.#options.shownUrl(), ids));
  }

  staysInTray(): boolean {
    return this.#tray !== undefined && this.#options.settings.now().closeToTray;
  }

  #change(chosen: DesktopChange): void {
    this.#options.settings.change(chosen);
    if (chosen.launchAtLogin !== undefined) {
      this.#launchAtLogin = setAutostart(chosen.launchAtLogin, this.#options.autostart);
    }
    if (chosen.shortcut !== undefined) this.#takeShortcut();
    // The search goes on in the background and tells how it stands.
    if (chosen.updates !== undefined) void this.#updates.follow(chosen.updates);
  }

  #takeShortcut(): void {
    const { globalShortcut, settings } = this.#options;
    const wanted = settings.now().shortcut;
    if (wanted !== null && wanted === this.#registered) return;
    if (this.#registered !== null) globalShortcut.unregister(this.#registered);
    this.#registered = null;
    this.#shortcut = 'off';
    if (wanted === null) return;
    this.#shortcut = globalShortcut.register(wanted, () => this.go('log')) ? 'on' : 'taken';
    if (this.#shortcut === 'on') this.#registered = wanted;
  }

  #pausedUntil(): number | null {
    const until = this.#options.settings.pausedUntil();
    return until !== null && until > this.#options.now() ? until : null;
  }

  #pause(how: 'hour' | 'tomorrow' | 'resume'): void {
    const { settings, now } = this.#options;
    const until = how === 'resume' ? null : how === 'hour' ? now() + HOUR_MS : tomorrow(now());
    settings.pause(until);
    if (until !== null) this.#endPauseAt(until);
    this.#changed();
  }

  #endPauseAt(until: number): void {
    this.#options.schedule(() => this.#changed(), until - this.#options.now());
  }

  #changed(): void {
    this.#redraw();
    this.#options.onChange(this.view());
  }

  #redraw(): void {
    const until = this.#pausedUntil();
    this.#tray?.show({ meters: this.#meters, pausedUntil: until === null ? null : CLOCK.format(until) });
  }
}

function trayOrNothing(options: MeterTrayOptions): MeterTray | undefined {
  try {
    return openTray(options);
  } catch {
    // A desktop without a tray has everything else.
    return undefined;
  }
}

/** Eight in the morning of the next day, by the clock on the wall. */
function tomorrow(now: number): number {
  const day = new Date(now);
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() + 1, 8).getTime();
}

const CLOCK = new Intl.DateTimeFormat('en-GB', { weekday: 'short', hour: '2-digit', minute: '2-digit' });
