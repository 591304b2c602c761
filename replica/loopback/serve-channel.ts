// What stands between a page and the procedures: only what our own pages and programs send is passed on.
import { EventEmitter } from 'node:events';
import { RPCHandler } from '@orpc/server/message-port';
import { z } from 'zod';
import type { ServedRouter } from './served-router.ts';

/** A port or a socket, as one thing that carries text. */
export interface Channel {
  readonly send: (message: unknown) => void;
  readonly onMessage: (listener: (message: unknown) => void) => void;
  readonly onClose: (listener: () => void) => void;
}

/** The largest message: files are imported in pieces, so no single message comes near it. */
export const MESSAGE_BYTES_MAX = 64 * 1024 * 1024;

/**
 * A function that serves `router` on a channel. A message that is none of ours is passed over: it is never answered,
 * never reaches a procedure, and leaves nothing behind.
 */
export function channelServer(router: ServedRouter): (channel: Channel) => void {
  const handler = new RPCHandler(router);
  return ({ send, onMessage, onClose }) => {
    const end = Object.assign(new EventEmitter(), { postMessage: send });
    handler.upgrade(end);
    onMessage((raw) => {
      const message = readMessage(raw);
      if (message !== undefined) end.emit('message', { data: message });
    });
    onClose(() => end.emit('close'));
  };
}

const id = z.string().min(1).max(32);

/**
 * A call, or the end of one, as oRPC's own client writes them. Our procedures take no streams, so what could open one
 * (headers, events) is not ours.
 */
const messageSchema = z.union([
  z.strictObject({
    i: id,
    p: z.strictObject({
      u: z
        .string()
        .max(200)
        .regex(/^(?:\/[A-Za-z]{1,40}){1,4}$/),
      b: z.unknown().optional(),
    }),
  }),
  z.strictObject({ i: id, t: z.literal(4), p: z.undefined().optional() }),
]);

/** The message in a text, or undefined where it is none of ours. */
export function readMessage(raw: unknown): z.infer<typeof messageSchema> | undefined {
  if (typeof raw !== 'string' || raw.length > MESSAGE_BYTES_MAX) return undefined;
  try {
    return messageSchema.safeParse(JSON.parse(raw)).data;
  } catch {
    return undefined;
  }
}
