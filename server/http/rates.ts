// How often anybody may ask. Each process counts by itself, so several of them allow as many times as much.
import rateLimit, { type RateLimitOptions } from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Caller } from '../identity/caller.ts';
import { problemReply, type ProblemReply } from './reply.ts';

export interface RateLimits {
  /** Of one address (an IPv6 network of 64 bits counts as one): a whole office may share it. */
  readonly perAddressPerMinute: number;
  readonly perDevicePerMinute: number;
  /** Attempts to use an invite, of one address: a code has 60 bits and is good for a day. */
  readonly invitesPerAddressPerMinute: number;
}

export interface Rates {
  /** Before anything else is looked at. null: go on. */
  readonly ofAddress: (request: FastifyRequest) => Promise<ProblemReply | null>;
  readonly ofInvites: (request: FastifyRequest) => Promise<ProblemReply | null>;
  readonly ofDevice: (request: FastifyRequest, caller: Caller) => Promise<ProblemReply | null>;
}

/** `cache`: addresses and devices that are counted at once. */
const counting: RateLimitOptions = { timeWindow: 60_000, cache: 20_000 };

export async function openRates(app: FastifyInstance, limits: RateLimits): Promise<Rates> {
  await app.register(rateLimit, { global: false });
  const devices = new WeakMap<FastifyRequest, string>();
  const [address, invites, device] = [
    app.createRateLimit({ ...counting, max: limits.perAddressPerMinute }),
    app.createRateLimit({ ...counting, max: limits.invitesPerAddressPerMinute }),
    app.createRateLimit({
      ...counting,
      max: limits.perDevicePerMinute,
      keyGenerator: (request) => devices.get(request) ?? request.ip,
    }),
  ];
  const judged = async (found: Awaited<ReturnType<typeof address>>): Promise<ProblemReply | null> =>
    found.isAllowed || !found.isExceeded
      ? null
      : problemReply('too-many-requests', 'The server was asked too often from here.', {
          detail: 'Nothing was changed. Try again a little later.',
          retryAfterMs: found.ttl,
        });
  return {
    ofAddress: async (request) => judged(await address(request)),
    ofInvites: async (request) => judged(await invites(request)),
    ofDevice: async (request, { deviceId }) => {
      devices.set(request, deviceId);
      return judged(await device(request));
    },
  };
}
