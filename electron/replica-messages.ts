// What the main process and the replica's process say to each other, besides the ports that pass between them.
import { z } from 'zod';

export type MessageToReplica =
  /** Comes with one port. */
  | { readonly kind: 'connect' }
  /** Close the data and end. */
  | { readonly kind: 'stop' };

export const messageToReplicaSchema: z.ZodType<MessageToReplica> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('connect') }),
  z.object({ kind: z.literal('stop') }),
]);

export type MessageFromReplica =
  | { readonly kind: 'ready' }
  /** Another process asked for the window. */
  | { readonly kind: 'show' }
  /** The data directory cannot be used; the message is for the person. Trying again would not help. */
  | { readonly kind: 'failed'; readonly message: string };

export const messageFromReplicaSchema: z.ZodType<MessageFromReplica> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready') }),
  z.object({ kind: z.literal('show') }),
  z.object({ kind: z.literal('failed'), message: z.string() }),
]);
