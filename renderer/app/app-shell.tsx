import { ActionIcon, AppShell as Shell, Box, Burger, Group, Stack, Text, UnstyledButton } from '@mantine/core';
import { useDisclosure, useOs } from '@mantine/hooks';
import { IconKeyboard, IconSearch } from '@tabler/icons-react';
import { useLocation } from '@tanstack/react-router';
import { useEffect, useRef, type ReactNode } from 'react';
import { keyCaps, screenKeys, shortcuts } from '../hooks/shortcuts.ts';
import { administeredServer, useSync } from '../hooks/use-sync.ts';
import { AnchorLink, NavigationLink } from '../ui/links.tsx';
import { AlertBell } from './alert-bell.tsx';
import classes from './app-shell.module.css';
import { BrandMark } from './brand-mark.tsx';
import { ConnectionBanner, ConnectionState } from './connection-state.tsx';
import { destinations } from './destinations.ts';
import { KeyCaps } from './key-caps.tsx';
import { OverlayHost } from './overlay-host.tsx';
import { overlays } from './overlays.ts';
import { strings as paletteStrings } from './palette-strings.ts';
import { ReadOnlyBanner } from './recovery-gate.tsx';
import { SchemeToggle } from './scheme-toggle.tsx';
import { strings as shortcutStrings } from './shortcut-strings.ts';
import { strings } from './strings.ts';
import { SyncState } from './sync-state.tsx';
import { readLastWorkspaceId, useWorkspaces } from './use-workspaces.ts';
import { WorkspaceSwitcher } from './workspace-switcher.tsx';

interface AppShellProps {
  readonly workspaceId: string;
  readonly children: ReactNode;
}

const contentId = 'content';

/** The frame around the screens of a workspace: navigation on the left, above the content on a narrow window. */
export function AppShell({ workspaceId, children }: AppShellProps) {
  const [opened, { toggle, close }] = useDisclosure(false);
  const workspaces = useWorkspaces().data ?? [];
  const { pathname } = useLocation();
  const content = useFocusOnNewPath(pathname);
  useEffect(close, [pathname, close]);

  return (
    <>
      <SkipLink />
      <Shell
        header={{ height: { base: 52, sm: 0 } }}
        navbar={{ width: 240, breakpoint: 'sm', collapsed: { mobile: !opened } }}
        padding={{ base: 'md', md: 'xl' }}
      >
        <Shell.Header hiddenFrom="sm" className={classes['header'] ?? ''}>
          <Group h="100%" px="md" justify="space-between">
            <Brand />
            <Group gap={4} wrap="nowrap">
              <AlertBell workspaceId={workspaceId} />
              <Burger
                opened={opened}
                onClick={toggle}
                size="sm"
                aria-expanded={opened}
                aria-label={opened ? strings.closeNavigation : strings.openNavigation}
              />
            </Group>
          </Group>
        </Shell.Header>
        <Shell.Navbar className={classes['rail'] ?? ''} aria-label={strings.mainNavigation} data-closed={!opened}>
          <Stack h="100%" gap="md" p="sm">
            <Group visibleFrom="sm" pl={6} pt={4} justify="space-between" wrap="nowrap">
              <Brand />
              <AlertBell workspaceId={workspaceId} />
            </Group>
            <WorkspaceSwitcher workspaces={workspaces} currentId={workspaceId} />
            <FindButton />
            <NavigationList workspaceId={workspaceId} />
            <SyncState workspaceId={workspaceId} />
            <Group justify="space-between" wrap="nowrap" gap={4}>
              <ConnectionState />
              <Group gap={2} wrap="nowrap" flex="none">
                <ShortcutsButton />
                <SchemeToggle />
              </Group>
            </Group>
          </Stack>
        </Shell.Navbar>
        <Shell.Main className={classes['main'] ?? ''} id={contentId} ref={content} tabIndex={-1}>
          <ConnectionBanner />
          <ReadOnlyBanner />
          {children}
        </Shell.Main>
      </Shell>
      <OverlayHost workspaceId={workspaceId} workspaces={workspaces} />
    </>
  );
}

