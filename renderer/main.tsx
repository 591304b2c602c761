import './app/csp-nonce.ts';
import '@mantine/core/styles.layer.css';
import '@mantine/dates/styles.layer.css';
import '@mantine/charts/styles.layer.css';
import '@mantine/dropzone/styles.layer.css';
import '@mantine/notifications/styles.layer.css';
import '@mantine/spotlight/styles.layer.css';
import './app/global.css';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { assert } from '../shared/kernel/assert.ts';
import { Providers } from './app/providers.tsx';
import { RecoveryGate } from './app/recovery-gate.tsx';
import { router } from './app/router.tsx';

const root = document.getElementById('root');
assert(root !== null, 'index.html has the element that the app is drawn into.');

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
