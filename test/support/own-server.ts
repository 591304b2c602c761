// A central server of a test's own, with the PostgreSQL that comes with it, on a folder and a port that it keeps.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '../../server/config.ts';
import { startServer, type RunningServer } from '../../server/start-server.ts';

export interface OwnServer {
  readonly address: string;
  /** Joins the first company admin; works once. */
  readonly inviteLink: string;
  /** Ends it as its operator does; devices find nobody there. */
  readonly stop: () => Promise<void>;
  /** On the same folder and port as before. */
  readonly start: () => Promise<void>;
  /** Ends it and takes its folder away. */
  readonly drop: () => Promise<void>;
}

/** @param environment more of its configuration. */
export async function startOwnServer(environment: Readonly<Record<string, string>> = {}): Promise<OwnServer> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'fuelgauge-own-server-'));
  let port = 0;
  let running: RunningServer | undefined;
  const start = async (): Promise<void> => {
    const config = readConfig(
      { data: dataFolder, host: '127.0.0.1', port: String(port) },
      { FUELGAUGE_SERVER_LOG_LEVEL: 'silent', FUELGAUGE_SERVER_INVITES_PER_ADDRESS: '1000', ...environment },
    );
    if (!config.ok) throw new Error(config.error.lines.join(' '));
    const started = await startServer(config.value, { writeLog: () => undefined });
    if (!started.ok) throw new Error(started.error.message);
    running = started.value;
    port = Number(new URL(running.address).port);
  };
  const stop = async (): Promise<void> => {
    await running?.stop();
    running = undefined;
  };
  await start();
  const first = running;
  if (!first?.firstInvite) throw new Error('A new server has an invite for its first admin.');
  return {
    address: first.address,
    inviteLink: first.firstInvite.link,
    stop,
    start,
    drop: async () => {
      await stop();
      await rm(dataFolder, { recursive: true, force: true });
    },
  };
}
