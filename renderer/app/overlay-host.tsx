import { useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useSyncExternalStore } from 'react';
import type { WorkspaceSummary } from '../../shared/bridge/views.ts';
import { screenKeys, useShortcuts } from '../hooks/shortcuts.ts';
import { useHotkeys } from '@mantine/hooks';
import { destinations } from './destinations.ts';
import { overlays } from './overlays.ts';

const fetchPalette = () => import('./palette-dialog.tsx');
const PaletteDialog = lazy(async () => ({ default: (await fetchPalette()).PaletteDialog }));
const ShortcutsSheet = lazy(async () => ({ default: (await import('./shortcuts-sheet.tsx')).ShortcutsSheet }));

interface OverlayHostProps {
  /** The workspace that commands are about: the open one, or the one that was open last. */
  readonly workspaceId: string | null;
  readonly workspaces: readonly WorkspaceSummary[];
}

/**
 * The palette and the sheet of shortcuts over every screen, and what opens them. The code of the palette is fetched once
 * the first screen is drawn, or when it is asked for before; that of the sheet when it is asked for.
 */
export function OverlayHost({ workspaceId, workspaces }: OverlayHostProps) {
  const navigate = useNavigate();
  const shown = useSyncExternalStore(overlays.onChange, overlays.shown);
  useShortcuts({
    palette: () => (overlays.shown() === 'palette' ? overlays.close() : overlays.open('palette')),
    sheet: () => overlays.open('shortcuts'),
    home: () => void navigate({ to: '/home' }),
  });
  useHotkeys(
    destinations.map(({ to, key }) => [
      screenKeys(key),
      () => {
        if (workspaceId !== null) void navigate({ to, params: { workspaceId } });
      },
      { usePhysicalKeys: true },
    ]),
  );
  useEffect(() => {
    const timer = setTimeout(() => void fetchPalette(), paletteAfterMs);
    return () => clearTimeout(timer);
  }, []);
  if (shown === null) return null;
  return (
    <Suspense fallback={null}>
      {shown === 'palette' ? (
        <PaletteDialog workspaceId={workspaceId} workspaces={workspaces} onClose={overlays.close} />
      ) : (
        <ShortcutsSheet onClose={overlays.close} />
      )}
    </Suspense>
  );
}

/** By then the figures of a warm start are there; nobody has read them yet. */
const paletteAfterMs = 1_000;
