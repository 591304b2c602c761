// What whoever runs the server looks at.
import { z } from 'zod';
import type { Services } from './all-routes.ts';
import { json, problemReply } from './reply.ts';
import { noBody, noQuery, publicRoute, type Route } from './route.ts';

const well = z.object({ status: z.literal('ok') });

export function watchRoutes({ database, metrics, stopSignal }: Services): readonly Route[] {
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
      summary: 'Whether requests can be served: the database answers, and the server is not about to stop.',
      body: noBody,
      query: noQuery,
      answer: well,
      handle: async () => {
        if (stopSignal.aborted)
          return problemReply('unavailable', 'The server is about to stop.', { retryAfterMs: 5_000 });
        try {
          await database.now();
          return json({ status: 'ok' });
        } catch {
          return problemReply('unavailable', 'The database does not answer.', { retryAfterMs: 5_000 });
        }
      },
    }),
    publicRoute({
      method: 'GET',
      path: '/metrics',
      summary: 'Figures of this process for Prometheus. They name no person, device or workspace.',
      body: noBody,
      query: noQuery,
      answer: z.string(),
      contentType: metrics.registry.contentType,
      handle: async () => ({
        kind: 'ready',
        contentType: metrics.registry.contentType,
        body: await metrics.registry.metrics(),
      }),
    }),
  ];
}
