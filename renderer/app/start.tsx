import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { assert } from '../../shared/kernel/assert.ts';
import { startContrast } from '../hooks/use-contrast.ts';
import { Providers } from './providers.tsx';
import { RecoveryGate } from './recovery-gate.tsx';
import { router } from './router.tsx';

/** Draws the app. It speaks the language that was settled before this file was loaded. */
export function start(): void {
  const root = document.getElementById('root');
  assert(root !== null, 'index.html has the element that the app is drawn into.');
  startContrast();
  const reload = (): void => void router.invalidate();
  createRoot(root).render(
    <StrictMode>
      <Providers>
        <RecoveryGate onOpened={reload}>
          <RouterProvider router={router} />
        </RecoveryGate>
      </Providers>
    </StrictMode>,
  );
}
