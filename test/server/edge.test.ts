import { connect } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { peopleSchema, personAddedSchema } from '../../shared/protocol/admin.ts';
import { limits } from '../../shared/protocol/limits.ts';
import { problemSchema } from '../../shared/protocol/problem.ts';
import { routes } from '../../shared/protocol/routes.ts';
import { problemIn, sendTo, testServer, type TestServer } from '../support/test-server.ts';

const person = JSON.stringify({ name: 'Ana', role: 'member' });

async function sendBytes(
  { server, admin }: TestServer,
  body: Uint8Array<ArrayBuffer>,
  headers: Readonly<Record<string, string>>,
) {
  const response = await fetch(`${server.address}${routes.people}`, {
    method: 'POST',
    headers: {
      'fuelgauge-protocol': '1',
      authorization: `Bearer ${admin.tokens().accessToken}`,
      'content-type': 'application/json',
      ...headers,
    },
    body,
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: JSON.parse(text) as unknown };
}

/** Writes bytes to the server as they are; answers all that comes back until it ends the connection. */
async function raw(address: string, text: string): Promise<string> {
  const { hostname, port } = new URL(address);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(text));
    let answer = '';
    socket.setEncoding('utf8');
    socket.on('data', (part: string) => (answer += part));
    socket.on('end', () => resolve(answer));
    socket.on('error', reject);
  });
}

describe('bodies', () => {
  it('takes them compressed with br and gzip', async () => {
    const test = await testServer();
    for (const [encoding, pack] of [
      ['br', brotliCompressSync],
      ['gzip', gzipSync],
    ] as const) {
      const answer = await sendBytes(test, new Uint8Array(pack(person)), { 'content-encoding': encoding });
      expect(answer.status, encoding).toBe(200);
    }
    const { people } = await test.admin.answer(peopleSchema, 'GET', routes.people);
    expect(people.map(({ name }) => name)).toEqual(['Admin', 'Ana', 'Ana']);
  });

  it('refuses what unpacks to more than is taken, however small it comes, and lives on', async () => {
    const test = await testServer();
    const bomb = Buffer.from(`{"name":"${'a'.repeat(200 * 1024 * 1024)}"}`);
    for (const [encoding, packed] of [
      ['gzip', gzipSync(bomb)],
      ['br', brotliCompressSync(bomb.subarray(0, 20 * 1024 * 1024))],
    ] as const) {
      expect(packed.length).toBeLessThan(limits.rowBytesMax);
      const answer = await sendBytes(test, new Uint8Array(packed), { 'content-encoding': encoding });
      expect([answer.status, problemIn(answer)], encoding).toEqual([413, 'too-large']);
    }
    expect((await test.admin.answer(peopleSchema, 'GET', routes.people)).people).toHaveLength(1);
  });

  it('refuses what is too large, of another type, packed otherwise, or broken', async () => {
    const test = await testServer();
    const large = new Uint8Array(Buffer.alloc(limits.rowBytesMax + 1, ' '));
    const cases = [
      [await sendBytes(test, large, {}), 413, 'too-large'],
      [
        await sendBytes(test, new Uint8Array(Buffer.from(person)), { 'content-type': 'text/plain' }),
        400,
        'malformed-request',
      ],
      [
        await sendBytes(test, new Uint8Array(Buffer.from(person)), { 'content-type': 'application/xml' }),
        400,
        'malformed-request',
      ],
      [
        await sendBytes(test, new Uint8Array(deflateSync(person)), { 'content-encoding': 'deflate' }),
        400,
        'malformed-request',
      ],
      [
        await sendBytes(test, new Uint8Array(Buffer.from(person)), { 'content-encoding': 'gzip' }),
        400,
        'malformed-request',
      ],
      [await sendBytes(test, new Uint8Array(Buffer.from('{"name":')), {}), 400, 'malformed-request'],
    ] as const;
    expect(cases.map(([answer]) => [answer.status, problemIn(answer)])).toEqual(
      cases.map(([, status, type]) => [status, type]),
    );
    for (const [answer] of cases) expect(answer.headers.get('content-type')).toContain('application/problem+json');
  });

  it('says where a body has another shape, and never what it had there', async () => {
    const { admin } = await testServer();
    const answer = await admin.send('POST', routes.people, { name: 'Secret name', role: 'emperor' });
    expect(problemSchema.parse(answer.body).detail).toContain('body.role');
    expect(answer.text).not.toMatch(/Secret|emperor/);
  });
});

