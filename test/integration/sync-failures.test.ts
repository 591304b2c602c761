// Servers and networks that do not behave, and data that was put back: a device survives all of it and names it.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { certificateOf } from '../../server/certificate.ts';
import { memoryHttpServer } from '../support/memory-http-server.ts';
import { openTestReplica, problemOf } from '../support/replica.ts';
import { inStep, lineCount, publishedTo, syncOf, until } from '../support/synced.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const json = { 'content-type': 'application/json' };

/** What something that is no good server answers to a pull, and how a person is told. */
const answers: readonly (readonly [string, (response: ServerResponse, request: IncomingMessage) => void, RegExp])[] = [
  ['no JSON', (response) => response.writeHead(200, json).end('<html>'), /is no Fuelgauge server/],
  ['a page to sign in', (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('hi'), /is no Fuel/],
  [
    'another address',
    (response) => response.writeHead(302, { location: '/elsewhere' }).end(),
    /is no Fuelgauge server/,
  ],
  ['another shape', (response) => response.writeHead(200, json).end('{"kind":"page"}'), /another shape/],
  [
    'another workspace',
    (response) =>
      response.writeHead(200, json).end(
        JSON.stringify({
          kind: 'page',
          more: false,
          checkpoint: { epoch: 'epoch-0', view: 'all', seq: 1_000 },
          documents: [
            {
              kind: 'entry',
              seq: 1_000,
              by: { deviceId: 'x', number: 1 },
              entry: { kind: 'reading', reading: { id: 'r', workspaceId: 'other', at: 0, used: 0 } },
            },
          ],
        }),
      ),
    /entries of another workspace/,
  ],
  [
    'a bomb',
    (response) =>
      response
        .writeHead(200, { ...json, 'content-encoding': 'br' })
        .end(brotliCompressSync(Buffer.alloc(64 * 1024 * 1024, ' '))),
    /more than a Fuelgauge server ever sends/,
  ],
  [
    'a torn archive',
    (response) =>
      response.writeHead(200, { ...json, 'content-encoding': 'gzip' }).end(gzipSync('{"kind":"page"}').subarray(0, 12)),
    /is no Fuelgauge server|was cut/,
  ],
  [
    'another version',
    (response) =>
      response
        .writeHead(426, { 'content-type': 'application/problem+json' })
        .end(JSON.stringify({ type: 'urn:fuelgauge:problem:other-protocol', title: 'Too old', status: 426 })),
    /do not speak the same version/,
  ],
  [
    'that it is full',
    (response) =>
      response
        .writeHead(507, { 'content-type': 'application/problem+json' })
        .end(JSON.stringify({ type: 'urn:fuelgauge:problem:server-full', title: 'Full', status: 507 })),
    /has no room left/,
  ],
  ['nothing', (response) => response.destroy(), /was cut/],
];

describe('a server that does not behave', () => {
  it.each(answers)('answers %s: nothing is believed, everything goes on', async (_, answer, words) => {
    const server = await memoryHttpServer();
    const replica = await openTestReplica();
    const { client } = replica;
    const { workspaceId } = await publishedTo(server, replica);
    server.misbehave = (request, response) => {
      if (request.url?.endsWith('/pull') !== true) return false;
      answer(response, request);
      return true;
    };
    await client.sync.now({ workspaceId });
    const told = await until(async () => (await syncOf(client, workspaceId))?.problem ?? undefined);
    expect(told.message).toMatch(words);
    expect(told.todo).not.toBe('');
    const logged = await client.usage.log({
      workspaceId,
      feature: 'video',
      quantity: '1',
      member: 'ana',
      happened: true,
    });
    expect(logged.outcome).toBe('allowed');
    server.misbehave = null;
    await client.sync.now({ workspaceId });
    expect(await inStep(client, workspaceId)).toMatchObject({ problem: null });
    expect(await lineCount(client, workspaceId)).toBe(1);
  });

  it('is known by its certificate: another one is sent nothing', async () => {
    const made = await certificateOf({ tls: 'made', dataFolder: await temporaryFolder() });
    const { key, certificate: cert, fingerprint } = (made.ok ? made.value : null) ?? {};
    if (key === undefined || cert === undefined || typeof fingerprint !== 'string') throw new Error('No certificate.');
    const server = await memoryHttpServer({ tls: { key, cert }, fingerprint });
    const { client } = await openTestReplica();
    const right = server.invite();
    const wrong = right.replace(
      fingerprint,
      fingerprint.replace(/^./, (digit) => (digit === '0' ? '1' : '0')),
    );
    expect((await problemOf(client.sync.connect({ invite: wrong }))).message).toMatch(/shows another certificate/);
    expect(server.requests).toEqual([]);
    await client.sync.connect({ invite: right });
    expect((await client.sync.status()).servers).toMatchObject([{ state: 'ready', fingerprint }]);
  });
});

describe('data that was put back', () => {
  it('has no number twice and no lease: everything comes back from the server first', async () => {
    const server = await memoryHttpServer();
    const replica = await openTestReplica({ now: new Date().toISOString() });
    const { client } = replica;
    const { workspaceId } = await publishedTo(server, replica);
    const log = (happened: boolean) =>
      client.usage.log({ workspaceId, feature: 'studio-image', quantity: '1', member: 'ana', happened });
    await log(false);
    await inStep(client, workspaceId);
    const backup = await client.backups.make();
    await log(true);
    await log(true);
    await inStep(client, workspaceId);
    await replica.close();
    const { restoreBackup } = await import('../../replica/backup/restore.ts');
    const restored = await restoreBackup({
      dataDir: replica.dataDir,
      file: backup.file,
      at: replica.replica.state.clock(),
    });
    expect(restored.ok).toBe(true);

    const again = await openTestReplica({ now: new Date().toISOString(), dataDir: replica.dataDir });
    await again.client.usage.log({ workspaceId, feature: 'video', quantity: '1', member: 'ben', happened: true });
    await inStep(again.client, workspaceId);
    expect(await lineCount(again.client, workspaceId)).toBe(4);
    const history = server.workspaces.get(workspaceId);
    expect(history?.forkedBy).toEqual([]);
    const lines = [...(history?.kept.rows.values() ?? [])].filter(({ entry }) => entry?.kind === 'line');
    expect(lines).toHaveLength(4);
    expect(new Set(lines.map(({ by }) => by.number)).size).toBe(4);
  });
});