/** The frame around first steps, before there is a workspace to navigate in. */
export function SetupShell({ children }: { readonly children: ReactNode }) {
  const { pathname } = useLocation();
  const content = useFocusOnNewPath(pathname);
  const workspaces = useWorkspaces().data ?? [];
  const lastId = readLastWorkspaceId();
  const workspace = workspaces.find(({ id }) => id === lastId) ?? workspaces[0];
  return (
    <Box className={classes['setup'] ?? ''}>
      <SkipLink />
      <Box component="header" className={classes['header'] ?? ''}>
        <Group h={52} px="md" justify="space-between" wrap="nowrap">
          <Brand />
          <Group gap={2} wrap="nowrap">
            <FindButton />
            <ShortcutsButton />
            <SchemeToggle />
          </Group>
        </Group>
      </Box>
      <Box component="main" id={contentId} ref={content} tabIndex={-1} p={{ base: 'md', sm: 'xl' }}>
        <ConnectionBanner />
        <ReadOnlyBanner />
        {children}
      </Box>
      <OverlayHost workspaceId={workspace?.id ?? null} workspaces={workspaces} />
    </Box>
  );
}

function SkipLink() {
  return (
    <a
      href={`#${contentId}`}
      className={classes['skip']}
      onClick={(event) => {
        // The address after the hash names the screen, so the jump is made here and not by the browser.
        event.preventDefault();
        document.getElementById(contentId)?.focus();
      }}
    >
      {strings.skipToContent}
    </a>
  );
}

function Brand() {
  return (
    <AnchorLink to="/" className={classes['brand'] ?? ''} underline="never">
      <BrandMark />
      {strings.product}
    </AnchorLink>
  );
}

function FindButton() {
  return (
    <UnstyledButton
      className={classes['find'] ?? ''}
      onClick={() => overlays.open('palette')}
      aria-label={paletteStrings.open}
    >
      <IconSearch size={16} aria-hidden />
      <Text inherit flex={1}>
        {paletteStrings.hint}
      </Text>
      <KeyCaps keys={shortcuts.palette.keys[0]} />
    </UnstyledButton>
  );
}

function ShortcutsButton() {
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      size="md"
      onClick={() => overlays.open('shortcuts')}
      aria-label={shortcutStrings.open}
      title={shortcutStrings.open}
    >
      <IconKeyboard size={18} stroke={1.6} aria-hidden />
    </ActionIcon>
  );
}

/** The alerts have their bell, sync its line below. */
const elsewhere: readonly string[] = ['alerts', 'sync'];

function NavigationList({ workspaceId }: { readonly workspaceId: string }) {
  const isMac = useOs() === 'macos';
  const administers = administeredServer(useSync().data, workspaceId) !== null;
  return (
    <Stack gap={2} flex={1} mih={0} component="ul" m={0} p={0} style={{ listStyle: 'none', overflowY: 'auto' }}>
      {destinations
        .filter(({ id }) => !elsewhere.includes(id) && (id !== 'administration' || administers))
        .map(({ id, to, label, icon: DestinationIcon, key }) => (
          <li key={id}>
            <NavigationLink
              to={to}
              params={{ workspaceId }}
              label={label}
              title={keyCaps(screenKeys(key), isMac).join(isMac ? '' : ' ')}
              className={classes['link'] ?? ''}
              leftSection={<DestinationIcon size={18} stroke={1.6} aria-hidden />}
              activeProps={{ 'data-active': true } as const}
            />
          </li>
        ))}
    </Stack>
  );
}

/** A new screen is announced and read from its start: focus goes to the content, as a new page would have it. */
function useFocusOnNewPath(pathname: string) {
  const content = useRef<HTMLDivElement>(null);
  const shown = useRef(pathname);
  useEffect(() => {
    if (shown.current === pathname) return;
    shown.current = pathname;
    content.current?.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }, [pathname]);
  return content;
}
