// Every key combination of the page, in one table: what binds a key reads it here, and so does the sheet that shows them.
import { getHotkeyHandler, useHotkeys, type HotkeyItem } from '@mantine/hooks';

/** Where it works: everywhere, or on one screen or in one part. */
export type ShortcutScope = 'everywhere' | 'palette' | 'log' | 'ledger';

interface Shortcut {
  readonly scope: ShortcutScope;
  /** As the library of the page writes them; the first one is shown. `mod` is ⌘ on a Mac and Ctrl elsewhere. */
  readonly keys: readonly [string, ...string[]];
  /** Works while somebody types into a field too. */
  readonly inFields?: boolean;
  /** By the place on the keyboard: with Alt and Shift, macOS types another character. */
  readonly physical?: boolean;
}

export const shortcuts = {
  palette: { scope: 'everywhere', keys: ['mod+K'], inFields: true },
  sheet: { scope: 'everywhere', keys: ['?', 'shift+?'] },
  home: { scope: 'everywhere', keys: ['alt+shift+H'], physical: true },
  'palette-next': { scope: 'palette', keys: ['ArrowDown'] },
  'palette-previous': { scope: 'palette', keys: ['ArrowUp'] },
  'palette-choose': { scope: 'palette', keys: ['Enter'] },
  'log-hold': { scope: 'log', keys: ['mod+Enter'] },
  'log-happened': { scope: 'log', keys: ['mod+shift+Enter'] },
  'line-next': { scope: 'ledger', keys: ['ArrowDown'] },
  'line-previous': { scope: 'ledger', keys: ['ArrowUp'] },
  'line-page-down': { scope: 'ledger', keys: ['PageDown'] },
  'line-page-up': { scope: 'ledger', keys: ['PageUp'] },
  'line-first': { scope: 'ledger', keys: ['Home'] },
  'line-last': { scope: 'ledger', keys: ['End'] },
  'line-open': { scope: 'ledger', keys: ['Enter', 'Space'] },
} as const satisfies Readonly<Record<string, Shortcut>>;

export type ShortcutId = keyof typeof shortcuts;

type Actions = { readonly [Id in ShortcutId]?: () => void };

/** The key combination of a screen of a workspace, by the letter of its destination. */
export function screenKeys(letter: string): string {
  return `alt+shift+${letter}`;
}

/** Binds shortcuts to the whole page while the component is there. */
export function useShortcuts(actions: Actions): void {
  useHotkeys(itemsOf(actions, ({ inFields }) => inFields !== true));
  useHotkeys(
    itemsOf(actions, ({ inFields }) => inFields === true),
    [],
    true,
  );
}

/** Whether a key, as the browser names it, is one of a shortcut without modifiers. */
export function isKeyOf(id: ShortcutId, key: string): boolean {
  const { keys }: Shortcut = shortcuts[id];
  return keys.includes(key === ' ' ? 'Space' : key);
}

/** For `onKeyDown` of the part in which they work. */
export function shortcutHandler(actions: Actions): ReturnType<typeof getHotkeyHandler> {
  return getHotkeyHandler(itemsOf(actions, () => true));
}

function itemsOf(actions: Actions, picked: (shortcut: Shortcut) => boolean): HotkeyItem[] {
  return shortcutIds.flatMap((id): HotkeyItem[] => {
    const shortcut: Shortcut = shortcuts[id];
    const action = actions[id];
    if (action === undefined || !picked(shortcut)) return [];
    return shortcut.keys.map((keys): HotkeyItem => [keys, action, { usePhysicalKeys: shortcut.physical === true }]);
  });
}

const isShortcutId = (id: string): id is ShortcutId => id in shortcuts;
export const shortcutIds: readonly ShortcutId[] = Object.keys(shortcuts).filter(isShortcutId);

/** What stands on the keys of this computer's keyboard, in the order in which they are pressed. */
export function keyCaps(keys: string, isMac: boolean): readonly string[] {
  return keys.split('+').map((key) => {
    const name = key.toLowerCase();
    const caps: Readonly<Record<string, string>> = isMac ? macCaps : otherCaps;
    return caps[name] ?? `${key.slice(0, 1).toUpperCase()}${key.slice(1)}`;
  });
}

const common = {
  arrowdown: '↓',
  arrowup: '↑',
  pagedown: 'Page ↓',
  pageup: 'Page ↑',
} as const;
const macCaps = { ...common, mod: '⌘', alt: '⌥', shift: '⇧', enter: '↩' } as const;
const otherCaps = { ...common, mod: 'Ctrl' } as const;
