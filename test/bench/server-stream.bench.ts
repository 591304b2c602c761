/** Thousands of devices that listen to one workspace: what each costs the server, and how soon all know of a change. */

import { fork, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { fileURLToPath } from 'node:url';
import { setTimeout as wait } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { z } from 'zod';
import { outletTo } from '../../server/http/history-routes.ts';
import { figureOf, type Figure } from './figure.ts';
import { ServedTeam, serveCluster, type ServedCluster } from './served.ts';

const STREAMS = Number(process.env['BENCH_STREAMS'] ?? 5_000);
const CHANGES = 7;

export async function streamFigures(): Promise<readonly Figure[]> {
  const cluster = await serveCluster({ connectionsMax: 8 });
  try {
    const team = await ServedTeam.publish(cluster);
    const { server, port } = await serve(cluster, team);
    // What thousands bring with them as they come, such as room for garbage, is no part of what each costs.
    const first = devicesElsewhere();
    await listen(first, { port, streams: STREAMS });
    first.kill();
    await once(first, 'exit');
    while (cluster.histories.streams() > 0) await wait(100);
    const before = await memory();
    const devices = devicesElsewhere();
    await listen(devices, { port, streams: STREAMS });
    const kilobytes = ((await memory()) - before) / STREAMS / 1_024;
    const runs: { readonly value: number }[] = [];
    for (let change = 0; change < CHANGES; change += 1) {
      const heard = answerOf(devices, 'heard');
      const started = Date.now();
      await team.push(team.body(team.uses(1)));
      runs.push({ value: ((await heard).at ?? Number.NaN) - started });
      await wait(300);
    }
    devices.kill();
    await once(devices, 'exit');
    server.closeAllConnections();
    server.close();
    return [
      figureOf({ name: 'server.stream-memory', unit: 'KB/stream', n: STREAMS, runs: [{ value: kilobytes }] }),
      figureOf({ name: 'server.stream-delivery', unit: 'ms', n: STREAMS, runs }),
    ];
  } finally {
    await cluster.close();
  }
}

function devicesElsewhere(): ChildProcess {
  return fork(fileURLToPath(new URL('server-stream-devices.ts', import.meta.url)), { stdio: 'inherit' });
}

/** What is in use, in the heap and beside it, once what is not has been cleared away. */
async function memory(): Promise<number> {
  setFlagsFromString('--expose-gc');
  for (let turn = 0; turn < 3; turn += 1) {
    runInNewContext('gc()');
    await wait(200);
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** The route of the stream as the server has it, without tokens: each request is a device of its own. */
async function serve({ histories }: ServedCluster, team: ServedTeam): Promise<{ server: Server; port: number }> {
  const server = createServer((_, response) => {
    const viewer = { ...team.asking.viewer, deviceId: randomUUID() };
    const stream = { outlet: outletTo(response), again: () => Promise.resolve(viewer) };
    void histories.listen({ ...team.asking, viewer }, stream).then((leave) => {
      if (leave) response.once('close', leave);
      else response.destroy();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has a port');
  return { server, port: address.port };
}

const answerSchema = z.object({ kind: z.enum(['listening', 'heard']), at: z.number().optional() });

async function listen(devices: ChildProcess, asked: { readonly port: number; readonly streams: number }) {
  const listening = answerOf(devices, 'listening');
  devices.send(asked);
  await listening;
}

function answerOf(devices: ChildProcess, kind: 'listening' | 'heard'): Promise<z.output<typeof answerSchema>> {
  return new Promise((resolve, reject) => {
    devices.once('exit', () => reject(new Error('The devices ended')));
    devices.once('message', (message) => {
      const answer = answerSchema.parse(message);
      if (answer.kind === kind) resolve(answer);
      else reject(new Error(`The devices answered ${answer.kind}`));
    });
  });
}
