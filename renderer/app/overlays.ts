// Which of the parts that lie over every screen is open: the palette, or the sheet of shortcuts.

export type Overlay = 'palette' | 'shortcuts' | null;

let shown: Overlay = null;
const listeners = new Set<() => void>();

export const overlays = {
  shown: (): Overlay => shown,
  /** Does nothing while a dialog is open: what is entered there comes first. */
  open(overlay: Exclude<Overlay, null>): void {
    if (shown === null && document.querySelector('[aria-modal="true"]') !== null) return;
    set(overlay);
  },
  close: (): void => set(null),
  onChange(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};

function set(overlay: Overlay): void {
  if (overlay === shown) return;
  shown = overlay;
  for (const listener of listeners) listener();
}
