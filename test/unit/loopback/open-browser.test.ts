import { describe, expect, it } from 'vitest';
import { chooseOpener, type Desktop } from '../../../replica/loopback/open-browser.ts';

const ADDRESS = 'http://127.0.0.1:4711/?token=abc&x=1';

function desktop(platform: string, environment: Record<string, string>, files: readonly string[]): Desktop {
  return { platform, environment, fileExists: (path) => files.includes(path) };
}

describe('opening the app', () => {
  it('takes a Chromium window of its own where there is one', () => {
    const linux = desktop('linux', { DISPLAY: ':0', PATH: '/usr/local/bin:/usr/bin' }, ['/usr/bin/google-chrome']);
    expect(chooseOpener(ADDRESS, linux)).toEqual({
      kind: 'app-window',
      command: '/usr/bin/google-chrome',
      arguments: [`--app=${ADDRESS}`],
    });
    const edge = 'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe';
    const windows = desktop('win32', { 'PROGRAMFILES(X86)': 'C:\\Program Files (x86)' }, [edge]);
    expect(chooseOpener(ADDRESS, windows)).toMatchObject({ kind: 'app-window', command: edge });
    const chrome = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';
    expect(chooseOpener(ADDRESS, desktop('darwin', {}, [chrome]))).toMatchObject({ command: chrome });
  });

  it('else takes the default browser, without a shell that could read the address', () => {
    const linux = desktop('linux', { WAYLAND_DISPLAY: 'wayland-0', PATH: '/usr/bin' }, ['/usr/bin/xdg-open']);
    expect(chooseOpener(ADDRESS, linux)).toEqual({
      kind: 'default-browser',
      command: '/usr/bin/xdg-open',
      arguments: [ADDRESS],
    });
    expect(chooseOpener(ADDRESS, desktop('darwin', {}, []))).toMatchObject({ command: 'open', arguments: [ADDRESS] });
    expect(chooseOpener(ADDRESS, desktop('win32', {}, []))).toMatchObject({
      command: 'rundll32.exe',
      arguments: ['url.dll,FileProtocolHandler', ADDRESS],
    });
  });

  it('opens nothing without a display or a browser', () => {
    const files = ['/usr/bin/chromium', '/usr/bin/xdg-open'];
    expect(chooseOpener(ADDRESS, desktop('linux', { PATH: '/usr/bin' }, files))).toEqual({
      kind: 'none',
      reason: 'no display',
    });
    expect(chooseOpener(ADDRESS, desktop('linux', { DISPLAY: ':0', PATH: '/usr/bin' }, []))).toEqual({
      kind: 'none',
      reason: 'no browser',
    });
  });
});
