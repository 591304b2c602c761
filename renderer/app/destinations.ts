import {
  IconArrowDownToArc,
  IconArrowsSplit,
  IconBell,
  IconBook2,
  IconChartDonut,
  IconChartDots,
  IconCloudUp,
  IconCreditCard,
  IconGauge,
  IconPencilPlus,
  IconServerCog,
  IconSettings,
  IconUsers,
  type Icon,
} from '@tabler/icons-react';
import { strings } from './strings.ts';

/** A screen of a workspace, as navigation, command palette and shortcuts name it. */
export interface Destination {
  readonly id: keyof typeof strings.navigation;
  readonly to: `/w/$workspaceId/${keyof typeof strings.navigation}`;
  readonly label: string;
  readonly icon: Icon;
  /** With Alt and Shift: keys that neither browsers nor screen readers take for themselves. */
  readonly key: string;
}

export const destinations: readonly Destination[] = [
  { id: 'overview', to: '/w/$workspaceId/overview', label: strings.navigation.overview, icon: IconGauge, key: 'O' },
  {
    id: 'credits-usage',
    to: '/w/$workspaceId/credits-usage',
    label: strings.navigation['credits-usage'],
    icon: IconChartDonut,
    key: 'C',
  },
  { id: 'forecast', to: '/w/$workspaceId/forecast', label: strings.navigation.forecast, icon: IconChartDots, key: 'F' },
  {
    id: 'what-if',
    to: '/w/$workspaceId/what-if',
    label: strings.navigation['what-if'],
    icon: IconArrowsSplit,
    key: 'W',
  },
  { id: 'log', to: '/w/$workspaceId/log', label: strings.navigation.log, icon: IconPencilPlus, key: 'L' },
  { id: 'ledger', to: '/w/$workspaceId/ledger', label: strings.navigation.ledger, icon: IconBook2, key: 'G' },
  {
    id: 'subscription',
    to: '/w/$workspaceId/subscription',
    label: strings.navigation.subscription,
    icon: IconCreditCard,
    key: 'S',
  },
  { id: 'import', to: '/w/$workspaceId/import', label: strings.navigation.import, icon: IconArrowDownToArc, key: 'U' },
  { id: 'members', to: '/w/$workspaceId/members', label: strings.navigation.members, icon: IconUsers, key: 'M' },
  { id: 'settings', to: '/w/$workspaceId/settings', label: strings.navigation.settings, icon: IconSettings, key: 'E' },
  { id: 'sync', to: '/w/$workspaceId/sync', label: strings.navigation.sync, icon: IconCloudUp, key: 'Y' },
  {
    id: 'administration',
    to: '/w/$workspaceId/administration',
    label: strings.navigation.administration,
    icon: IconServerCog,
    key: 'D',
  },
  { id: 'alerts', to: '/w/$workspaceId/alerts', label: strings.navigation.alerts, icon: IconBell, key: 'A' },
];
