// The webhook of an organisation, as its company admins set it.
import { limits } from '../../shared/protocol/limits.ts';
import { changedSchema } from '../../shared/protocol/admin.ts';
import { routes } from '../../shared/protocol/routes.ts';
import {
  webhookSchema,
  webhookSecretSchema,
  webhookSetSchema,
  webhookTriedSchema,
} from '../../shared/protocol/webhook.ts';
import { webhookAddress, type AddressProblem } from '../alerts/address.ts';
import { readWebhook, removeWebhook, setWebhook } from '../alerts/webhooks.ts';
import type { Services } from './all-routes.ts';
import { json, problemReply, type ProblemReply } from './reply.ts';
import { adminRoute, noBody, noQuery, type Route } from './route.ts';

/** What is wrong with an address, as it follows its name. */
const addressProblems: Readonly<Record<AddressProblem, ProblemReply>> = {
  'no-address': wrongAddress('is no address like https://host/path'),
  'not-https': wrongAddress('does not begin with https://, and a webhook is called by HTTPS only'),
  'with-password': wrongAddress('has a name or password in it; the receiver knows messages by their signature'),
  private: wrongAddress(
    'leads into a private network; give one of the public Internet, or ask whoever runs the server to allow it',
  ),
};

function wrongAddress(detail: string): ProblemReply {
  return problemReply('malformed-request', 'This cannot be the address of a webhook.', { detail });
}

export function webhookRoutes({ database, alerts }: Services): readonly Route[] {
  return [
    adminRoute({
      method: 'GET',
      path: routes.webhook,
      summary: 'The webhook of the organisation, without its secret, and how it does.',
      body: noBody,
      query: noQuery,
      answer: webhookSchema,
      handle: async ({ caller: { organisationId } }) =>
        json({ webhook: await database.inOrganisation(organisationId, readWebhook) }),
    }),
    adminRoute({
      method: 'POST',
      path: routes.webhook,
      summary: 'Sets the webhook of the organisation. A new secret is told this once.',
      body: webhookSetSchema,
      query: noQuery,
      bodyBytesMax: limits.rowBytesMax,
      answer: webhookSecretSchema,
      handle: async ({ caller: { organisationId }, body: { url, thresholds, newSecret = false } }) => {
        const address = webhookAddress(url, alerts.sending);
        if (!address.ok) return addressProblems[address.error];
        const given = { organisationId, url: address.value, thresholds, newSecret };
        const set = await database.inOrganisation(organisationId, (transaction) => setWebhook(transaction, given));
        // What has been crossed by now is known from here on, and told to nobody.
        await alerts.lookAtAll(organisationId);
        return json(set);
      },
    }),
    adminRoute({
      method: 'POST',
      path: routes.removeWebhook,
      summary: 'Removes the webhook with what waits for it.',
      body: noBody,
      query: noQuery,
      answer: changedSchema,
      handle: async ({ caller: { organisationId } }) =>
        json({ changed: await database.inOrganisation(organisationId, removeWebhook) }),
    }),
    adminRoute({
      method: 'POST',
      path: routes.tryWebhook,
      summary: 'Sends a message of no meaning to the webhook, now. Where it arrives, what waits follows.',
      body: noBody,
      query: noQuery,
      answer: webhookTriedSchema,
      handle: async ({ caller: { organisationId } }) => {
        const sent = await alerts.tryNow(organisationId);
        if (sent === null) return problemReply('not-found', 'This organisation has no webhook.');
        return json(sent.ok ? { arrived: true, problem: null } : { arrived: false, problem: sent.error.why });
      },
    }),
  ];
}
