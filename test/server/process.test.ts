// The server as a process with a database of its own: started, stopped, killed, and started again.
import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { meAnswerSchema } from '../../shared/protocol/identity.ts';
import { parseInvite } from '../../shared/protocol/invite.ts';
import { routes } from '../../shared/protocol/routes.ts';
import { addressIn, codeIn, startServerProcess, type ServerProcess } from '../support/server-process.ts';
import { enrolled, sendTo } from '../support/test-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Starts it in a folder, on any free port; answers when it serves. */
async function serve(folder: string, given: Parameters<typeof startServerProcess>[1] = {}) {
  const server = startServerProcess(['--data', folder, '--port', '0'], given);
  const said = await server.saying(/serves at .*\n/s);
  return { server, address: addressIn(said) };
}

async function stop({ child, ended }: ServerProcess): Promise<number | string | null> {
  child.kill('SIGTERM');
  return ended;
}

/** The process of the PostgreSQL that runs on a folder. */
function postgresOf(folder: string): number {
  return Number.parseInt(readFileSync(join(folder, 'postgresql/postmaster.pid'), 'utf8'), 10);
}

/** Empty for one that has ended, also where nobody has looked after it yet. */
function commandLineOf(pid: number): string {
  try {
    return execFileSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' })
      .trim()
      .replace(/^\[.*\] <defunct>$/, '');
  } catch {
    return '';
  }
}

function isAlive(pid: number): boolean {
  return commandLineOf(pid) !== '';
}

describe('the first start', () => {
  it('prints one invite, once; what was joined with it is there after the next one', async () => {
    const folder = await temporaryFolder();
    const first = await serve(folder);
    const said = await first.server.saying(/fuelgauge:\/\/connect\S+\n/);
    const invite = parseInvite(/fuelgauge:\/\/connect\S+/.exec(said)![0]);
    expect(invite).toEqual({
      ok: true,
      value: { server: first.address, code: codeIn(said)!.replaceAll('-', ''), fingerprint: null },
    });
    const admin = await enrolled({ address: first.address, code: codeIn(said)! });
    const pid = postgresOf(folder);
    expect([await stop(first.server), isAlive(pid)]).toEqual([0, false]);

    const second = await serve(folder);
    const { accessToken } = admin.tokens();
    const me = await sendTo(second.address, 'GET', routes.me, { headers: { authorization: `Bearer ${accessToken}` } });
    expect(meAnswerSchema.parse(me.body).deviceId).toBe(admin.deviceId);
    await stop(second.server);
    expect(codeIn(second.server.said())).toBe(undefined);
  });

  it('keeps secrets for its owner alone', async () => {
    const folder = await temporaryFolder();
    const { server } = await serve(folder, { environment: { FUELGAUGE_SERVER_HOST: '0.0.0.0' } });
    const secrets = ['postgresql-passwords.json', 'server-certificate.json'];
    expect(secrets.map((name) => statSync(join(folder, name)).mode & 0o077)).toEqual([0, 0]);
    const { owner } = JSON.parse(readFileSync(join(folder, 'postgresql-passwords.json'), 'utf8')) as { owner: string };
    expect(server.said()).not.toContain(owner);
    await stop(server);
  });
});

describe('a start that cannot be', () => {
  it('names the setting that is wrong, and touches nothing', async () => {
    const folder = join(await temporaryFolder(), 'data');
    const server = startServerProcess(['--data', folder], { environment: { FUELGAUGE_SERVER_PORT: 'many' } });
    expect(await server.ended).toBe(1);
    expect(server.said()).toContain('FUELGAUGE_SERVER_PORT: is no whole number');
    expect(existsSync(folder)).toBe(false);
  });

  it('leaves a folder to the server that has it', async () => {
    const folder = await temporaryFolder();
    const first = await serve(folder);
    const second = startServerProcess(['--data', folder, '--port', '0']);
    expect(await second.ended).toBe(1);
    expect(second.said()).toContain('Another Fuelgauge is using this data folder');
    expect((await sendTo(first.address, 'GET', '/readyz')).status).toBe(200);
    await stop(first.server);
  });

  it('says that a database does not answer, without its password', async () => {
    const folder = await temporaryFolder();
    const environment = { DATABASE_URL: 'postgres://server:Secret@127.0.0.1:1/fuelgauge' };
    const server = startServerProcess(['--data', folder], { environment });
    expect(await server.ended).toBe(1);
    expect(server.said()).toContain('The database could not be opened');
    expect(server.said()).not.toContain('Secret');
  });
});

