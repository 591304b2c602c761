// The webhook of an organisation, as its company admins set it on the server.
import { z } from 'zod';
import type { WebhookStanding } from '../../shared/protocol/webhook.ts';
import { percentsIn } from './alerts.ts';
import { command, optionalText, toggle, type Command } from './command.ts';
import { iso, readableNumberOf, readableTime } from './output.ts';
import { wrongFlag } from './problem-of.ts';
import { serverIdOf } from './servers.ts';

export const webhookCommands: readonly Command[] = [
  command({
    words: 'server webhook',
    help: 'Where the server tells of alerts by itself, and how that does; or set, try or remove it',
    flags: [
      ['--url <address>', 'set it to this address, as https://host/path'],
      ['--thresholds <percents>', 'tell of these instead, such as 50,80,100'],
      ['--new-secret', 'sign with another secret from now on; it is shown this once'],
      ['--try', 'send a message of no meaning now'],
      ['--remove', 'remove it, with what waits for it'],
      ['--server <id>', 'the server (default: the only one)'],
    ],
    input: z.object({
      url: optionalText,
      thresholds: optionalText,
      newSecret: toggle,
      try: toggle,
      remove: toggle,
      server: optionalText,
    }),
    async answer({ url, thresholds, newSecret, try: tries, remove, server }, context) {
      const sets = url !== undefined || thresholds !== undefined || newSecret === true;
      if (remove === true && (sets || tries === true)) throw wrongFlag('--remove', 'stands alone');
      const percents = thresholds === undefined ? undefined : percentsIn(thresholds);
      const client = await context.client();
      const serverId = await serverIdOf(client, server);
      const { webhook } = client.administration;
      if (remove === true) {
        const { removed } = await webhook.remove({ serverId });
        return { json: { removed }, text: removed ? 'The webhook was removed.' : 'There was none.' };
      }
      let secret: string | null = null;
      if (sets) {
        const to = url ?? (await webhook.get({ serverId }))?.url;
        if (to === undefined) throw wrongFlag('--url', 'is missing: there is no webhook yet');
        const given = { ...(percents && { thresholds: percents }), ...(newSecret === true && { newSecret }) };
        ({ secret } = await webhook.set({ serverId, url: to, ...given }));
      }
      const tried = tries === true ? await webhook.tryNow({ serverId }) : null;
      const standing = await webhook.get({ serverId });
      return {
        json: {
          webhook: standing === null ? null : webhookJson(standing),
          ...(sets ? { secret } : {}),
          ...(tried === null ? {} : { tried }),
        },
        text: [
          standing === null ? 'There is no webhook.' : webhookText(standing),
          ...(secret === null ? [] : [`Secret, shown this once: ${secret}`]),
          ...(tried === null
            ? []
            : [
                tried.arrived ? 'The test message arrived.' : `The test message did not arrive. ${tried.problem ?? ''}`,
              ]),
        ].join('\n'),
        unusable: tried?.arrived === false,
      };
    },
  }),
];

function webhookJson({ setAt, deliveredAt, failingSince, nextTryAt, ...others }: WebhookStanding) {
  return {
    ...others,
    setAt: iso(setAt),
    deliveredAt: iso(deliveredAt),
    failingSince: iso(failingSince),
    nextTryAt: iso(nextTryAt),
  };
}

function webhookText(standing: WebhookStanding): string {
  const { url, thresholds, state, waiting, lost, deliveredAt, failingSince, nextTryAt, problem } = standing;
  const told = thresholds.length === 0 ? 'no thresholds' : thresholds.map((percent) => `${percent} %`).join(', ');
  return [
    `${url}: ${told}`,
    deliveredAt === null ? 'Nothing was sent so far.' : `Last arrived: ${readableTime(deliveredAt)}.`,
    ...(state === 'ready' || failingSince === null
      ? []
      : [`Nothing has arrived since ${readableTime(failingSince)}. ${problem ?? ''}`]),
    ...(state === 'failing' && nextTryAt !== null ? [`Tried again at ${readableTime(nextTryAt)}.`] : []),
    ...(state === 'stopped' ? ['It was given up; nothing is sent until “server webhook --try” arrives.'] : []),
    ...(waiting === 0 ? [] : [`${readableNumberOf(waiting, 'message')} waiting.`]),
    ...(lost === 0 ? [] : [`${readableNumberOf(lost, 'message')} dropped, the oldest ones, because too many waited.`]),
  ].join('\n');
}
