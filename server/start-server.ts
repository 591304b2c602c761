// The composition root: the database, the services and the application, started in this order and stopped in the other.
import { readFileSync } from 'node:fs';
import { inviteLink } from '../shared/protocol/invite.ts';
import { err, ok, type Result } from '../shared/kernel/result.ts';
import { certificateOf } from './certificate.ts';
import type { Config, SignInConfig } from './config.ts';
import { openAlerts } from './alerts/alerts.ts';
import { allRoutes, type Services } from './http/all-routes.ts';
import { openHistories } from './history/history.ts';
import { buildApp } from './http/app.ts';
import { openMetrics } from './http/metrics.ts';
import { openAccessTokens } from './identity/access-tokens.ts';
import { createFirstOrganisation } from './identity/organisations.ts';
import { openStandings } from './identity/standing.ts';
import { hasWorkspace } from './identity/workspaces.ts';
import { openProvider } from './sign-in/provider.ts';
import { openSignIns } from './sign-in/sign-ins.ts';
import { openServerDatabase, type StartProblem } from './open-database.ts';
import { reachableHost } from './reachable-host.ts';

export interface RunningServer {
  /** `http://127.0.0.1:8585`: where it listens. */
  readonly address: string;
  /** What devices connect to. */
  readonly publicAddress: string;
  /** What devices pin, as 64 hexadecimal digits; null without a certificate that has to be pinned. */
  readonly fingerprint: string | null;
  /** The invite of the first admin, at the first start of an empty database. */
  readonly firstInvite: { readonly code: string; readonly link: string } | null;
  readonly services: Services;
  /** Settles when the database that comes with the server has ended by itself. */
  readonly lost: Promise<void>;
  /** Answers what has arrived, ends the streams, then the database. A second call waits for the first. */
  readonly stop: () => Promise<void>;
}

export interface StartOptions {
  /** Where lines of the log go; standard output without it. */
  readonly writeLog?: (line: string) => void;
}

export async function startServer(
  config: Config,
  options: StartOptions = {},
): Promise<Result<RunningServer, StartProblem>> {
  const stops: (() => Promise<unknown>)[] = [];
  const stop = once(async () => {
    for (const each of stops.toReversed()) await each();
  });
  try {
    const started = await start(config, options, stops);
    if (started.ok) return ok({ ...started.value, stop });
    await stop();
    return started;
  } catch (error) {
    await stop();
    const why = error instanceof Error ? error.message : String(error);
    return err({ message: `The server could not be started: ${why}` });
  }
}

async function start(
  config: Config,
  { writeLog }: StartOptions,
  stops: (() => Promise<unknown>)[],
): Promise<Result<Omit<RunningServer, 'stop'>, StartProblem>> {
  const log: { failed: (error: unknown) => void } = { failed: () => undefined };
  const opened = await openServerDatabase(config, { shared: false, onLost: (error) => log.failed(error) });
  if (!opened.ok) return opened;
  stops.push(opened.value.close);
  const certificate = await certificateOf(config);
  if (!certificate.ok) return certificate;
  const { database, lost } = opened.value;
  const standings = await openStandings(database, (error) => log.failed(error));
  stops.push(standings.close);
  const onFailure = (error: unknown): void => log.failed(error);
  const alerts = openAlerts({
    database,
    sending: sendingOf(config),
    forecastMsMin: config.webhooks.forecastMsMin,
    onFailure,
  });
  stops.push(alerts.close);
  const histories = await openHistories({ database, onFailure, onWritten: alerts.written });
  const stopHearing = standings.onChange((change) => void histories.standingChanged(change).catch(onFailure));
  const stopping = new AbortController();
  const accessTokens = openAccessTokens(database);
  const services: Services = {
    database,
    accessTokens,
    signIn: signInOf(config.signIn, { database, accessTokens, onFailure }),
    standings,
    accessIn: histories.accessIn,
    histories,
    alerts,
    metrics: openMetrics({ database, streams: histories.streams }),
    stopSignal: stopping.signal,
  };
  const app = await buildApp({
    routes: allRoutes(services),
    gate: {
      authenticate: async (token, given) => {
        const claims = await services.accessTokens.verify(token);
        return claims ? standings.of(claims, given) : err('unauthenticated');
      },
      hasWorkspace: (organisationId, workspaceId) =>
        database.inOrganisation(organisationId, (transaction) => hasWorkspace(transaction, workspaceId)),
    },
    metrics: services.metrics,
    rates: {
      perAddressPerMinute: config.requestsPerAddressPerMinute,
      perDevicePerMinute: config.requestsPerDevicePerMinute,
      invitesPerAddressPerMinute: config.invitesPerAddressPerMinute,
    },
    log: { level: config.logLevel, ...(writeLog && { write: writeLog }) },
    trustedProxies: config.trustedProxies,
    requestMsMax: config.requestMsMax,
    https: certificate.value,
  });
  log.failed = (error) => app.log.error({ message: error instanceof Error ? error.message : 'unknown' }, 'background');
  stops.push(async () => {
    stopping.abort();
    stopHearing();
    await histories.close();
    // Connections that become idle from now on are closed one by one; whoever hangs on longer is cut off: what was
    // answered is in the database already.
    const sweep = setInterval(() => app.server.closeIdleConnections(), 50);
    const guard = setTimeout(() => app.server.closeAllConnections(), drainMsMax);
    await app.close();
    clearInterval(sweep);
    clearTimeout(guard);
  });
  const address = await app.listen({ host: config.host, port: config.port });
  const { port, protocol } = new URL(address);
  const publicAddress = config.address ?? `${protocol}//${reachableHost(config.host)}:${port}`;
  const fingerprint = certificate.value?.fingerprint ?? null;
  const first = await createFirstOrganisation(database);
  const code = first?.invite.code;
  const firstInvite =
    code === undefined ? null : { code, link: inviteLink({ server: publicAddress, code, fingerprint }) };
  return ok({ address, publicAddress, fingerprint, firstInvite, services, lost });
}

/** How messages to webhooks are sent. */
function sendingOf({ webhooks: { privateAddresses, authorities } }: Config) {
  return { privateAddresses, authorities: authorities === null ? null : readFileSync(authorities, 'utf8') };
}

/** How people sign in. The provider need not answer yet: it is asked when somebody does. */
function signInOf(
  config: SignInConfig | null,
  given: Pick<Services, 'database' | 'accessTokens'> & { readonly onFailure: (error: unknown) => void },
): Services['signIn'] {
  if (config === null) return null;
  const { name, by, organisationId, newPeople } = config;
  const { database, accessTokens, onFailure } = given;
  const signIns = openSignIns({
    database,
    accessTokens,
    provider: openProvider({ ...config, wantsAddress: by === 'email' || newPeople !== null }),
    rules: { by, newPeople },
    organisationId,
    onProblem: (code) => onFailure(new Error(`The identity provider: ${code}`)),
  });
  return { provider: name, by, signIns };
}

const drainMsMax = 10_000;

function once(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => (running ??= work());
}
