import { describe, expect, it } from 'vitest';
import { destinations } from '../../../renderer/app/destinations.ts';
import { isKeyOf, keyCaps, screenKeys, shortcutIds, shortcuts } from '../../../renderer/hooks/shortcuts.ts';

describe('shortcuts', () => {
  it('are told apart: no two of them that work at the same place have the same keys', () => {
    const everywhere = [
      ...shortcutIds.filter((id) => shortcuts[id].scope === 'everywhere').flatMap((id) => [...shortcuts[id].keys]),
      ...destinations.map(({ key }) => screenKeys(key)),
    ];
    expect(new Set(everywhere).size).toBe(everywhere.length);
    for (const scope of ['palette', 'log', 'ledger'] as const) {
      const keys = shortcutIds.filter((id) => shortcuts[id].scope === scope).flatMap((id) => [...shortcuts[id].keys]);
      expect(new Set([...keys, ...everywhere]).size).toBe(keys.length + everywhere.length);
    }
  });

  it('are shown as the keyboard of each system is labelled', () => {
    expect(keyCaps('mod+shift+Enter', true)).toEqual(['⌘', '⇧', '↩']);
    expect(keyCaps('mod+shift+Enter', false)).toEqual(['Ctrl', 'Shift', 'Enter']);
    expect(keyCaps('alt+shift+O', true)).toEqual(['⌥', '⇧', 'O']);
    expect(keyCaps('?', false)).toEqual(['?']);
  });

  it('know their keys as a browser names them', () => {
    expect([isKeyOf('line-open', ' '), isKeyOf('line-open', 'Enter'), isKeyOf('line-open', 'x')]).toEqual([
      true,
      true,
      false,
    ]);
  });
});