describe('a server that was killed', () => {
  it('leaves PostgreSQL running; the next start ends that and has everything', async () => {
    const folder = await temporaryFolder();
    const first = await serve(folder);
    const admin = await enrolled({ address: first.address, code: codeIn(await first.server.saying(/24 hours.*\n/))! });
    const pid = postgresOf(folder);
    first.server.child.kill('SIGKILL');
    expect(await first.server.ended).toBe('SIGKILL');
    expect(isAlive(pid)).toBe(true);
    const second = await serve(folder);
    expect(isAlive(pid)).toBe(false);
    const renewed = await sendTo(second.address, 'POST', routes.tokens, {
      body: { refreshToken: admin.tokens().refreshToken },
    });
    expect(renewed.status).toBe(200);
    await stop(second.server);
  });

  it('starts again after everything was killed, and where the number of its process belongs to another one', async () => {
    const folder = await temporaryFolder();
    const first = await serve(folder);
    const pid = postgresOf(folder);
    first.server.child.kill('SIGKILL');
    process.kill(pid, 'SIGKILL');
    await first.server.ended;
    await expect.poll(() => isAlive(pid), { timeout: 30_000 }).toBe(false);
    const pidFile = join(folder, 'postgresql/postmaster.pid');
    const [, ...rest] = readFileSync(pidFile, 'utf8').split('\n');
    writeFileSync(pidFile, [process.pid, ...rest].join('\n'));
    const second = await serve(folder);
    expect((await sendTo(second.address, 'GET', '/readyz')).status).toBe(200);
    await stop(second.server);
  });

  it('stops when its PostgreSQL was killed, and says so', async () => {
    const folder = await temporaryFolder();
    const { server } = await serve(folder);
    process.kill(postgresOf(folder), 'SIGKILL');
    expect(await server.ended).toBe(1);
    expect(server.said()).toContain('PostgreSQL ended');
  });

  it('begins anew where the database was still being made', async () => {
    const folder = await temporaryFolder();
    mkdirSync(join(folder, 'postgresql.making'));
    writeFileSync(join(folder, 'postgresql.making/PG_VERSION'), '18');
    const { server } = await serve(folder);
    expect(existsSync(join(folder, 'postgresql.making'))).toBe(false);
    await stop(server);
  });
});

describe('a graceful stop', () => {
  it('answers what has arrived, and lets nothing new in', async () => {
    const folder = await temporaryFolder();
    const { server, address } = await serve(folder);
    const calls = Array.from({ length: 30 }, () => sendTo(address, 'GET', '/readyz').catch(() => null));
    await calls[0];
    const [exitCode, ...answers] = await Promise.all([stop(server), ...calls]);
    expect(exitCode).toBe(0);
    // Whoever came too late was not let in at all, or was told that the server is about to stop.
    for (const answer of answers) expect([undefined, 200, 503]).toContain(answer?.status);
    expect(server.said()).not.toMatch(/PostgreSQL ended|"level":50/);
  });
});

