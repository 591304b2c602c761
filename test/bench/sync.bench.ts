/** Whole replicas and the server, each in a process of its own: the first pull, and how fast one sees another's entry. */

import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createRouterClient } from '@orpc/server';
import { z } from 'zod';
import { openReplica, type Replica } from '../../replica/main.ts';
import { instant } from '../../shared/kernel/instant.ts';
import { seededRandom } from '../../shared/kernel/random.ts';
import { addressIn, codeIn } from '../support/server-process.ts';
import type { Times } from './both.ts';
import { figureOf, type Figure } from './figure.ts';
import { inStep } from './in-step.ts';
import { useAt } from './team-file.ts';

const LINES = Number(process.env['BENCH_ROWS'] ?? 100_000);
const PULLS = 3;
const ENTRIES = 40;

export async function syncFigures(): Promise<readonly Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'sync-bench-'));
  // Where this runs as root, PostgreSQL runs as somebody else and has to get in.
  chmodSync(folder, 0o755);
  const server = await serve(join(folder, 'server'));
  try {
    const first = join(folder, 'first');
    mkdirSync(first);
    const replica = await openReplica({ dataDir: first });
    const workspaceId = await filled(replica);
    const client = createRouterClient(replica.router, { context: {} });
    const { serverId } = await client.sync.connect({ invite: `${server.address} ${server.code}` });
    await client.sync.publish({ serverId, workspaceId });
    await inStep(replica, workspaceId);
    const personId = replica.sync.server(serverId)?.person.id ?? '';
    const invite = async (): Promise<string> =>
      (await client.administration.invites.create({ serverId, personId })).link;
    const invites: string[] = [];
    for (let pull = 0; pull <= PULLS; pull += 1) invites.push(await invite());
    const [writerInvite = '', ...pullInvites] = invites;
    const propagation = await propagationOf(replica, { folder, invite: writerInvite, workspaceId });
    await replica.close();
    const runs: Times[] = [];
    for (const [place, link] of pullInvites.entries()) {
      runs.push(await firstPull(join(folder, `pull-${place}`), link, workspaceId));
    }
    return [
      propagation,
      figureOf({ name: `sync.first-pull-end-to-end@${LINES}`, unit: 'documents/s', n: LINES, runs }),
    ];
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A workspace with lines as a report brings them: priced by the platform, so that the server has nothing to say. */
async function filled(replica: Replica): Promise<string> {
  const client = createRouterClient(replica.router, { context: {} });
  const { workspaceId } = await client.workspaces.create({
    platform: 'miro',
    plan: 'enterprise',
    seats: { member: 500 },
    anchor: '2024-01-01',
    timeZone: 'Europe/Berlin',
  });
  const poolId = (await client.balance.get({ workspaceId })).pools[0]?.poolId ?? '';
  const random = seededRandom(1);
  const started = replica.state.clock() - LINES * 60_000;
  for (let from = 0; from < LINES; from += 5_000) {
    const lines = Array.from({ length: Math.min(5_000, LINES - from) }, (_, place) => {
      const at = instant(started + (from + place) * 60_000);
      const line = useAt({ workspaceId, poolId, at, number: from + place, random });
      return { ...line, memberId: null, teamId: null, pricing: 'metered', unitRate: null, happened: true } as const;
    });
    await replica.state.appendLines(workspaceId, lines);
  }
  return workspaceId;
}

async function serve(folder: string) {
  const main = fileURLToPath(new URL('../../server/main.ts', import.meta.url));
  const child = spawn(process.execPath, [main, '--data', folder, '--port', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.setEncoding('utf8');
  child.stdout.on('data', (part: string) => {
    said += part;
  });
  while (codeIn(said) === undefined || !/serves at/.test(said)) {
    if (child.exitCode !== null) throw new Error(`The server ended: ${said}`);
    await wait(50);
  }
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await once(child, 'exit');
  };
  return { address: addressIn(said), code: codeIn(said) ?? '', stop };
}

/**
 * Documents a second, from the beginning of the first pull until all of it can be asked about; beside them, how many a
 * second SQLite alone takes into the same table.
 */
async function firstPull(dataDir: string, invite: string, workspaceId: string): Promise<Times> {
  mkdirSync(dataDir);
  const puller = fork(fileURLToPath(new URL('sync-puller.ts', import.meta.url)), { stdio: 'inherit' });
  puller.send({ dataDir, invite, workspaceId });
  const { total, seconds, rawSeconds } = pulledSchema.parse((await once(puller, 'message'))[0]);
  if (total < LINES) throw new Error(`Only ${total} lines came`);
  return { value: total / seconds, baseline: total / rawSeconds };
}

/** Milliseconds from the answer to whoever logs until another device has the entry. */
async function propagationOf(
  replica: Replica,
  given: { readonly folder: string; readonly invite: string; readonly workspaceId: string },
): Promise<Figure> {
  const { folder, invite, workspaceId } = given;
  const dataDir = join(folder, 'writer');
  mkdirSync(dataDir);
  const writer = fork(fileURLToPath(new URL('sync-writer.ts', import.meta.url)), { stdio: 'inherit' });
  const answer = async () => writtenSchema.parse((await once(writer, 'message'))[0]);
  try {
    writer.send({ dataDir, invite, workspaceId });
    await answer();
    await inStep(replica, workspaceId);
    const runs: { readonly value: number }[] = [];
    for (let entry = 0; entry < ENTRIES; entry += 1) {
      writer.send('log');
      const { id, at } = await answer();
      while (replica.state.line(id) === undefined) await wait(1);
      runs.push({ value: Date.now() - at });
    }
    return figureOf({ name: 'sync.propagation', unit: 'ms', n: ENTRIES, runs });
  } finally {
    writer.kill();
  }
}

const pulledSchema = z.object({ total: z.number(), seconds: z.number(), rawSeconds: z.number() });
const writtenSchema = z.object({ id: z.string(), at: z.number() });
