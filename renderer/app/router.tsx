// The addresses of the app. They live behind `#`, so that they are the same on app:// and on http.
import {
  createHashHistory,
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import { parseHomeSearch } from '../hooks/home-search.ts';
import {
  parseConnectSearch,
  parseMembersSearch,
  parseSettingsSearch,
  parseSubscriptionSearch,
} from '../hooks/route-search.ts';
import { parseLedgerSearch, parseUsageSearch } from '../../shared/analytics/view-link.ts';
import { parseWhatIfSearch } from '../hooks/what-if-search.ts';
import { bridge } from './bridge.ts';
import { NotFoundScreen, RootErrorScreen, RootNotFoundScreen, RouteErrorScreen } from './error-screens.tsx';
import { SetupShell } from './app-shell.tsx';
import { WorkspaceFrame } from './workspace-frame.tsx';

const rootRoute = createRootRoute({
  component: Outlet,
  errorComponent: RootErrorScreen,
  notFoundComponent: RootNotFoundScreen,
});

const startRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/',
  beforeLoad: async () => {
    const workspaces = await bridge.workspaces.list();
    if (workspaces.length > 1) throw redirect({ to: '/home' });
    const [workspace] = workspaces;
    if (workspace === undefined) throw redirect({ to: '/welcome' });
    throw redirect({ to: '/w/$workspaceId/overview', params: { workspaceId: workspace.id } });
  },
});

const setupRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'setup',
  component: () => (
    <SetupShell>
      <Outlet />
    </SetupShell>
  ),
});

const homeRoute = createRoute({
  getParentRoute: () => setupRoute,
  path: '/home',
  validateSearch: parseHomeSearch,
  component: lazyRouteComponent(() => import('../features/home/home-screen.tsx'), 'HomeScreen'),
});

const welcomeRoute = createRoute({
  getParentRoute: () => setupRoute,
  path: '/welcome',
  component: lazyRouteComponent(() => import('../features/onboarding/welcome-screen.tsx'), 'WelcomeScreen'),
});

const newWorkspaceRoute = createRoute({
  getParentRoute: () => setupRoute,
  path: '/new',
  validateSearch: (search: Record<string, unknown>): { readonly platform?: string } =>
    typeof search['platform'] === 'string' ? { platform: search['platform'] } : {},
  component: lazyRouteComponent(() => import('../features/onboarding/new-workspace-screen.tsx'), 'NewWorkspaceScreen'),
});

const newPlatformRoute = createRoute({
  getParentRoute: () => setupRoute,
  path: '/platform/new',
  validateSearch: (search: Record<string, unknown>): { readonly platform?: string } =>
    typeof search['platform'] === 'string' ? { platform: search['platform'] } : {},
  component: lazyRouteComponent(() => import('../features/onboarding/platform-screen.tsx'), 'PlatformScreen'),
});

const connectRoute = createRoute({
  getParentRoute: () => setupRoute,
  path: '/connect',
  validateSearch: parseConnectSearch,
  component: lazyRouteComponent(() => import('../features/sync/connect-screen.tsx'), 'ConnectScreen'),
});

const serverRoute = createRoute({
  getParentRoute: () => setupRoute,
  path: '/server/$serverId',
  component: lazyRouteComponent(() => import('../features/administration/server-screen.tsx'), 'ServerScreen'),
});

const workspaceRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/w/$workspaceId',
  notFoundComponent: NotFoundScreen,
  component: function WorkspaceRoute() {
    const { workspaceId } = workspaceRoute.useParams();
    return (
      <WorkspaceFrame key={workspaceId} workspaceId={workspaceId}>
        <Outlet />
      </WorkspaceFrame>
    );
  },
});

const workspaceHomeRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/',
  beforeLoad: ({ params }) => {
    throw redirect({ to: '/w/$workspaceId/overview', params });
  },
});

const overviewRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/overview',
  component: lazyRouteComponent(() => import('../features/overview/overview-screen.tsx'), 'OverviewScreen'),
});

const forecastRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/forecast',
  component: lazyRouteComponent(() => import('../features/forecast/forecast-screen.tsx'), 'ForecastScreen'),
});

const logRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/log',
  component: lazyRouteComponent(() => import('../features/log-usage/log-usage-screen.tsx'), 'LogUsageScreen'),
});

const ledgerRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/ledger',
  validateSearch: parseLedgerSearch,
  component: lazyRouteComponent(() => import('../features/ledger/ledger-screen.tsx'), 'LedgerScreen'),
});

const importRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/import',
  component: lazyRouteComponent(() => import('../features/import/import-screen.tsx'), 'ImportScreen'),
});

const subscriptionRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/subscription',
  validateSearch: parseSubscriptionSearch,
  component: lazyRouteComponent(() => import('../features/subscription/subscription-screen.tsx'), 'SubscriptionScreen'),
});

const readingsRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/subscription/readings',
  component: lazyRouteComponent(() => import('../features/readings/readings-screen.tsx'), 'ReadingsScreen'),
});

const readingRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/subscription/readings/$readingId',
  component: lazyRouteComponent(() => import('../features/readings/reading-screen.tsx'), 'ReadingScreen'),
});

const membersRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/members',
  validateSearch: parseMembersSearch,
  component: lazyRouteComponent(() => import('../features/members/members-screen.tsx'), 'MembersScreen'),
});

const settingsRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/settings',
  validateSearch: parseSettingsSearch,
  component: lazyRouteComponent(() => import('../features/settings/settings-screen.tsx'), 'SettingsScreen'),
});

const alertsRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/alerts',
  component: lazyRouteComponent(() => import('../features/alerts/alerts-screen.tsx'), 'AlertsScreen'),
});

const syncRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/sync',
  component: lazyRouteComponent(() => import('../features/sync/sync-screen.tsx'), 'SyncScreen'),
});

const administrationRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/administration',
  component: lazyRouteComponent(
    () => import('../features/administration/administration-screen.tsx'),
    'AdministrationScreen',
  ),
});

const whatIfRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/what-if',
  validateSearch: parseWhatIfSearch,
  component: lazyRouteComponent(() => import('../features/what-if/what-if-screen.tsx'), 'WhatIfScreen'),
});

const usageRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/credits-usage',
  validateSearch: parseUsageSearch,
  component: lazyRouteComponent(() => import('../features/usage-panel/usage-panel-screen.tsx'), 'UsagePanelScreen'),
});

const featureListRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/credits-usage/features',
  validateSearch: parseUsageSearch,
  component: lazyRouteComponent(() => import('../features/usage-panel/usage-list-screen.tsx'), 'FeatureListScreen'),
});

const teamListRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/credits-usage/teams',
  validateSearch: parseUsageSearch,
  component: lazyRouteComponent(() => import('../features/usage-panel/usage-list-screen.tsx'), 'TeamListScreen'),
});

const userListRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/credits-usage/users',
  validateSearch: parseUsageSearch,
  component: lazyRouteComponent(() => import('../features/usage-panel/usage-list-screen.tsx'), 'UserListScreen'),
});

const teamUsageRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/credits-usage/teams/$teamId',
  validateSearch: parseUsageSearch,
  component: lazyRouteComponent(() => import('../features/usage-panel/team-usage-screen.tsx'), 'TeamUsageScreen'),
});

const routeTree = rootRoute.addChildren([
  startRoute,
  setupRoute.addChildren([homeRoute, welcomeRoute, newWorkspaceRoute, newPlatformRoute, connectRoute, serverRoute]),
  workspaceRoute.addChildren([
    workspaceHomeRoute,
    overviewRoute,
    forecastRoute,
    whatIfRoute,
    usageRoute,
    featureListRoute,
    teamListRoute,
    userListRoute,
    teamUsageRoute,
    logRoute,
    ledgerRoute,
    subscriptionRoute,
    readingsRoute,
    readingRoute,
    importRoute,
    membersRoute,
    settingsRoute,
    alertsRoute,
    syncRoute,
    administrationRoute,
  ]),
]);

// The code of the screen that most starts lead to comes while the connection is made.
if (location.hash === '' || location.hash.includes('/overview')) {
  void import('../features/overview/overview-screen.tsx');
}

export const router = createRouter({
  routeTree,
  history: createHashHistory(),
  defaultErrorComponent: RouteErrorScreen,
  defaultNotFoundComponent: RootNotFoundScreen,
  defaultPreload: 'intent',
  scrollRestoration: false,
});

declare module '@tanstack/react-router' {
  interface Register {
    readonly router: typeof router;
  }
}
