import { describe, expect, it } from 'vitest';
import { readConfig, type Config, type ConfigOptions } from '../../../server/config.ts';

function configOf(environment: Readonly<Record<string, string>>, options: ConfigOptions = {}): Config {
  const config = readConfig(options, environment);
  if (!config.ok) throw new Error(config.error.lines.join('; '));
  return config.value;
}

function linesOf(environment: Readonly<Record<string, string>>): readonly string[] {
  const config = readConfig({}, environment);
  return config.ok ? [] : config.error.lines;
}

describe('the configuration of the server', () => {
  it('needs nothing: it then serves this computer alone, with the database that comes with it', () => {
    const { databaseUrl, migrationDatabaseUrl, host, port, tls, trustedProxies } = configOf({});
    expect({ databaseUrl, migrationDatabaseUrl, host, port, tls, trustedProxies }).toEqual({
      databaseUrl: null,
      migrationDatabaseUrl: null,
      host: '127.0.0.1',
      port: 8585,
      tls: 'none',
      trustedProxies: [],
    });
  });

  it('takes the command line before the environment, and an empty variable as none', () => {
    const environment = { FUELGAUGE_SERVER_PORT: '1', FUELGAUGE_SERVER_HOST: '', FUELGAUGE_SERVER_DATA: '/var/a' };
    const { port, host, dataFolder } = configOf(environment, { port: '2', data: '/var/b' });
    expect({ port, host, dataFolder }).toEqual({ port: 2, host: '127.0.0.1', dataFolder: '/var/b' });
  });

  it.each([
    ['127.0.0.1', {}, 'none'],
    ['localhost', {}, 'none'],
    ['::1', {}, 'none'],
    ['0.0.0.0', {}, 'made'],
    ['192.168.1.5', {}, 'made'],
    ['0.0.0.0', { FUELGAUGE_SERVER_TLS: 'proxy' }, 'none'],
    [
      '127.0.0.1',
      { FUELGAUGE_SERVER_TLS_CERTIFICATE: 'c.pem', FUELGAUGE_SERVER_TLS_KEY: 'k.pem' },
      { certificate: 'c.pem', key: 'k.pem' },
    ],
  ])('at %s with %o speaks TLS as %o', (host, environment, expected) => {
    expect(configOf({ ...environment, FUELGAUGE_SERVER_HOST: host }).tls).toEqual(expected);
  });

  it('migrates through the same address unless another one is given', () => {
    const url = 'postgres://server@db/fuelgauge';
    expect(configOf({ DATABASE_URL: url }).migrationDatabaseUrl).toBe(url);
    const owner = 'postgresql://owner@db/fuelgauge';
    expect(configOf({ DATABASE_URL: url, MIGRATION_DATABASE_URL: owner }).migrationDatabaseUrl).toBe(owner);
  });

  it.each([
    ['DATABASE_URL', 'mysql://secret@host/x'],
    ['MIGRATION_DATABASE_URL', 'secret'],
    ['LISTEN_DATABASE_URL', 'secret'],
    ['FUELGAUGE_SERVER_PORT', '70000secret'],
    ['FUELGAUGE_SERVER_PORT', '70000'],
    ['FUELGAUGE_SERVER_PORT', '-1'],
    ['FUELGAUGE_SERVER_ADDRESS', 'ftp://secret'],
    ['FUELGAUGE_SERVER_TLS', 'secret'],
    ['FUELGAUGE_SERVER_TRUSTED_PROXIES', '10.0.0.0/8,secret'],
    ['FUELGAUGE_SERVER_LOG_LEVEL', 'secret'],
    ['FUELGAUGE_SERVER_CONNECTIONS_MAX', '1'],
    ['FUELGAUGE_SERVER_REQUEST_SECONDS', '0'],
    ['FUELGAUGE_SERVER_REQUESTS_PER_ADDRESS', '1.5'],
    ['FUELGAUGE_SERVER_REQUESTS_PER_DEVICE', ' '],
    ['FUELGAUGE_SERVER_INVITES_PER_ADDRESS', 'many'],
    ['FUELGAUGE_SERVER_SIGN_IN_ISSUER', 'secret'],
    ['FUELGAUGE_SERVER_SIGN_IN_ISSUER', 'http://login.example/secret'],
    ['FUELGAUGE_SERVER_SIGN_IN_BY', 'secret'],
    ['FUELGAUGE_SERVER_SIGN_IN_ORGANISATION', 'secret'],
    ['FUELGAUGE_SERVER_SIGN_IN_NEW_PEOPLE', 'company-admin'],
    ['FUELGAUGE_SERVER_SIGN_IN_DOMAINS', 'example.org,secret'],
  ])('is refused with the name of %s, and without its content', (name, value) => {
    const lines = linesOf({ [name]: value });
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) expect(line).toMatch(new RegExp(`^${name}: (?!.*secret)`));
  });

  it('names everything that is wrong at once, and a half of a pair', () => {
    expect(linesOf({ DATABASE_URL: 'x', FUELGAUGE_SERVER_TLS: 'x' })).toHaveLength(2);
    expect(linesOf({ FUELGAUGE_SERVER_TLS_KEY: 'k.pem' })[0]).toContain('FUELGAUGE_SERVER_TLS_CERTIFICATE');
    expect(linesOf({ FUELGAUGE_SERVER_TLS_CERTIFICATE: 'c.pem' })[0]).toContain('FUELGAUGE_SERVER_TLS_KEY');
  });

  it('lets people sign in where issuer and client are said; new people only of domains that are said', () => {
    const provider = {
      FUELGAUGE_SERVER_SIGN_IN_ISSUER: 'https://login.example/realm',
      FUELGAUGE_SERVER_SIGN_IN_CLIENT_ID: 'fuelgauge',
    };
    expect(configOf({}).signIn).toBeNull();
    expect(configOf(provider).signIn).toEqual({
      issuer: 'https://login.example/realm',
      clientId: 'fuelgauge',
      clientSecret: null,
      name: 'login.example',
      by: 'email',
      organisationId: null,
      newPeople: null,
    });
    const { FUELGAUGE_SERVER_SIGN_IN_CLIENT_ID: _, ...half } = provider;
    expect(linesOf(half)[0]).toContain('FUELGAUGE_SERVER_SIGN_IN_CLIENT_ID: is missing');
    expect(linesOf({ FUELGAUGE_SERVER_SIGN_IN_CLIENT_ID: 'x' })[0]).toContain('FUELGAUGE_SERVER_SIGN_IN_ISSUER');
    const open = { ...provider, FUELGAUGE_SERVER_SIGN_IN_NEW_PEOPLE: 'guest' };
    expect(linesOf(open)[0]).toContain('FUELGAUGE_SERVER_SIGN_IN_DOMAINS: is missing');
    const domains = { ...open, FUELGAUGE_SERVER_SIGN_IN_DOMAINS: 'Example.org, example.com' };
    expect(configOf(domains).signIn?.newPeople).toEqual({ role: 'guest', domains: ['example.org', 'example.com'] });
    const here = { ...provider, FUELGAUGE_SERVER_SIGN_IN_ISSUER: 'http://127.0.0.1:8080' };
    expect(configOf(here).signIn?.issuer).toBe('http://127.0.0.1:8080');
  });

  it('takes networks of proxies, and an address without its last slash', () => {
    const { trustedProxies, address } = configOf({
      FUELGAUGE_SERVER_TRUSTED_PROXIES: '10.0.0.0/8, ::1',
      FUELGAUGE_SERVER_ADDRESS: 'https://credits.example/',
    });
    expect({ trustedProxies, address }).toEqual({
      trustedProxies: ['10.0.0.0/8', '::1'],
      address: 'https://credits.example',
    });
  });
});
