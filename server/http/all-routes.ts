// Every route of the server. A new one is added here, and is then documented, checked and tested with the others.
import type { SignInName } from '../../shared/protocol/sign-in.ts';
import type { Database } from '../database/database.ts';
import type { AccessTokens } from '../identity/access-tokens.ts';
import type { Alerts } from '../alerts/alerts.ts';
import type { Standings } from '../identity/standing.ts';
import type { Histories } from '../history/history.ts';
import type { SignIns } from '../sign-in/sign-ins.ts';
import type { AccessIn } from '../identity/workspaces.ts';
import { adminRoutes } from './admin-routes.ts';
import { historyRoutes } from './history-routes.ts';
import { identityRoutes } from './identity-routes.ts';
import type { Metrics } from './metrics.ts';
import { openRoutes } from './open-routes.ts';
import { openApiRoute } from './openapi.ts';
import type { Route } from './route.ts';
import { signInRoutes } from './sign-in-routes.ts';
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
  /** null: people join by invites only. */
  readonly signIn: { readonly provider: string; readonly by: SignInName; readonly signIns: SignIns } | null;
  /** Aborted when the server is asked to stop: streams end, and nothing new is begun. */
  readonly stopSignal: AbortSignal;
}

export function allRoutes(services: Services): readonly Route[] {
  const routes = [
    ...watchRoutes(services),
    ...identityRoutes(services),
    ...signInRoutes(services),
    ...adminRoutes(services),
    ...webhookRoutes(services),
    ...historyRoutes(services),
    ...openRoutes(),
  ];
  return [...routes, openApiRoute(routes)];
}
