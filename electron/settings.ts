// What the person chose for the desktop app on this computer: in a file of its own, so that it holds before the data is
// open and whatever becomes of it.
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import {
  desktopShortcuts,
  updateChannels,
  type DesktopChange,
  type DesktopSettings,
} from '../shared/bridge/desktop.ts';
import { replacePrivateFile } from '../replica/secrets/private-file.ts';

export interface StoredSettings {
  readonly now: () => DesktopSettings;
  /** Until when no notifications are shown, in milliseconds since 1970; null while they are. */
  readonly pausedUntil: () => number | null;
  /** Changes what is given and keeps it; the choice holds for this run even where it cannot be written. */
  readonly change: (given: DesktopChange) => void;
  readonly pause: (until: number | null) => void;
}

/** Reads the file; each choice that it does not have, or has in a way that is not ours, is the default. */
export function storedSettings(path: string, platform: string): StoredSettings {
  const defaults = defaultSettings(platform);
  const schema = z.object({
    launchAtLogin: z.boolean().catch(defaults.launchAtLogin),
    shortcut: z.enum(desktopShortcuts).nullable().catch(defaults.shortcut),
    closeToTray: z.boolean().catch(defaults.closeToTray),
    notifications: z.boolean().catch(defaults.notifications),
    updates: z.enum(updateChannels).catch(defaults.updates),
    pausedUntil: z.number().nullable().catch(null),
  });
  let { pausedUntil, ...settings } = schema.parse(contentOf(path));
  const keep = (): void => {
    try {
      replacePrivateFile(path, JSON.stringify({ ...settings, pausedUntil }));
    } catch {
      // A folder that cannot be written to is told of elsewhere; what was chosen holds until the app ends.
    }
  };
  return {
    now: () => settings,
    pausedUntil: () => pausedUntil,
    change(given) {
      settings = {
        launchAtLogin: given.launchAtLogin ?? settings.launchAtLogin,
        shortcut: given.shortcut === undefined ? settings.shortcut : given.shortcut,
        closeToTray: given.closeToTray ?? settings.closeToTray,
        notifications: given.notifications ?? settings.notifications,
        updates: given.updates ?? settings.updates,
      };
      keep();
    },
    pause(until) {
      pausedUntil = until;
      keep();
    },
  };
}

/** Nothing that starts by itself, listens to keys, or asks a server, before somebody wanted it. */
export function defaultSettings(platform: string): DesktopSettings {
  return {
    launchAtLogin: false,
    shortcut: null,
    // Not every Linux desktop has a tray, and a window that went into none would be lost.
    closeToTray: platform !== 'linux',
    notifications: true,
    updates: 'off',
  };
}

function contentOf(path: string): object {
  try {
    const content: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return typeof content === 'object' && content !== null && !Array.isArray(content) ? content : {};
  } catch {
    return {};
  }
}
