// The webhook as a company admin sets it at the command line, on a server that runs.
import { expect, it } from 'vitest';
import { inviteCreatedSchema } from '../../../shared/protocol/admin.ts';
import { routes } from '../../../shared/protocol/routes.ts';
import { commandLineIn } from '../../support/command-line.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { testServer } from '../../support/test-server.ts';
import { webhookReceiver } from '../../support/webhook-receiver.ts';

it('is set, tried, changed, shown without its secret, and removed', async () => {
  const receiver = await webhookReceiver();
  const webhooks = { privateAddresses: true, authorities: receiver.authorities, forecastMsMin: 0 };
  const { admin, server } = await testServer({ config: { webhooks } });
  const { code } = await admin.answer(inviteCreatedSchema, 'POST', routes.invites, { personId: admin.personId });
  const cli = commandLineIn(await temporaryFolder());
  await cli.run('connect', `${server.address} ${code}`);
  expect((await cli.run('server webhook')).out).toBe('There is no webhook.\n');
  expect(await cli.run('server webhook --thresholds 90')).toMatchObject({
    exitCode: 1,
    error: expect.stringContaining('--url is missing: there is no webhook yet'),
  });
  const set = await cli.run(`server webhook --url ${receiver.url} --try`);
  expect(set.exitCode).toBe(0);
  expect(set.out).toMatch(/^Secret, shown this once: whsec_[A-Za-z0-9+/]{43}=$/m);
  expect(set.out).toContain('The test message arrived.');
  expect(receiver.received).toHaveLength(1);
  expect(await cli.json('server webhook --thresholds 90,10')).toMatchObject({
    secret: null,
    webhook: { url: receiver.url, thresholds: [10, 90], state: 'ready' },
  });
  expect((await cli.run('server webhook')).out).toMatch(/: 10 %, 90 %\nLast arrived: /);
  receiver.answer(500);
  expect(await cli.run('server webhook --try')).toMatchObject({
    exitCode: 1,
    out: expect.stringContaining('The test message did not arrive. The receiver answered with 500.'),
  });
  expect(await cli.run('server webhook --url http://example.com/')).toMatchObject({ exitCode: 1, out: '' });
  expect(await cli.run('server webhook --remove --try')).toMatchObject({ exitCode: 1 });
  expect(await cli.json('server webhook --remove')).toEqual({ removed: true });
  expect(await cli.json('server webhook --remove')).toEqual({ removed: false });
});
