// Starting with the person's session: a login item on macOS and Windows, an autostart entry on Linux.
import { mkdirSync, rmSync, writeFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import type { App } from 'electron';

export interface AutostartOptions {
  readonly app: Pick<App, 'getLoginItemSettings' | 'setLoginItemSettings'>;
  /** A value of `process.platform`. */
  readonly platform: string;
  /** The program, and what it is given besides `--hidden`. */
  readonly program: string;
  readonly arguments: readonly string[];
  /** `$XDG_CONFIG_HOME`, or what stands for it. */
  readonly configFolder: string;
}

/** Tells a start at login from one by a person: no window opens, the tray is enough. */
export const HIDDEN_SWITCH = '--hidden';

/** Makes it so, and answers how it is then: the system may refuse. */
export function setAutostart(wanted: boolean, options: AutostartOptions): 'on' | 'off' | 'refused' {
  const { app, platform, program, arguments: more, configFolder } = options;
  const switches = [...more, HIDDEN_SWITCH];
  if (platform === 'linux') {
    const file = join(configFolder, 'autostart', AUTOSTART_FILE);
    try {
      if (wanted) {
        mkdirSync(join(configFolder, 'autostart'), { recursive: true });
        writeFileSync(file, autostartEntry(program, switches));
      } else rmSync(file, { force: true });
    } catch {
      return wanted || existsSync(file) ? 'refused' : 'off';
    }
    return wanted ? 'on' : 'off';
  }
  // macOS starts the app itself and gives it no arguments.
  const windows = platform === 'win32' ? { path: program, args: switches } : {};
  app.setLoginItemSettings({ openAtLogin: wanted, ...windows });
  const { openAtLogin } = app.getLoginItemSettings(windows);
  return wanted === openAtLogin ? (wanted ? 'on' : 'off') : 'refused';
}

const AUTOSTART_FILE = 'fuelgauge.desktop';

/** By the Desktop Entry Specification, https://specifications.freedesktop.org/desktop-entry-spec/latest/. */
export function autostartEntry(program: string, switches: readonly string[]): string {
  return [
    '[Desktop Entry]',
    'Type=Application',
    'Name=Fuelgauge',
    `Exec=${[program, ...switches].map(execArgument).join(' ')}`,
    'Icon=fuelgauge',
    'Terminal=false',
    'X-GNOME-Autostart-enabled=true',
    '',
  ].join('\n');
}

/**
 * In double quotes, in which some characters take a backslash; every backslash is written twice, as in all values of the
 * file, and a percent sign too, since a single one stands for files.
 */
function execArgument(argument: string): string {
  const quoted = argument.replaceAll(/["`$\\]/g, (character) => `\\${character}`);
  return `"${quoted.replaceAll('\\', '\\\\').replaceAll('%', '%%')}"`;
}
