// How the server is set up: the command line, then the environment. Everything is checked before anything starts.
import { isIP } from 'node:net';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { err, ok, type Result } from '../shared/kernel/result.ts';
import type { OrganisationRole } from '../shared/protocol/identity.ts';
import { signInNames, type SignInName } from '../shared/protocol/sign-in.ts';

const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, 'is no whole number')
    .transform(Number)
    .pipe(z.number().min(min, `is less than ${min}`).max(max, `is more than ${max}`));
const databaseUrl = z.url({ protocol: /^postgres(?:ql)?$/, error: 'is no address like postgres://user@host/database' });
const path = z.string().min(1);
const listed = z
  .string()
  .default('')
  .transform((text) => text.split(',').flatMap((each) => each.trim() || []));

const environmentSchema = z.object({
  /** A PostgreSQL of one's own; without it the server starts the one that comes with it. */
  DATABASE_URL: databaseUrl.optional(),
  /** Of the owner of the tables, straight to PostgreSQL and not through a pooler. */
  MIGRATION_DATABASE_URL: databaseUrl.optional(),
  /** Of the same login as DATABASE_URL, straight to PostgreSQL, where that one goes through a pooler. */
  LISTEN_DATABASE_URL: databaseUrl.optional(),
  /** The folder of the database that comes with the server, and of the certificate that it makes. */
  FUELGAUGE_SERVER_DATA: path.optional(),
  FUELGAUGE_SERVER_HOST: z.string().min(1).default('127.0.0.1'),
  FUELGAUGE_SERVER_PORT: wholeNumber(0, 65_535).prefault('8585'),
  /** What devices are told to connect to, where it is not the address that the server listens at. */
  FUELGAUGE_SERVER_ADDRESS: z.url({ protocol: /^https?$/, error: 'is no address like https://host' }).optional(),
  FUELGAUGE_SERVER_TLS_CERTIFICATE: path.optional(),
  FUELGAUGE_SERVER_TLS_KEY: path.optional(),
  /** proxy: something in front speaks TLS, and the way from there is safe. */
  FUELGAUGE_SERVER_TLS: z.enum(['own', 'proxy'], 'is neither own nor proxy').default('own'),
  /** Of proxies whose word about the address of clients is taken; separated by commas. */
  FUELGAUGE_SERVER_TRUSTED_PROXIES: listed.pipe(z.array(z.string().refine(isNetwork, 'is no address or network'))),
  FUELGAUGE_SERVER_LOG_LEVEL: z
    .enum(['debug', 'info', 'warn', 'error', 'silent'], 'is none of debug, info, warn, error, silent')
    .default('info'),
  /** A request that has not arrived whole after this long is given up. */
  FUELGAUGE_SERVER_REQUEST_SECONDS: wholeNumber(1, 3_600).prefault('30'),
  /** To the database, of this process. */
  FUELGAUGE_SERVER_CONNECTIONS_MAX: wholeNumber(4, 1_000).prefault('20'),
  /** In a minute, as the two below: of one address, of one device, and of one address that tries invites. */
  FUELGAUGE_SERVER_REQUESTS_PER_ADDRESS: wholeNumber(1, 10_000_000).prefault('12000'),
  FUELGAUGE_SERVER_REQUESTS_PER_DEVICE: wholeNumber(1, 10_000_000).prefault('600'),
  FUELGAUGE_SERVER_INVITES_PER_ADDRESS: wholeNumber(1, 10_000_000).prefault('10'),
  /** allowed: webhooks may lead into the network that the server stands in. */
  FUELGAUGE_SERVER_WEBHOOK_PRIVATE_ADDRESSES: z
    .enum(['refused', 'allowed'], 'is neither refused nor allowed')
    .default('refused'),
  /** A file of certificates of who signs those of webhooks, where it is none that everybody trusts. */
  FUELGAUGE_SERVER_WEBHOOK_AUTHORITIES: path.optional(),
  /** A workspace whose run-out a webhook is told of is forecast once in so many seconds at most. */
  FUELGAUGE_SERVER_FORECAST_SECONDS: wholeNumber(0, 86_400).prefault('60'),
  /** The identity provider that people sign in with, as it names itself; without it they join by invites only. */
  FUELGAUGE_SERVER_SIGN_IN_ISSUER: z.url().refine(isSafeIssuer, 'does not begin with https://').optional(),
  FUELGAUGE_SERVER_SIGN_IN_CLIENT_ID: z.string().min(1).optional(),
  /** Where the provider gave one. */
  FUELGAUGE_SERVER_SIGN_IN_CLIENT_SECRET: z.string().min(1).optional(),
  /** What people call the provider. */
  FUELGAUGE_SERVER_SIGN_IN_NAME: z.string().trim().min(1).max(120, 'is longer than 120 characters').optional(),
  /** email: an address that the provider has verified. subject: its own name for the account. */
  FUELGAUGE_SERVER_SIGN_IN_BY: z.enum(signInNames, 'is neither email nor subject').default('email'),
  /** Whose people sign in, where the server has several organisations. */
  FUELGAUGE_SERVER_SIGN_IN_ORGANISATION: z.uuid('is no id of an organisation').optional(),
  /** refused: only who was added by an admin comes in. Else the role that others get, who have an address of the domains. */
  FUELGAUGE_SERVER_SIGN_IN_NEW_PEOPLE: z
    .enum(['refused', 'visitor', 'guest', 'member'], 'is none of refused, visitor, guest, member')
    .default('refused'),
  FUELGAUGE_SERVER_SIGN_IN_DOMAINS: listed.pipe(
    z.array(
      z
        .string()
        .regex(/^[\w.-]+\.\w+$/, 'is no domain like example.org')
        .toLowerCase(),
    ),
  ),
});

