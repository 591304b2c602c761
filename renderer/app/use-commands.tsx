import { useMantineColorScheme } from '@mantine/core';
import {
  IconAdjustments,
  IconBuildingWarehouse,
  IconChartDonut,
  IconClockPause,
  IconFileExport,
  IconFileImport,
  IconHome,
  IconKeyboard,
  IconLayersSubtract,
  IconLayoutDashboard,
  IconPackage,
  IconPencilPlus,
  IconPlus,
  IconScale,
  IconServer2,
  IconSun,
  IconUserCheck,
  IconUserPlus,
  type Icon,
} from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import type { WorkspaceSummary } from '../../shared/bridge/views.ts';
import { settingsSections, subscriptionActions } from '../hooks/route-search.ts';
import { screenKeys, shortcuts } from '../hooks/shortcuts.ts';
import { administeredServer, useSync } from '../hooks/use-sync.ts';
import { destinations } from './destinations.ts';
import { overlays } from './overlays.ts';
import { strings } from './palette-strings.ts';

export type CommandGroup = keyof typeof strings.groups;

/** Something that the palette leads to or does. */
export interface Command {
  readonly id: string;
  readonly group: CommandGroup;
  readonly label: string;
  readonly icon: Icon;
  readonly hint?: string | undefined;
  readonly keywords?: string | undefined;
  readonly keys?: string | undefined;
  readonly run: () => void;
}

interface Given {
  /** null before there is one: then there is nothing in it to go to. */
  readonly workspaceId: string | null;
  readonly workspaces: readonly WorkspaceSummary[];
}

/** Every screen, action, dialog, section of the settings and workspace. */
export function useCommands({ workspaceId, workspaces }: Given): readonly Command[] {
  const inWorkspace = useWorkspaceCommands(workspaceId);
  return [...inWorkspace, ...useGlobalCommands(), ...useWorkspaceList({ workspaceId, workspaces })];
}

function useWorkspaceCommands(workspaceId: string | null): readonly Command[] {
  const navigate = useNavigate();
  const administers = administeredServer(useSync().data, workspaceId ?? '') !== null;
  if (workspaceId === null) return [];
  const params = { workspaceId };
  const { actions } = strings;
  const act = (id: string, label: string, icon: Icon, run: () => void): Command => {
    return { id, group: 'actions', label, icon, run };
  };
  const screens = destinations
    .filter(({ id }) => id !== 'administration' || administers)
    .map(({ id, to, label, icon, key }): Command => {
      return { id, group: 'screens', label, icon, keys: screenKeys(key), run: () => void navigate({ to, params }) };
    });
  const lists = (
    [
      ['/w/$workspaceId/credits-usage/features', strings.byFeature],
      ['/w/$workspaceId/credits-usage/teams', strings.byTeam],
      ['/w/$workspaceId/credits-usage/users', strings.byUser],
    ] as const
  ).map(([to, label]): Command => {
    return { id: to, group: 'screens', label, icon: IconChartDonut, run: () => void navigate({ to, params }) };
  });
  return [
    ...screens,
    ...lists,
    act('log-usage', actions.log, IconPencilPlus, () => void navigate({ to: '/w/$workspaceId/log', params })),
    act('hold', actions.hold, IconClockPause, () => void navigate({ to: '/w/$workspaceId/log', params })),
    ...subscriptionActions.map((action) =>
      act(`do-${action}`, actions[action], action === 'order' ? IconPackage : IconAdjustments, () => {
        void navigate({ to: '/w/$workspaceId/subscription', params, search: { do: action } });
      }),
    ),
    act('readings', actions.readings, IconScale, () => {
      void navigate({ to: '/w/$workspaceId/subscription/readings', params });
    }),
    act('add-members', actions.addMembers, IconUserPlus, () => {
      void navigate({ to: '/w/$workspaceId/members', params, search: { do: 'add' } });
    }),
    act('who-am-i', actions.whoAmI, IconUserCheck, () => {
      void navigate({ to: '/w/$workspaceId/settings', params, search: { section: 'me' } });
    }),
    act('export', actions.exportLedger, IconFileExport, () => void navigate({ to: '/w/$workspaceId/ledger', params })),
    act('import-file', actions.importFile, IconFileImport, () => {
      void navigate({ to: '/w/$workspaceId/import', params });
    }),
    ...settingsSections.map((section): Command => {
      const run = () => void navigate({ to: '/w/$workspaceId/settings', params, search: { section } });
      return {
        id: `settings-${section}`,
        group: 'settings',
        label: strings.settings[section],
        icon: IconAdjustments,
        run,
      };
    }),
  ];
}

function useGlobalCommands(): readonly Command[] {
  const navigate = useNavigate();
  const { setColorScheme } = useMantineColorScheme();
  const { actions } = strings;
  const go = (id: string, label: string, icon: Icon, run: () => void, keys?: string): Command => {
    return { id, group: 'screens', label, icon, run, keys };
  };
  const act = (id: string, label: string, icon: Icon, run: () => void): Command => {
    return { id, group: 'actions', label, icon, run };
  };
  return [
    go('home', strings.home, IconLayoutDashboard, () => void navigate({ to: '/home' }), shortcuts.home.keys[0]),
    go('start', strings.start, IconHome, () => void navigate({ to: '/welcome' })),
    act('new', strings.create, IconPlus, () => void navigate({ to: '/new' })),
    act('connect', actions.connect, IconServer2, () => void navigate({ to: '/connect' })),
    act('platform', actions.describePlatform, IconLayersSubtract, () => void navigate({ to: '/platform/new' })),
    ...(['light', 'dark', 'auto'] as const).map((scheme) =>
      act(scheme, actions[scheme], IconSun, () => setColorScheme(scheme)),
    ),
    {
      ...act('shortcuts', actions.shortcuts, IconKeyboard, () => overlays.open('shortcuts')),
      keys: shortcuts.sheet.keys[0],
    },
  ];
}

function useWorkspaceList({ workspaceId, workspaces }: Given): readonly Command[] {
  const navigate = useNavigate();
  return workspaces
    .filter(({ id }) => id !== workspaceId)
    .map(({ id, name, platformName, planName }): Command => ({
      id: `workspace-${id}`,
      group: 'workspaces',
      label: name,
      icon: IconBuildingWarehouse,
      hint: `${platformName} · ${planName}`,
      keywords: platformName,
      run: () => void navigate({ to: '/w/$workspaceId/overview', params: { workspaceId: id } }),
    }));
}
