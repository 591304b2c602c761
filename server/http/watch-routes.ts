// What whoever runs the server looks at.
import { z } from 'zod';
import type { Services } from './all-routes.ts';
import { json, problemReply } from './reply.ts';
import { noBody, noQuery, publicRoute, type Route } from './route.ts';

const well = z.object({ status: z.literal('ok') });

export function watchRoutes({ database }: Pick<Services, 'database'>): readonly Route[] {
  return [
    publicRoute({
      method: 'GET',
      path: '/healthz',
      summary: 'Whether the process answers.',
      body: noBody,
      query: noQuery,
      answer: well,
      handle: async () => json({ status: 'ok' }),
    }),
    publicRoute({
      method: 'GET',
      path: '/readyz',
      summary: 'Whether requests can be served: the database answers.',
      body: noBody,
      query: noQuery,
      answer: well,
      handle: async () => {
        try {
          await database.now();
          return json({ status: 'ok' });
        } catch {
          return problemReply('unavailable', 'The database does not answer.', { retryAfterMs: 5_000 });
        }
      },
    }),
  ];
}