describe('beyond this computer', () => {
  it('speaks TLS with a certificate that it keeps, and the invite carries its fingerprint', async () => {
    const folder = await temporaryFolder();
    const environment = { FUELGAUGE_SERVER_HOST: '0.0.0.0' };
    const first = await serve(folder, { environment });
    const said = await first.server.saying(/fuelgauge:\/\/connect\S+\n/);
    const invite = parseInvite(/fuelgauge:\/\/connect\S+/.exec(said)![0]);
    const { server, fingerprint } = invite.ok ? invite.value : { server: '', fingerprint: null };
    expect(server).toMatch(/^https:/);
    expect(await fingerprintOf(first.address)).toBe(fingerprint);
    await stop(first.server);
    const second = await serve(folder, { environment });
    expect(await fingerprintOf(second.address)).toBe(fingerprint);
    await stop(second.server);
  });

  it('takes a certificate of its own, and says what is wrong with one', async () => {
    const folder = await temporaryFolder();
    const made = await serve(folder, { environment: { FUELGAUGE_SERVER_HOST: '0.0.0.0' } });
    await stop(made.server);
    const pair = JSON.parse(readFileSync(join(folder, 'server-certificate.json'), 'utf8')) as Record<string, string>;
    const [certificate, key] = [join(folder, 'c.pem'), join(folder, 'k.pem')];
    writeFileSync(certificate, pair['certificate']!);
    writeFileSync(key, pair['key']!);
    const environment = { FUELGAUGE_SERVER_TLS_CERTIFICATE: certificate, FUELGAUGE_SERVER_TLS_KEY: key };
    const own = await serve(folder, { environment });
    expect(own.address).toMatch(/^https:\/\/127\.0\.0\.1/);
    expect(await fingerprintOf(own.address)).toMatch(/^[0-9a-f]{64}$/);
    await stop(own.server);
    writeFileSync(key, 'no key');
    const wrong = startServerProcess(['--data', folder, '--port', '0'], { environment });
    expect(await wrong.ended).toBe(1);
    expect(wrong.said()).toContain(`The certificate ${certificate} with the key ${key} cannot be used`);
  });

  async function fingerprintOf(address: string): Promise<string> {
    return new Promise((resolve, reject) => {
      request(`${address}/healthz`, { rejectUnauthorized: false }, (response) => {
        const { socket } = response;
        const { raw } = (socket as TLSSocket).getPeerCertificate();
        response.resume();
        response.on('end', () => resolve(new X509Certificate(raw).fingerprint256.replaceAll(':', '').toLowerCase()));
      })
        .on('error', reject)
        .end();
    });
  }
});

describe('the operator', () => {
  it('makes organisations and invites, beside a server that runs and without one', async () => {
    const folder = await temporaryFolder();
    const operate = async (...parameters: readonly string[]): Promise<string> => {
      const command = startServerProcess(['--data', folder, ...parameters]);
      expect([0, 1]).toContain(await command.ended);
      return command.said();
    };
    const made = await operate('create-organisation', '--name', 'Studio', '--admin', 'Ana');
    const [organisationId] = /[0-9a-f-]{36}/.exec(made)!;
    const { server, address } = await serve(folder);
    expect(server.said()).not.toContain('24 hours');
    const again = await operate('invite', '--organisation', organisationId);
    const { port } = new URL(address);
    expect(await startServerProcess(['healthy', '--data', folder, '--port', port]).ended).toBe(0);
    expect(await startServerProcess(['healthy', '--data', folder, '--port', '1']).ended).toBe(1);
    for (const code of [codeIn(made)!, codeIn(again)!]) {
      const me = await (await enrolled({ address, code })).answer(meAnswerSchema, 'GET', routes.me);
      expect([me.organisation.name, me.person.name, me.person.role]).toEqual(['Studio', 'Ana', 'company-admin']);
    }
    expect(await operate('after-restore')).toContain('0 workspaces go on in a new epoch');
    await operate('rename-organisation', '--organisation', organisationId, '--name', 'Studio Two');
    expect(await operate('status')).toBe(`${organisationId}  Studio Two: 1 people, 2 devices, 0 workspaces\n`);
    expect(await operate('invite', '--organisation', '01a1f986-9477-7337-a7ef-d981f2b4c214')).toContain('no such');
    await stop(server);
    expect(await operate('status')).toContain('Studio Two');
  });
});

describe.runIf(process.getuid?.() === 0)('as root and as an ordinary user', () => {
  const nobody = 65_534;

  it('runs PostgreSQL as a user of its own, which owns no secret of the server', async () => {
    const folder = await temporaryFolder();
    const { server } = await serve(folder);
    expect(statSync(join(folder, 'postgresql')).uid).not.toBe(0);
    expect(statSync(join(folder, 'postgresql-passwords.json')).uid).toBe(0);
    await stop(server);
  });

  it('says that the user of PostgreSQL may not enter a folder above the data', async () => {
    const closed = await temporaryFolder();
    const server = startServerProcess(['--data', join(closed, 'data'), '--port', '0']);
    expect(await server.ended).toBe(1);
    expect(server.said()).toContain('a folder above it is closed');
  });

  it('runs as an ordinary user', async () => {
    const folder = await temporaryFolder();
    chmodSync(folder, 0o777);
    const data = join(folder, 'data');
    const { server, address } = await serve(data, { user: nobody });
    expect((await sendTo(address, 'GET', '/readyz')).status).toBe(200);
    expect(statSync(join(data, 'postgresql')).uid).toBe(nobody);
    await stop(server);
    rmSync(data, { recursive: true });
  });
});