export interface Config {
  /** null: the PostgreSQL that comes with the server. */
  readonly databaseUrl: string | null;
  readonly migrationDatabaseUrl: string | null;
  readonly listenDatabaseUrl: string | null;
  readonly dataFolder: string;
  readonly host: string;
  /** 0 takes any free one. */
  readonly port: number;
  /** Without a slash at the end; null: where it listens. */
  readonly address: string | null;
  /** Files of a certificate; or one that is made, or plain HTTP. */
  readonly tls: { readonly certificate: string; readonly key: string } | 'made' | 'none';
  readonly trustedProxies: readonly string[];
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  readonly requestMsMax: number;
  readonly connectionsMax: number;
  readonly requestsPerAddressPerMinute: number;
  readonly requestsPerDevicePerMinute: number;
  /** Attempts to use one. */
  readonly invitesPerAddressPerMinute: number;
  /** `authorities` is a file of certificates; null for those that are trusted anyway. */
  readonly webhooks: {
    readonly privateAddresses: boolean;
    readonly authorities: string | null;
    /** A workspace is forecast no more often than this. */
    readonly forecastMsMin: number;
  };
  /** null: people join by invites only. */
  readonly signIn: SignInConfig | null;
}

/** The identity provider that people sign in with, and who of them is let in. */
export interface SignInConfig {
  /** As the provider names itself, to the letter. */
  readonly issuer: string;
  readonly clientId: string;
  /** null for a client that has none. */
  readonly clientSecret: string | null;
  /** What people call it. */
  readonly name: string;
  readonly by: SignInName;
  /** null: the only organisation that the server has. */
  readonly organisationId: string | null;
  /** null: nobody who is not known yet is let in. */
  readonly newPeople: { readonly role: OrganisationRole; readonly domains: readonly string[] } | null;
}

/** For the person who starts the server: one line for each value that is wrong, with its name and without its content. */
export interface ConfigProblem {
  readonly kind: 'bad-config';
  readonly lines: readonly string[];
}

/** What the command line says; it wins over the environment. */
export interface ConfigOptions {
  readonly data?: string | undefined;
  readonly host?: string | undefined;
  readonly port?: string | undefined;
}

