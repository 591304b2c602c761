import { useState } from 'react';

/** system: as the operating system asks for it. */
export type ContrastChoice = 'system' | 'more' | 'standard';

// Beside the colour scheme, which is of this computer too.
const choiceKey = 'fuelgauge-contrast';
const wantsMore = '(prefers-contrast: more)';

/** What was chosen on this computer. */
function contrastChoice(): ContrastChoice {
  const kept = localStorage.getItem(choiceKey);
  return kept === 'more' || kept === 'standard' ? kept : 'system';
}

function apply(): void {
  const choice = contrastChoice();
  const more = choice === 'more' || (choice === 'system' && matchMedia(wantsMore).matches);
  document.documentElement.dataset['contrast'] = more ? 'more' : 'standard';
}

/** Gives the page its contrast, and follows the operating system from then on. Called once, before anything is drawn. */
export function startContrast(): void {
  apply();
  matchMedia(wantsMore).addEventListener('change', apply);
}

/** The choice, and how it is made. */
export function useContrast(): readonly [ContrastChoice, (choice: ContrastChoice) => void] {
  const [choice, setChoice] = useState(contrastChoice);
  return [
    choice,
    (next) => {
      if (next === 'system') localStorage.removeItem(choiceKey);
      else localStorage.setItem(choiceKey, next);
      apply();
      setChoice(next);
    },
  ];
}
