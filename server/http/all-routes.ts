// Every route of the server. A new one is added here, and is then documented, checked and tested with the others.
import type { Database } from '../database/database.ts';
import type { AccessTokens } from '../identity/access-tokens.ts';
import type { Alerts } from '../alerts/alerts.ts';
import type { Standings } from '../identity/standing.ts';
import type { Histories } from '../history/history.ts';
import type { AccessIn } from '../identity/workspaces.ts';
import { adminRoutes } from './admin-routes.ts';
import { historyRoutes } from './history-routes.ts';
import { identityRoutes } from './identity-routes.ts';
import type { Metrics } from './metrics.ts';
import { openApiRoute } from './openapi.ts';
import type { Route } from './route.ts';
import { watchRoutes } from './watch-routes.ts';
import { webhookRoutes } from './webhook-routes.ts';

/** What routes are made of. */
export interface Services {
  readonly database: Database;
  readonly accessTokens: AccessTokens;
  readonly standings: Standings;
  /** What the histories say of the access of members. */
  readonly accessIn: AccessIn;
  readonly histories: Histories;
  readonly alerts: Alerts;
  readonly metrics: Metrics;
  /** Aborted when the server is asked to stop: streams end, and nothing new is begun. */
  readonly stopSignal: AbortSignal;
}

export function allRoutes(services: Services): readonly Route[] {
  const routes = [
    ...watchRoutes(services),
    ...identityRoutes(services),
    ...adminRoutes(services),
    ...webhookRoutes(services),
    ...historyRoutes(services),
  ];
  return [...routes, openApiRoute(routes)];
}
