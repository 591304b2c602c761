// Every route of the server. A new one is added here, and is then documented, checked and tested with the others.
import type { Database } from '../database/database.ts';
import type { Route } from './route.ts';
import { watchRoutes } from './watch-routes.ts';

/** What routes are made of. */
export interface Services {
  readonly database: Database;
}

export function allRoutes(services: Services): readonly Route[] {
  return [...watchRoutes(services)];
}
