import { DirectionProvider, MantineProvider } from '@mantine/core';
import { ModalsProvider } from '@mantine/modals';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { strings as shared } from '../ui/strings.ts';
import { queryClient } from './bridge.ts';
import { styleNonce } from './csp-nonce.ts';
import { cssVariables, theme } from './theme.ts';

/** What every screen stands on: colours and parts, the cache of answers, dialogs and notices. */
export function Providers({ children }: { readonly children: ReactNode }) {
  return (
    <DirectionProvider>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={cssVariables}
        defaultColorScheme="auto"
        getStyleNonce={() => styleNonce}
      >
        <QueryClientProvider client={queryClient}>
          <ModalsProvider labels={{ confirm: 'OK', cancel: shared.cancel }}>
            <Notifications position="bottom-left" autoClose={6000} limit={3} />
            {children}
          </ModalsProvider>
        </QueryClientProvider>
      </MantineProvider>
    </DirectionProvider>
  );
}