export function readConfig(
  { data, host, port }: ConfigOptions,
  environment: Readonly<Record<string, string | undefined>>,
): Result<Config, ConfigProblem> {
  const parsed = environmentSchema.safeParse({
    ...Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== '')),
    ...(data !== undefined && { FUELGAUGE_SERVER_DATA: data }),
    ...(host !== undefined && { FUELGAUGE_SERVER_HOST: host }),
    ...(port !== undefined && { FUELGAUGE_SERVER_PORT: port }),
  });
  if (!parsed.success) {
    const lines = parsed.error.issues.map(({ path: [name], message }) => `${String(name)}: ${message}`);
    return err({ kind: 'bad-config', lines });
  }
  const values = parsed.data;
  const { FUELGAUGE_SERVER_TLS_CERTIFICATE: certificate, FUELGAUGE_SERVER_TLS_KEY: key } = values;
  if ((certificate === undefined) !== (key === undefined)) {
    const missing = certificate === undefined ? 'FUELGAUGE_SERVER_TLS_CERTIFICATE' : 'FUELGAUGE_SERVER_TLS_KEY';
    return err({ kind: 'bad-config', lines: [`${missing}: is missing beside the other one`] });
  }
  const signIn = signInOf(values);
  if (!signIn.ok) return signIn;
  const isPlain = values.FUELGAUGE_SERVER_TLS === 'proxy' || isLoopback(values.FUELGAUGE_SERVER_HOST);
  return ok({
    databaseUrl: values.DATABASE_URL ?? null,
    migrationDatabaseUrl: values.MIGRATION_DATABASE_URL ?? values.DATABASE_URL ?? null,
    listenDatabaseUrl: values.LISTEN_DATABASE_URL ?? values.DATABASE_URL ?? null,
    dataFolder: resolve(values.FUELGAUGE_SERVER_DATA ?? join(homedir(), '.local', 'share', 'fuelgauge-server')),
    host: values.FUELGAUGE_SERVER_HOST,
    port: values.FUELGAUGE_SERVER_PORT,
    address: values.FUELGAUGE_SERVER_ADDRESS?.replace(/\/+$/, '') ?? null,
    tls: certificate !== undefined && key !== undefined ? { certificate, key } : isPlain ? 'none' : 'made',
    trustedProxies: values.FUELGAUGE_SERVER_TRUSTED_PROXIES,
    logLevel: values.FUELGAUGE_SERVER_LOG_LEVEL,
    requestMsMax: values.FUELGAUGE_SERVER_REQUEST_SECONDS * 1_000,
    connectionsMax: values.FUELGAUGE_SERVER_CONNECTIONS_MAX,
    requestsPerAddressPerMinute: values.FUELGAUGE_SERVER_REQUESTS_PER_ADDRESS,
    requestsPerDevicePerMinute: values.FUELGAUGE_SERVER_REQUESTS_PER_DEVICE,
    invitesPerAddressPerMinute: values.FUELGAUGE_SERVER_INVITES_PER_ADDRESS,
    webhooks: {
      privateAddresses: values.FUELGAUGE_SERVER_WEBHOOK_PRIVATE_ADDRESSES === 'allowed',
      authorities: values.FUELGAUGE_SERVER_WEBHOOK_AUTHORITIES ?? null,
      forecastMsMin: values.FUELGAUGE_SERVER_FORECAST_SECONDS * 1_000,
    },
    signIn: signIn.value,
  });
}

function signInOf(values: z.output<typeof environmentSchema>): Result<SignInConfig | null, ConfigProblem> {
  const wrong = (line: string): Result<never, ConfigProblem> => err({ kind: 'bad-config', lines: [line] });
  const { FUELGAUGE_SERVER_SIGN_IN_ISSUER: issuer, FUELGAUGE_SERVER_SIGN_IN_CLIENT_ID: clientId } = values;
  if (issuer === undefined && clientId === undefined) return ok(null);
  if (issuer === undefined) return wrong('FUELGAUGE_SERVER_SIGN_IN_ISSUER: is missing beside the client id');
  if (clientId === undefined) return wrong('FUELGAUGE_SERVER_SIGN_IN_CLIENT_ID: is missing beside the issuer');
  const { FUELGAUGE_SERVER_SIGN_IN_NEW_PEOPLE: role, FUELGAUGE_SERVER_SIGN_IN_DOMAINS: domains } = values;
  // A provider may sign in the whole world: who is let in without an admin is always said in words.
  if (role !== 'refused' && domains.length === 0) {
    return wrong('FUELGAUGE_SERVER_SIGN_IN_DOMAINS: is missing: new people are let in by the domain of their address');
  }
  return ok({
    issuer,
    clientId,
    clientSecret: values.FUELGAUGE_SERVER_SIGN_IN_CLIENT_SECRET ?? null,
    name: values.FUELGAUGE_SERVER_SIGN_IN_NAME ?? new URL(issuer).hostname,
    by: values.FUELGAUGE_SERVER_SIGN_IN_BY,
    organisationId: values.FUELGAUGE_SERVER_SIGN_IN_ORGANISATION ?? null,
    newPeople: role === 'refused' ? null : { role, domains },
  });
}

/** Tokens travel there: only on this computer without encryption. */
function isSafeIssuer(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname.replaceAll(/[[\]]/g, '')));
}

/** An address that only this computer reaches. */
function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}

function isNetwork(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  const version = isIP(address);
  return version !== 0 && rest.length === 0 && (bits === undefined || (/^\d+$/.test(bits) && Number(bits) <= 128));
}