describe('connections', () => {
  it('gives up a request that does not arrive, and answers what is none', async () => {
    const { server } = await testServer({ config: { requestMsMax: 1_000 } });
    const [slow, nonsense, headers] = await Promise.all([
      raw(server.address, 'POST /v1/enrol HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Le'),
      raw(server.address, 'this is no request\r\n\r\n'),
      raw(server.address, `GET / HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`),
    ]);
    for (const answer of [slow, nonsense, headers]) {
      expect(answer).toMatch(/^HTTP\/1.1 400 .*application\/problem\+json/s);
      expect(problemSchema.safeParse(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))).success).toBe(true);
    }
    expect(slow).toContain('too long');
    expect((await sendTo(server.address, 'GET', '/healthz')).status).toBe(200);
  });

  it('answers what is nowhere with a problem', async () => {
    const { server } = await testServer();
    for (const [method, path] of [
      ['GET', '/'],
      ['GET', '/v1/nowhere'],
      ['DELETE', routes.me],
      ['GET', '/v1/workspaces/%E0%A4%A/pull'],
    ] as const) {
      const answer = await sendTo(server.address, method, path);
      expect([path, answer.status]).toEqual([path, path.includes('%') ? 400 : 404]);
      expect(problemSchema.safeParse(answer.body).success, path).toBe(true);
    }
  });
});

describe('rates', () => {
  it('slows down a device and an address that ask too often, each by itself', async () => {
    const test = await testServer({ config: { requestsPerDevicePerMinute: 5, requestsPerAddressPerMinute: 12 } });
    const statuses = async (count: number, send: () => Promise<{ readonly status: number }>): Promise<number[]> => {
      const found: number[] = [];
      for (let each = 0; each < count; each++) found.push((await send()).status);
      return found;
    };
    expect(await statuses(7, () => test.admin.send('GET', routes.me))).toEqual([200, 200, 200, 200, 200, 429, 429]);
    // The address has asked 8 times so far, with the enrolment of the admin.
    expect(await statuses(6, () => sendTo(test.server.address, 'GET', '/healthz'))).toEqual([
      200, 200, 200, 200, 429, 429,
    ]);
  });
});

describe('what is written down', () => {
  it('has ids and figures, and nothing that people wrote or that opens something', async () => {
    const test = await testServer({ config: { logLevel: 'debug' } });
    const { admin, server } = test;
    await admin.answer(personAddedSchema, 'POST', routes.people, { name: 'Secret name', role: 'member' });
    await admin.send('POST', routes.people, { name: 'Secret name', role: 'emperor' });
    await admin.send('GET', `${routes.people}?after=Secret-query`);
    await sendTo(server.address, 'GET', '/v1/Secret-path');
    await sendTo(server.address, 'GET', routes.me, { headers: { authorization: 'Bearer Secret-token' } });
    // A failure of the server itself is written down with its place and without the values.
    const owner = new pg.Client({ connectionString: test.ownerUrl });
    await owner.connect();
    await owner.query('ALTER TABLE person RENAME COLUMN name TO "Secret column"');
    await owner.end();
    const failed = await admin.send('GET', routes.people);
    expect([failed.status, problemIn(failed)]).toEqual([500, 'server-error']);
    expect(failed.text).not.toContain('Secret');
    await expect.poll(() => test.log.length, { timeout: 30_000 }).toBeGreaterThan(6);
    const log = test.log.join('');
    expect(log).not.toMatch(/Secret|emperor/);
    expect(log).not.toContain(admin.tokens().accessToken.slice(-20));
    expect(log).not.toContain(admin.tokens().refreshToken.slice(-20));
    const entries = test.log.map((line) => lineSchema.parse(JSON.parse(line)));
    expect(entries).toContainEqual(
      expect.objectContaining({
        method: 'POST',
        path: routes.people.replace('{', ':'),
        status: 400,
        deviceId: admin.deviceId,
      }),
    );
  });

  const lineSchema = z.looseObject({ level: z.int(), time: z.int(), msg: z.string().optional() });

  it('has a figure for each route and none for each id', async () => {
    const { server, admin } = await testServer();
    await admin.send('GET', '/v1/workspaces/some-id-of-mine/pull');
    await admin.send('POST', '/v1/admin/devices/some-id-of-mine/revoke');
    await admin.answer(peopleSchema, 'GET', routes.people);
    const { text, headers } = await sendTo(server.address, 'GET', '/metrics');
    expect(headers.get('content-type')).toContain('text/plain');
    expect(text).toContain('fuelgauge_request_seconds_count{method="GET",route="/v1/admin/people",status="200"} 1');
    expect(text).toContain('fuelgauge_database_connections{state="open"}');
    expect(text).toContain('fuelgauge_streams 0');
    expect(text).toContain('process_resident_memory_bytes');
    expect(text).not.toContain('some-id-of-mine');
    expect(text).not.toContain(admin.organisationId);
  });
});
