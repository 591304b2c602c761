import { useEffect, useRef, type RefObject } from 'react';

/**
 * Leads to the first field of a form that is marked as wrong, each time `attempt` changes to something other than null
 * or false: after a failed sending, a person who cannot see the marks would not find them otherwise.
 */
export function useFocusInvalid(attempt: unknown): RefObject<HTMLFormElement | null> {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (attempt === null || attempt === false) return;
    form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [attempt]);
  return form;
}
