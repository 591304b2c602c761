import { useHotkeys, type HotkeyItem } from '@mantine/hooks';
import { spotlight } from '@mantine/spotlight';
import { useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useState } from 'react';
import type { CommandPaletteProps } from './command-palette.tsx';
import { destinations } from './destinations.ts';

const CommandPalette = lazy(async () => ({ default: (await import('./command-palette.tsx')).CommandPalette }));

/**
 * The shortcuts, and the command palette, whose code is fetched when the first screen is drawn. Asked for before that, it
 * opens as soon as it is there.
 */
export function PaletteLater(props: CommandPaletteProps) {
  const navigate = useNavigate();
  const [isDrawn, setIsDrawn] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setIsDrawn(true), paletteAfterMs);
    return () => clearTimeout(timer);
  }, []);
  const { workspaceId } = props;
  useHotkeys([
    [
      'mod+K',
      () => {
        setIsDrawn(true);
        spotlight.toggle();
      },
    ],
    ...destinations.map(
      ({ to, key }): HotkeyItem => [
        `alt+shift+${key}`,
        () => void navigate({ to, params: { workspaceId } }),
        // By the place on the keyboard: with Alt and Shift, macOS types another character.
        { usePhysicalKeys: true },
      ],
    ),
  ]);
  if (!isDrawn) return null;
  return (
    <Suspense>
      <CommandPalette {...props} />
    </Suspense>
  );
}

/** By then the figures of a warm start are there; nobody has read them yet. */
const paletteAfterMs = 1_000;
