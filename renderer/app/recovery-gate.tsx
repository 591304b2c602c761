import { Box, Button, Group, Alert, Text } from '@mantine/core';
import { IconEye } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { createContext, lazy, Suspense, useContext, useState, type ReactNode } from 'react';
import { useFreshAfterOpening, useRecovery } from '../hooks/use-recovery.ts';
import { Loading } from '../ui/loading.tsx';
import { ProblemAlert } from '../ui/problem-alert.tsx';
import classes from './app-shell.module.css';
import { BrandMark } from './brand-mark.tsx';
import { bridge } from './bridge.ts';
import { ConnectionBanner } from './connection-state.tsx';
import { SchemeToggle } from './scheme-toggle.tsx';
import { strings } from './strings.ts';

// What is needed only where data cannot be opened is fetched only then.
const RecoveryScreen = lazy(async () => ({
  default: (await import('../features/recovery/recovery-screen.tsx')).RecoveryScreen,
}));

/** Shows the ways on in the place of data that can be looked at. */
const ShowWays = createContext<() => void>(() => undefined);

interface RecoveryGateProps {
  /** Called when the data was opened anew: the addresses of the app may lead to other data. */
  readonly onOpened: () => void;
  readonly children: ReactNode;
}

/** Shows the app where its data is open, and else what can be done about it. */
export function RecoveryGate({ onOpened, children }: RecoveryGateProps) {
  const { data } = useRecovery();
  const [waysShown, setWaysShown] = useState(false);
  useFreshAfterOpening(data?.openings, onOpened);
  // The first answer comes at once; asked before it, the screens would fail where the data is not open.
  if (data === undefined) {
    return (
      <BareFrame>
        <Loading />
      </BareFrame>
    );
  }
  if (data.mode === 'open' || (data.mode === 'read-only' && !waysShown)) {
    return <ShowWays value={() => setWaysShown(true)}>{children}</ShowWays>;
  }
  return (
    <BareFrame>
      <Suspense fallback={<Loading />}>
        <RecoveryScreen recovery={data} onBack={data.mode === 'read-only' ? () => setWaysShown(false) : undefined} />
      </Suspense>
    </BareFrame>
  );
}

/** The frame while there is no data to navigate in: it is drawn before anything of the replica was heard. */
function BareFrame({ children }: { readonly children: ReactNode }) {
  return (
    <Box className={classes['setup'] ?? ''}>
      <Box component="header" className={classes['header'] ?? ''}>
        <Group h={52} px="md" justify="space-between">
          <Group gap={8} className={classes['brand'] ?? ''}>
            <BrandMark />
            {strings.product}
          </Group>
          <SchemeToggle />
        </Group>
      </Box>
      <Box component="main" p={{ base: 'md', sm: 'xl' }}>
        <ConnectionBanner />
        {children}
      </Box>
    </Box>
  );
}

/** Across the top of the content while the data is only read; nothing while it is open as usual. */
export function ReadOnlyBanner() {
  const { data } = useRecovery();
  const showWays = useContext(ShowWays);
  const trying = useMutation({ mutationFn: () => bridge.recovery.tryAgain() });
  if (data?.mode !== 'read-only' || data.reason === null) return null;
  const text = strings.readOnly;
  return (
    <Alert
      variant="light"
      color="amber"
      mb="lg"
      maw={1280}
      mx="auto"
      role="status"
      title={text.reasons[data.reason]}
      icon={<IconEye aria-hidden />}
    >
      <Group justify="space-between" gap="xs" align="flex-start">
        <Text size="sm" flex="1 1 260px" style={{ overflowWrap: 'anywhere' }}>
          {[text.body, data.ways.includes('restore') ? text.inOrder : (data.problem?.todo ?? text.asked)].join(' ')}
        </Text>
        <Group gap="xs">
          {data.ways.includes('restore') ? (
            <Button size="xs" variant="default" onClick={showWays}>
              {text.ways}
            </Button>
          ) : null}
          <Button size="xs" variant="default" loading={trying.isPending} onClick={() => trying.mutate()}>
            {data.reason === 'asked' ? text.openForWriting : text.tryAgain}
          </Button>
        </Group>
      </Group>
      <ProblemAlert error={trying.error} />
    </Alert>
  );
}
