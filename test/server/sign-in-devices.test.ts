// Whole replicas and commands that join a real server by signing in at a real identity provider.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { certificateOf } from '../../server/certificate.ts';
import { changedSchema, devicesSchema, inviteCreatedSchema } from '../../shared/protocol/admin.ts';
import { pathOf, routes } from '../../shared/protocol/routes.ts';
import { commandLineIn } from '../support/command-line.ts';
import { startIdentityProvider, visit } from '../support/identity-provider.ts';
import { misbehavingProxy } from '../support/misbehaving-proxy.ts';
import { startOwnServer } from '../support/own-server.ts';
import { openTestReplica, problemOf, type Client } from '../support/replica.ts';
import { signInServer } from '../support/sign-in-server.ts';
import { until } from '../support/synced.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const quick = { intervalSeconds: 1 };

async function stateOf(client: Client) {
  return (await client.sync.status()).signIn;
}

/** Waits until the sign-in of a replica stands so. */
async function stands(client: Client, state: string): Promise<void> {
  await until(async () => (await stateOf(client))?.state === state);
}

describe('a replica', () => {
  it('shows a code, waits, and is the device of the person who entered it', async () => {
    const test = await signInServer({}, quick);
    await test.add('ana@example.org');
    const { client } = await openTestReplica();
    const address = test.server.address;
    expect(await client.sync.lookAtServer({ address })).toEqual({
      server: address,
      fingerprint: null,
      provider: 'Example',
      knownServerId: null,
    });
    const begun = await client.sync.signIn({ address, fingerprint: null, deviceName: 'Ana’s desk' });
    expect(begun).toMatchObject({ state: 'waiting', provider: 'Example', page: `${test.provider.issuer}/device` });
    expect(await stateOf(client)).toEqual(begun);
    expect(await visit(begun.page, { login: 'ana', code: begun.userCode })).toBe('You are signed in');
    await stands(client, 'joined');
    const { servers, signIn } = await client.sync.status();
    expect(servers).toMatchObject([{ id: signIn?.serverId, address, personName: 'ana@example.org', state: 'ready' }]);
    expect(await client.sync.endSignIn()).toEqual({ ended: true });
    expect(await client.sync.endSignIn()).toEqual({ ended: false });
    expect(await stateOf(client)).toBeNull();
    const [{ id: serverId } = { id: '' }] = servers;
    expect((await client.sync.refresh({ serverId })).servers[0]?.state).toBe('ready');
  });

  it('says what a person who is not let in can do', async () => {
    const test = await signInServer({}, quick);
    const { client } = await openTestReplica();
    const given = { address: test.server.address, fingerprint: null };
    const { pageWithCode } = await client.sync.signIn(given);
    await visit(pageWithCode!, { login: 'ana' });
    await stands(client, 'failed');
    expect((await stateOf(client))?.problem).toEqual({
      code: 'refused',
      message: `Example signed you in as ana@example.org, and nobody of that name may use ${given.address}.`,
      kept: 'Nothing was changed on this computer.',
      todo: 'Ask an admin to add you there under exactly that name, then sign in again.',
      issues: [],
    });
    await visit((await client.sync.signIn(given)).pageWithCode!, { login: 'ana', says: 'no' });
    await stands(client, 'failed');
    expect((await stateOf(client))?.problem?.message).toBe('It was not allowed at Example.');
    expect((await client.sync.status()).servers).toEqual([]);
  });

  it('goes on while server and provider are silent, and gives up when it is told to', async () => {
    const test = await signInServer({}, quick);
    await test.add('ana@example.org');
    const { client } = await openTestReplica();
    const { pageWithCode } = await client.sync.signIn({ address: test.server.address, fingerprint: null });
    test.provider.misbehave = (_, response) => {
      response.writeHead(503).end();
      return true;
    };
    await stands(client, 'provider-silent');
    test.provider.misbehave = null;
    await visit(pageWithCode!, { login: 'ana' });
    await stands(client, 'joined');

    const other = await client.sync.signIn({ address: test.server.address, fingerprint: null });
    await client.sync.endSignIn();
    await visit(other.pageWithCode!, { login: 'ana' });
    expect(await stateOf(client)).toBeNull();
    const down = await signInServer({ issuer: 'http://127.0.0.1:9' });
    const problem = await problemOf(client.sync.signIn({ address: down.server.address, fingerprint: null }));
    expect(problem.message).toContain('The identity provider does not answer the server.');
    expect(problem.todo).toBe('Try again a little later, or ask an admin for an invite.');
  });

  it('joins although the answer that let it in got lost: by an invite, and by signing in', async () => {
    const test = await signInServer({}, quick);
    const personId = await test.add('ana@example.org');
    const draws: number[] = [];
    const line = await misbehavingProxy(() => draws.shift() ?? 1);
    onTestFinished(line.close);
    Object.assign(line, { port: Number(new URL(test.server.address).port), misbehaves: true });
    /** The next request arrives and is answered, and the answer does not come. */
    const loseAnswer = (): void => void draws.push(1, 1, 1, 0);
    const { client } = await openTestReplica();
    const { code } = await test.admin.answer(inviteCreatedSchema, 'POST', routes.invites, { personId });
    const invite = `${line.address} ${code}`;
    loseAnswer();
    expect((await problemOf(client.sync.connect({ invite }))).message).toContain('was cut');
    await client.sync.connect({ invite });
    const { pageWithCode } = await client.sync.signIn({ address: line.address, fingerprint: null });
    await visit(pageWithCode!, { login: 'ana' });
    loseAnswer();
    await stands(client, 'server-silent');
    await stands(client, 'joined');
    expect(line.faults.get('answer-lost')).toBe(2);
    expect((await client.sync.status()).servers).toHaveLength(1);
    const { devices } = await test.admin.answer(devicesSchema, 'GET', routes.devices);
    expect(devices).toHaveLength(3);
  });

  it('does not come back by signing in once an admin has revoked it, and does by an invite', async () => {
    const test = await signInServer({}, quick);
    await test.add('ana@example.org');
    const { client } = await openTestReplica();
    const given = { address: test.server.address, fingerprint: null };
    const signIn = async () => visit((await client.sync.signIn(given)).pageWithCode!, { login: 'ana' });
    await signIn();
    await stands(client, 'joined');
    const [server] = (await client.sync.status()).servers;
    const { deviceId = '', personId = '', id: serverId = '' } = server ?? {};
    await test.admin.answer(changedSchema, 'POST', pathOf(routes.revokeDevice, { deviceId }));
    expect((await problemOf(client.sync.refresh({ serverId }))).message).toContain('has revoked this device');
    await signIn();
    await stands(client, 'failed');
    expect((await stateOf(client))?.problem?.message).toContain('signing in does not bring it back');
    const invite = await test.admin.send('POST', routes.invites, { personId });
    const { code } = Object(invite.body);
    await client.sync.connect({ invite: `${given.address} ${String(code)}` });
    expect((await client.sync.refresh({ serverId })).servers).toMatchObject([{ id: serverId, state: 'ready' }]);
  });

  it('knows a server that made its own certificate by what the person has compared', async () => {
    const provider = await startIdentityProvider(quick);
    onTestFinished(provider.close);
    const folder = await temporaryFolder();
    const made = await certificateOf({ tls: 'made', dataFolder: folder });
    if (!made.ok || made.value === null) throw new Error('A certificate is made where there is none.');
    const { certificate, key, fingerprint } = made.value;
    const [certificateFile, keyFile] = [join(folder, 'certificate.pem'), join(folder, 'key.pem')];
    writeFileSync(certificateFile, certificate);
    writeFileSync(keyFile, key);
    const server = await startOwnServer({
      FUELGAUGE_SERVER_TLS_CERTIFICATE: certificateFile,
      FUELGAUGE_SERVER_TLS_KEY: keyFile,
      FUELGAUGE_SERVER_SIGN_IN_ISSUER: provider.issuer,
      FUELGAUGE_SERVER_SIGN_IN_CLIENT_ID: provider.clientId,
      FUELGAUGE_SERVER_SIGN_IN_CLIENT_SECRET: provider.clientSecret,
      FUELGAUGE_SERVER_SIGN_IN_NAME: 'Example',
    });
    onTestFinished(server.drop);
    const { client, dataDir, close } = await openTestReplica();
    const { address } = server;
    expect(address).toMatch(/^https:/);
    expect(await client.sync.lookAtServer({ address })).toMatchObject({ fingerprint, provider: 'Example' });
    for (const other of [null, fingerprint!.replace(/^./, (digit) => (digit === '0' ? '1' : '0'))]) {
      const problem = await problemOf(client.sync.signIn({ address, fingerprint: other }));
      expect(problem.message).toContain('shows another certificate');
    }
    // It is let through to the sign-in; a page without TLS is for servers of this very computer that have none either.
    const problem = await problemOf(client.sync.signIn({ address, fingerprint }));
    expect(problem.message).toContain('sends people to a page that is not safe to open');
    await close();
    const cli = commandLineIn(dataDir);
    const missing = await cli.run('connect', address, '--sign-in');
    expect([missing.exitCode, missing.error]).toEqual([1, expect.stringContaining(`--fingerprint is missing`)]);
    expect(missing.error).toContain(fingerprint);
  });

  it('says what is wrong with an address, and of a server without a provider', async () => {
    const { client } = await openTestReplica();
    expect((await problemOf(client.sync.lookAtServer({ address: 'http://elsewhere.example' }))).issues).toHaveLength(1);
    const nobody = await problemOf(client.sync.lookAtServer({ address: 'https://127.0.0.1:9' }));
    expect(nobody).toMatchObject({
      message: 'Nobody answers at https://127.0.0.1:9.',
      kept: 'Nothing was changed on this computer.',
      todo: 'Check the address and the network, then try again.',
    });
  });
});

describe('the command line', () => {
  it('prints address and code, waits, and joins', async () => {
    const test = await signInServer({}, quick);
    await test.add('ana@example.org');
    const cli = commandLineIn(await temporaryFolder());
    const running = cli.run('connect', test.server.address, '--sign-in', '--device-name', 'Desk');
    const code = await until(async () => test.provider.userCodes[0]);
    await visit(`${test.provider.issuer}/device`, { login: 'ana', code });
    const { exitCode, out, error } = await running;
    expect(error).toContain(`open\n  ${test.provider.issuer}/device\nand enter the code\n  ${code}`);
    expect(error).toContain('Enter it only if it was you who asked for it.');
    expect([exitCode, out]).toEqual([0, expect.stringContaining('Joined My organisation as ana@example.org.')]);
  });
});
