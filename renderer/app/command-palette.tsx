import { Kbd } from '@mantine/core';
import { useOs } from '@mantine/hooks';
import { Spotlight, type SpotlightActionData, type SpotlightActionGroupData } from '@mantine/spotlight';
import {
  IconBuildingWarehouse,
  IconClockPause,
  IconFileExport,
  IconLayersSubtract,
  IconPackage,
  IconPlus,
  IconReplace,
  IconRulerMeasure,
  IconScale,
  IconServer2,
  IconShieldHalf,
  IconUserCheck,
  IconUserPlus,
  IconUsersGroup,
  type Icon,
} from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import type { WorkspaceSummary } from '../../shared/bridge/views.ts';
import { administeredServer, useSync } from '../hooks/use-sync.ts';
import { destinations, shortcutOf } from './destinations.ts';
import { strings } from './strings.ts';

export interface CommandPaletteProps {
  readonly workspaceId: string;
  readonly workspaces: readonly WorkspaceSummary[];
}

/** Every screen, main action and workspace by name (Ctrl or ⌘ and K). */
export function CommandPalette({ workspaceId, workspaces }: CommandPaletteProps) {
  const navigate = useNavigate();
  const isMac = useOs() === 'macos';
  const params = { workspaceId };

  const administers = administeredServer(useSync().data, workspaceId) !== null;
  const known = destinations.filter(({ id }) => id !== 'administration' || administers);

  const goTo: SpotlightActionData[] = known.map(({ id, to, label, icon, key }) => ({
    ...described(id, label, icon),
    onClick: () => void navigate({ to, params }),
    rightSection: <Kbd size="xs">{shortcutOf(key, isMac)}</Kbd>,
  }));

  const { actions } = strings.palette;
  const subscription = (action: 'order' | 'plan' | 'seats' | 'cap' | 'grant' | 'reading') => () =>
    void navigate({ to: '/w/$workspaceId/subscription', params, search: { do: action } });
  const act: SpotlightActionData[] = [
    {
      ...described('hold', actions.hold, IconClockPause),
      onClick: () => void navigate({ to: '/w/$workspaceId/log', params }),
    },
    { ...described('order', actions.order, IconPackage), onClick: subscription('order') },
    { ...described('plan', actions.changePlan, IconReplace), onClick: subscription('plan') },
    { ...described('seats', actions.changeSeats, IconUsersGroup), onClick: subscription('seats') },
    { ...described('cap', actions.setCap, IconShieldHalf), onClick: subscription('cap') },
    { ...described('grant', actions.addGrant, IconPlus), onClick: subscription('grant') },
    { ...described('reading', actions.addReading, IconRulerMeasure), onClick: subscription('reading') },
    {
      ...described('readings', actions.readings, IconScale),
      onClick: () => void navigate({ to: '/w/$workspaceId/subscription/readings', params }),
    },
    {
      ...described('add-members', actions.addMembers, IconUserPlus),
      onClick: () => void navigate({ to: '/w/$workspaceId/members', params, search: { do: 'add' } }),
    },
    {
      ...described('who-am-i', actions.whoAmI, IconUserCheck),
      onClick: () => void navigate({ to: '/w/$workspaceId/settings', params }),
    },
    {
      ...described('export', actions.exportLedger, IconFileExport),
      onClick: () => void navigate({ to: '/w/$workspaceId/ledger', params }),
    },
    {
      ...described('platform', actions.describePlatform, IconLayersSubtract),
      onClick: () => void navigate({ to: '/platform/new' }),
    },
    {
      ...described('connect', actions.connect, IconServer2),
      onClick: () => void navigate({ to: '/connect' }),
    },
    { ...described('new', strings.switcher.create, IconPlus), onClick: () => void navigate({ to: '/new' }) },
  ];

  const others: SpotlightActionData[] = workspaces
    .filter((workspace) => workspace.id !== workspaceId)
    .map((workspace) => ({
      ...described(workspace.id, workspace.name, IconBuildingWarehouse),
      description: `${workspace.platformName} · ${workspace.planName}`,
      onClick: () => void navigate({ to: '/w/$workspaceId/overview', params: { workspaceId: workspace.id } }),
    }));

  const groups: SpotlightActionGroupData[] = [
    { group: strings.palette.goTo, actions: goTo },
    { group: strings.palette.act, actions: act },
    ...(others.length > 0 ? [{ group: strings.palette.workspaces, actions: others }] : []),
  ];
  return (
    <Spotlight
      actions={groups}
      // The key is heard before the code of the palette is there.
      shortcut={null}
      nothingFound={strings.palette.nothing}
      highlightQuery
      scrollable
      maxHeight={420}
      attributes={{ content: { 'aria-label': strings.palette.open } }}
      // What scrolls must be reachable by keyboard.
      scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}
      searchProps={{ placeholder: strings.palette.placeholder, 'aria-label': strings.palette.open }}
    />
  );
}

function described(id: string, label: string, ActionIcon: Icon): SpotlightActionData {
  return { id, label, leftSection: <ActionIcon size={18} stroke={1.6} aria-hidden /> };
}
