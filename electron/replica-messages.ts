// What the main process and the replica's process say to each other, besides the ports that pass between them.
import { z } from 'zod';
import type { DesktopView } from '../shared/bridge/desktop.ts';
import { desktopSettingsInput } from '../shared/bridge/inputs.ts';
import { wakeReasons } from '../replica/wake.ts';

/** Of a question, given back with its answer. */
const questionId = z.int().min(1);

const secretAnswerSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('secret'),
    id: questionId,
    value: z.string().nullable(),
    standing: z.enum(['system', 'file', 'memory']),
  }),
  z.object({ kind: z.literal('secret-failed'), id: questionId, message: z.string() }),
]);

/** Answers a request for a secret. */
export type SecretAnswer = Readonly<z.infer<typeof secretAnswerSchema>>;

export const messageToReplicaSchema = z.discriminatedUnion('kind', [
  /** Comes with one port. */
  z.object({ kind: z.literal('connect') }),
  /** Close the data and end. */
  z.object({ kind: z.literal('stop') }),
  /** Answer with a pong: whoever can answer is not stuck. */
  z.object({ kind: z.literal('ping') }),
  /** Try again what waits. */
  z.object({ kind: z.literal('wake'), reason: z.enum(wakeReasons) }),
  secretAnswerSchema,
  /** How the desktop app stands: with an id as the answer to a request, else because something changed. */
  z.object({
    kind: z.literal('desktop'),
    id: questionId.nullable(),
    view: z.custom<DesktopView>((view) => typeof view === 'object' && view !== null),
  }),
  z.object({ kind: z.literal('desktop-failed'), id: questionId, message: z.string() }),
]);

export type MessageToReplica = Readonly<z.infer<typeof messageToReplicaSchema>>;

const secretName = z.string().min(1).max(200);

const secretRequestSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('read-secret'), id: questionId, name: secretName }),
  z.object({
    kind: z.literal('write-secret'),
    id: questionId,
    name: secretName,
    value: z.string().max(65_536).nullable(),
  }),
]);

/** The replica's process asks the main process for a secret, or to keep one. */
export type SecretRequest = Readonly<z.infer<typeof secretRequestSchema>>;

const meterSchema = z.object({
  workspaceId: z.string(),
  name: z.string(),
  /** What can still be spent of all that there is in this period, 0 to 1; null where there is nothing to measure by. */
  share: z.number().min(0).max(1).nullable(),
  /** `tight`: it is likely not to last. */
  tone: z.enum(['calm', 'tight', 'empty']),
  balance: z.string(),
  runOut: z.string(),
});

/** One workspace as the tray shows it, in words already. */
export type Meter = Readonly<z.infer<typeof meterSchema>>;

const deskAlertSchema = z.object({
  workspaceId: z.string(),
  workspaceName: z.string(),
  headline: z.string(),
  detail: z.string(),
  place: z.enum(['overview', 'subscription', 'sync']),
});

/** An alert as a notification tells it. */
export type DeskAlert = Readonly<z.infer<typeof deskAlertSchema>>;

export const messageFromReplicaSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready') }),
  z.object({ kind: z.literal('pong') }),
  /** Another process asked for the window. */
  z.object({ kind: z.literal('show') }),
  /** The data directory cannot be used; the message is for the person. Trying again would not help. */
  z.object({ kind: z.literal('failed'), message: z.string() }),
  secretRequestSchema,
  z.object({
    kind: z.literal('ask-desktop'),
    id: questionId,
    request: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('change'), settings: desktopSettingsInput }),
      z.object({ kind: z.literal('check-for-update') }),
      z.object({ kind: z.literal('install-update') }),
    ]),
  }),
  /** Where the person may be sent to sign in, and to nowhere else; none when that is over. */
  z.object({ kind: z.literal('sign-in-pages'), pages: z.array(z.string().max(2_000)).max(2).readonly() }),
  /** All workspaces, the tightest first; none while the data is not open. */
  z.object({ kind: z.literal('meters'), meters: z.array(meterSchema).readonly() }),
  /** Each comes once, ever. */
  z.object({ kind: z.literal('alerts'), alerts: z.array(deskAlertSchema).readonly() }),
]);

export type MessageFromReplica = Readonly<z.infer<typeof messageFromReplicaSchema>>;
