// What the main process and the replica's process say to each other, besides the ports that pass between them.
import { z } from 'zod';
import { wakeReasons } from '../replica/wake.ts';

const secretAnswerSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('secret'),
    /** Of the request. */
    id: z.int(),
    value: z.string().nullable(),
    standing: z.enum(['system', 'file', 'memory']),
  }),
  z.object({ kind: z.literal('secret-failed'), id: z.int(), message: z.string() }),
]);

/** Answers a request for a secret. */
export type SecretAnswer = Readonly<z.infer<typeof secretAnswerSchema>>;

export const messageToReplicaSchema = z.discriminatedUnion('kind', [
  /** Comes with one port. */
  z.object({ kind: z.literal('connect') }),
  /** Close the data and end. */
  z.object({ kind: z.literal('stop') }),
  /** Try again what waits. */
  z.object({ kind: z.literal('wake'), reason: z.enum(wakeReasons) }),
  secretAnswerSchema,
]);

export type MessageToReplica = Readonly<z.infer<typeof messageToReplicaSchema>>;

const secretName = z.string().min(1).max(200);

const secretRequestSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('read-secret'), id: z.int(), name: secretName }),
  z.object({
    kind: z.literal('write-secret'),
    id: z.int(),
    name: secretName,
    value: z.string().max(65_536).nullable(),
  }),
]);

/** The replica's process asks the main process for a secret, or to keep one. */
export type SecretRequest = Readonly<z.infer<typeof secretRequestSchema>>;

export const messageFromReplicaSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready') }),
  /** Another process asked for the window. */
  z.object({ kind: z.literal('show') }),
  /** The data directory cannot be used; the message is for the person. Trying again would not help. */
  z.object({ kind: z.literal('failed'), message: z.string() }),
  secretRequestSchema,
]);

export type MessageFromReplica = Readonly<z.infer<typeof messageFromReplicaSchema>>;
