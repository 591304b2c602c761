import { Badge, Box, Group, Menu, Text, UnstyledButton } from '@mantine/core';
import { IconCheck, IconHome, IconLayoutDashboard, IconPlus, IconSelector } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import type { WorkspaceSummary } from '../../shared/bridge/views.ts';
import classes from './app-shell.module.css';
import { strings } from './strings.ts';

interface WorkspaceSwitcherProps {
  readonly workspaces: readonly WorkspaceSummary[];
  readonly currentId: string;
}

/** The open workspace by name, and a menu of the others. */
export function WorkspaceSwitcher({ workspaces, currentId }: WorkspaceSwitcherProps) {
  const navigate = useNavigate();
  const current = workspaces.find((workspace) => workspace.id === currentId);
  const samples = workspaces.filter(({ sample }) => sample);
  const itemOf = (workspace: WorkspaceSummary) => (
    <WorkspaceItem
      key={workspace.id}
      workspace={workspace}
      isCurrent={workspace.id === currentId}
      onOpen={() => navigate({ to: '/w/$workspaceId/overview', params: { workspaceId: workspace.id } })}
    />
  );
  return (
    <Menu position="bottom-start" width={288} withinPortal shadow="md">
      <Menu.Target>
        <UnstyledButton
          className={classes['switcher'] ?? ''}
          aria-label={strings.switcher.label({ name: current?.name ?? '' })}
        >
          <Box miw={0} flex={1}>
            <Text fw={600} truncate title={current?.name ?? ''}>
              {current?.name ?? '…'}
            </Text>
            <Text size="xs" c="dimmed" truncate>
              {current === undefined ? ' ' : `${current.platformName} · ${current.planName}`}
            </Text>
          </Box>
          <IconSelector size={16} aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown mah={420} className={classes['switcherMenu'] ?? ''}>
        {samples.length === workspaces.length ? null : <Menu.Label>{strings.switcher.heading}</Menu.Label>}
        {workspaces.filter(({ sample }) => !sample).map(itemOf)}
        {samples.length === 0 ? null : <Menu.Label>{strings.switcher.sampleHeading}</Menu.Label>}
        {samples.map(itemOf)}
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconLayoutDashboard size={16} aria-hidden />}
          onClick={() => navigate({ to: '/home' })}
        >
          {strings.switcher.home}
        </Menu.Item>
        <Menu.Item leftSection={<IconPlus size={16} aria-hidden />} onClick={() => navigate({ to: '/new' })}>
          {strings.switcher.create}
        </Menu.Item>
        <Menu.Item leftSection={<IconHome size={16} aria-hidden />} onClick={() => navigate({ to: '/welcome' })}>
          {strings.switcher.welcome}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

interface WorkspaceItemProps {
  readonly workspace: WorkspaceSummary;
  readonly isCurrent: boolean;
  readonly onOpen: () => void;
}

function WorkspaceItem({ workspace, isCurrent, onOpen }: WorkspaceItemProps) {
  return (
    <Menu.Item
      onClick={onOpen}
      {...(isCurrent ? { 'aria-current': 'true' as const } : {})}
      rightSection={isCurrent ? <IconCheck size={16} aria-hidden /> : null}
    >
      <Group gap={6} wrap="nowrap">
        <Text size="sm" truncate>
          {workspace.name}
        </Text>
        {workspace.sample ? (
          <Badge size="xs" variant="light" color="amber" flex="none">
            {strings.switcher.sample}
          </Badge>
        ) : null}
      </Group>
      <Text size="xs" c="dimmed" truncate>
        {workspace.platformName} · {workspace.planName}
      </Text>
    </Menu.Item>
  );
}
