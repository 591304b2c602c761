// What a page may ask of the desktop app: answered with and without data, and not at all in a browser.
import { writeFile } from 'node:fs/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { defaultSettings } from '../../electron/settings.ts';
import { databaseFile } from '../../replica/database/data-directory.ts';
import type { DesktopShell } from '../../replica/recovery/desktop-router.ts';
import { openStandingReplica } from '../../replica/recovery/standing-replica.ts';
import type { DesktopRequest, DesktopView } from '../../shared/bridge/desktop.ts';
import { problemOf } from '../support/replica.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const view: DesktopView = {
  settings: defaultSettings('linux'),
  shortcut: 'off',
  launchAtLogin: 'off',
  tray: 'shown',
  notifications: 'on',
  pausedUntil: null,
  secrets: 'system',
  update: { kind: 'off' },
};

function desktop() {
  const listeners = new Set<() => void>();
  const asked: DesktopRequest[] = [];
  let shown = view;
  const shell: DesktopShell = {
    view: () => shown,
    follow(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    ask(request) {
      asked.push(request);
      shown = { ...shown, shortcut: 'taken' };
      for (const listener of listeners) listener();
      return Promise.resolve(shown);
    },
  };
  return { shell, asked, listeners };
}

async function open(options: { readonly desktop?: DesktopShell; readonly dataDir?: string } = {}) {
  const standing = await openStandingReplica({ dataDir: await temporaryFolder(), ...options });
  onTestFinished(standing.close);
  return standing.client;
}

describe('the desktop app', () => {
  it('is none in a browser: nothing to show, and a problem for whoever asks it to do something', async () => {
    const client = await open();
    const views = await client.desktop.live();
    expect((await views.next()).value).toBeNull();
    await views.return?.(undefined);
    expect(await problemOf(client.desktop.setSettings({ notifications: false }))).toMatchObject({
      code: 'unavailable',
      message: 'Only the desktop app can do this.',
      kept: 'Nothing was changed.',
    });
    expect(await problemOf(client.desktop.update({ do: 'install' }))).toMatchObject({ code: 'unavailable' });
  });

  it('is asked, and shown again when it has changed; nobody listens once nobody looks', async () => {
    const { shell, asked, listeners } = desktop();
    const client = await open({ desktop: shell });
    const views = await client.desktop.live();
    expect((await views.next()).value).toEqual(view);
    expect(await client.desktop.setSettings({ shortcut: 'CommandOrControl+Alt+U' })).toMatchObject({
      shortcut: 'taken',
    });
    expect((await views.next()).value).toMatchObject({ shortcut: 'taken' });
    await client.desktop.update({ do: 'check' });
    expect(asked).toEqual([
      { kind: 'change', settings: { shortcut: 'CommandOrControl+Alt+U' } },
      { kind: 'check-for-update' },
    ]);
    expect(listeners.size).toBe(1);
    await views.return?.(undefined);
    expect(listeners.size).toBe(0);
  });

  it('takes no settings that it does not know', async () => {
    const { shell, asked } = desktop();
    const client = await open({ desktop: shell });
    // @ts-expect-error: no page of ours sends it.
    expect(await problemOf(client.desktop.setSettings({ shortcut: 'Alt+F4' }))).toMatchObject({ code: 'wrong-input' });
    // @ts-expect-error: the same.
    expect(await problemOf(client.desktop.setSettings({ program: '/bin/sh' }))).toMatchObject({ code: 'wrong-input' });
    expect(asked).toEqual([]);
  });

  it('answers although the data cannot be opened: an update may be what helps', async () => {
    const dataDir = await temporaryFolder();
    await writeFile(databaseFile(dataDir), 'no database '.repeat(1_000));
    const { shell } = desktop();
    const client = await open({ desktop: shell, dataDir });
    expect(await client.recovery.status()).toMatchObject({ mode: 'unopened' });
    expect(await client.desktop.update({ do: 'check' })).toMatchObject({ update: { kind: 'off' } });
  });
});
