// The webhook of an organisation, as a company admin sets it on the server.
import type { z } from 'zod';
import type { Result } from '../../shared/kernel/result.ts';
import { changedSchema } from '../../shared/protocol/admin.ts';
import { routes } from '../../shared/protocol/routes.ts';
import {
  webhookSchema,
  webhookSecretSchema,
  webhookTriedSchema,
  type webhookSetSchema,
} from '../../shared/protocol/webhook.ts';
import type { CallFailure, ServerClient } from './server-client.ts';

type Answer<Schema extends z.ZodType> = Promise<Result<z.output<Schema>, CallFailure>>;

export function readWebhook(client: ServerClient): Answer<typeof webhookSchema> {
  return client.ask({ method: 'GET', path: routes.webhook }, webhookSchema);
}

export function setWebhook(
  client: ServerClient,
  given: z.input<typeof webhookSetSchema>,
): Answer<typeof webhookSecretSchema> {
  return client.ask({ method: 'POST', path: routes.webhook, body: JSON.stringify(given) }, webhookSecretSchema);
}

export function removeWebhook(client: ServerClient): Answer<typeof changedSchema> {
  return client.ask({ method: 'POST', path: routes.removeWebhook }, changedSchema);
}

export function tryWebhook(client: ServerClient): Answer<typeof webhookTriedSchema> {
  return client.ask({ method: 'POST', path: routes.tryWebhook }, webhookTriedSchema);
}
