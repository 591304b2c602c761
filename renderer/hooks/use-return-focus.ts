import { useEffect, useState } from 'react';

/**
 * For a dialog that is there only while it is open: when it goes, the focus is again where it was opened from, so that the
 * keyboard does not begin anew at the top of the page.
 */
export function useReturnFocus(): void {
  const [opener] = useState(() => openerOf(document.activeElement));
  useEffect(
    () => () => {
      // Once the dialog is gone, the focus is nowhere; where somebody moved it meanwhile it stays.
      setTimeout(() => {
        const { activeElement } = document;
        if (activeElement === null || activeElement === document.body) opener?.focus({ preventScroll: true });
      });
    },
    [opener],
  );
}

/** An entry of a menu is gone by the time its dialog closes; the button of the menu is there. */
function openerOf(element: Element | null): HTMLElement | null {
  const menuButton = element?.closest('[role="menu"]')?.getAttribute('aria-labelledby');
  const opener = menuButton === null || menuButton === undefined ? element : document.getElementById(menuButton);
  return opener instanceof HTMLElement ? opener : null;
}
