// Newer versions: asked for only where the person chose a channel, fetched in the background, installed when they quit.
import type { AppUpdater } from 'electron-updater';
import type { UpdateChannel, UpdateState } from '../shared/bridge/desktop.ts';

type Updater = Pick<
  AppUpdater,
  | 'autoDownload'
  | 'autoInstallOnAppQuit'
  | 'allowDowngrade'
  | 'allowPrerelease'
  | 'channel'
  | 'checkForUpdates'
  | 'on'
  | 'quitAndInstall'
>;

export interface UpdatesOptions {
  /** Loads the part that talks to a server and to installers; undefined where this copy knows of no server. */
  readonly loadUpdater: () => Promise<Updater | undefined>;
  /** Calls `work` every so many milliseconds. */
  readonly every: (everyMs: number, work: () => void) => void;
  readonly onState: (state: UpdateState) => void;
}

export interface Updates {
  readonly state: () => UpdateState;
  /** Follows another channel, and looks there at once. */
  follow(channel: UpdateChannel): Promise<void>;
  /** Resolves when the answer is there; a failure is a state. */
  check(): Promise<void>;
  /** Quits and installs what was fetched; does nothing while there is nothing. */
  install(): void;
}

const CHECK_EVERY_MS = 6 * 60 * 60 * 1000;

/** The names under which the versions of a channel are published. */
const FEED_BY_CHANNEL = { stable: 'latest', beta: 'beta' } as const;

export function startUpdates(options: UpdatesOptions): Updates {
  let state: UpdateState = { kind: 'off' };
  let channel: UpdateChannel = 'off';
  let loading: Promise<Updater | undefined> | undefined;
  let loaded: Updater | undefined;
  const change = (next: UpdateState): void => {
    state = next;
    options.onState(state);
  };
  const load = async (): Promise<Updater | undefined> => {
    const updater = await options.loadUpdater();
    if (updater === undefined) return undefined;
    updater.autoDownload = true;
    updater.autoInstallOnAppQuit = true;
    updater.on('checking-for-update', () => change({ kind: 'checking' }));
    updater.on('update-not-available', () => change({ kind: 'up-to-date' }));
    updater.on('update-available', ({ version }) => change({ kind: 'downloading', version }));
    updater.on('update-downloaded', ({ version }) => change({ kind: 'ready', version }));
    updater.on('error', (error) => change({ kind: 'failed', message: error.message }));
    loaded = updater;
    return updater;
  };
  const check = async (): Promise<void> => {
    if (channel === 'off') return;
    const updater = await (loading ??= load());
    if (updater === undefined) return change({ kind: 'unavailable' });
    // What is fetched already waits for the next quit.
    if (state.kind === 'ready' || state.kind === 'downloading') return;
    updater.allowPrerelease = channel === 'beta';
    updater.channel = FEED_BY_CHANNEL[channel];
    // Choosing a channel allows going back to earlier versions, which could not read newer data.
    updater.allowDowngrade = false;
    try {
      await updater.checkForUpdates();
    } catch (error) {
      change({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
    }
  };
  options.every(CHECK_EVERY_MS, () => void check());
  return {
    state: () => state,
    async follow(next) {
      if (next === channel) return;
      channel = next;
      if (state.kind !== 'ready') change({ kind: next === 'off' ? 'off' : 'idle' });
      if (loaded !== undefined) loaded.autoInstallOnAppQuit = next !== 'off';
      await check();
    },
    check,
    install() {
      if (state.kind === 'ready') loaded?.quitAndInstall();
    },
  };
}
