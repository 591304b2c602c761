/**
 * As a ref: leads the keyboard to what is marked with `data-autofocus` in a part that has just taken the place of
 * another one, such as the next step of a dialog. Without it the focus would be lost with the button that was pressed.
 */
export function focusMarked(container: HTMLElement | null): void {
  container?.querySelector<HTMLElement>('[data-autofocus]')?.focus();
}
