// A workspace on a running server, and devices that push, pull, lend and listen over the network.
import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import { changedSchema } from '../../shared/protocol/admin.ts';
import { contentOf, type Entry } from '../../shared/protocol/entry.ts';
import { publishAnswerSchema } from '../../shared/protocol/identity.ts';
import { leaseAnswerSchema, type LeaseRequest } from '../../shared/protocol/lease-messages.ts';
import type { Checkpoint } from '../../shared/protocol/checkpoint.ts';
import { pullAnswerSchema, type PulledDocument } from '../../shared/protocol/pull.ts';
import { pushAnswerSchema } from '../../shared/protocol/push.ts';
import { pathOf, routes } from '../../shared/protocol/routes.ts';
import { streamMessageSchema, type StreamMessage } from '../../shared/protocol/stream.ts';
import { poolOf } from '../../server/review/terms.ts';
import type { TestDevice, TestServer } from './test-server.ts';

export interface HttpWorkspace {
  readonly workspaceId: string;
  readonly poolId: string;
  readonly as: (device: TestDevice) => HttpDevice;
  /** Adds a person with a device, who is `memberId` of the workspace's history. */
  readonly join: (memberId: string | null, role: string) => Promise<HttpDevice & { readonly personId: string }>;
}

type Pulled = z.output<typeof pullAnswerSchema>;

export interface HttpDevice {
  readonly device: TestDevice;
  readonly push: (...entries: readonly Entry[]) => Promise<z.output<typeof pushAnswerSchema>>;
  readonly pull: (checkpoint: Checkpoint | null, rowsMax?: number) => Promise<Pulled>;
  /** Everything, page by page, from the beginning. */
  readonly pullAll: () => Promise<{ readonly documents: readonly PulledDocument[]; readonly checkpoint: Checkpoint }>;
  readonly leases: (request: LeaseRequest) => Promise<z.output<typeof leaseAnswerSchema>['leases']>;
  readonly listen: () => Promise<Listening>;
}

export interface Listening {
  /** What was heard and not taken yet; waits for it. null once the stream has ended. */
  readonly next: () => Promise<StreamMessage | null>;
  readonly stop: () => void;
}

export async function publishOn({ server, admin, join }: TestServer): Promise<HttpWorkspace> {
  const workspaceId = randomUUID();
  await admin.answer(publishAnswerSchema, 'POST', routes.publish, { id: workspaceId, name: 'Design' });
  const epoch = { of: '' };
  const as = (device: TestDevice): HttpDevice => {
    let number = 0;
    const pull: HttpDevice['pull'] = (checkpoint, rowsMax = 1_000) =>
      device.answer(pullAnswerSchema, 'POST', pathOf(routes.pull, { workspaceId }), { checkpoint, rowsMax });
    return {
      device,
      pull,
      push: async (...entries) => {
        if (epoch.of === '') {
          const first = await pull(null, 1);
          epoch.of = first.kind === 'page' ? first.checkpoint.epoch : '';
        }
        const rows = entries.map((entry) => {
          number += 1;
          return { id: contentOf(entry).id, by: { deviceId: device.deviceId, number }, entry };
        });
        const path = pathOf(routes.push, { workspaceId });
        return device.answer(pushAnswerSchema, 'POST', path, { epoch: epoch.of, rows });
      },
      pullAll: async () => {
        const documents: PulledDocument[] = [];
        let checkpoint: Checkpoint | null = null;
        for (;;) {
          const page: Pulled = await pull(checkpoint);
          if (page.kind !== 'page') throw new Error(`No page: ${page.kind}`);
          documents.push(...page.documents);
          checkpoint = page.checkpoint;
          if (!page.more) return { documents, checkpoint };
        }
      },
      leases: async (request) =>
        (await device.answer(leaseAnswerSchema, 'POST', pathOf(routes.leases, { workspaceId }), request)).leases,
      listen: () => listenTo(`${server.address}${pathOf(routes.stream, { workspaceId })}`, device),
    };
  };
  return {
    workspaceId,
    poolId: poolOf(workspaceId, null).poolId,
    as,
    join: async (memberId, role) => {
      const device = await join({ role });
      const { personId } = device;
      const path = pathOf(routes.memberships, { personId });
      if (memberId !== null) await admin.answer(changedSchema, 'POST', path, { workspaceId, memberId });
      return { ...as(device), personId };
    },
  };
}

async function listenTo(url: string, device: TestDevice): Promise<Listening> {
  const stopping = new AbortController();
  const response = await fetch(url, {
    signal: stopping.signal,
    headers: { 'fuelgauge-protocol': '1', authorization: `Bearer ${device.tokens().accessToken}` },
  });
  if (response.status !== 200 || !response.body) throw new Error(await response.text());
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  const heard: StreamMessage[] = [];
  let rest = '';
  return {
    next: async () => {
      for (;;) {
        const message = heard.shift();
        if (message) return message;
        const { done, value } = await reader.read();
        if (done) return null;
        const events = (rest + value).split('\n\n');
        rest = events.pop() ?? '';
        for (const event of events) {
          if (event.startsWith('data: ')) heard.push(streamMessageSchema.parse(JSON.parse(event.slice(6))));
        }
      }
    },
    stop: () => stopping.abort(),
  };
}
