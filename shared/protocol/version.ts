import { z } from 'zod';
import { canonicalText, type Digest } from './body-hash.ts';
import {
  changedSchema,
  devicesSchema,
  inviteCreatedSchema,
  inviteCreateSchema,
  invitesSchema,
  listQuerySchema,
  membershipSetSchema,
  peopleSchema,
  personAddedSchema,
  personAddSchema,
  personChangeSchema,
  workspacesSchema,
} from './admin.ts';
import {
  enrolAnswerSchema,
  enrolRequestSchema,
  meAnswerSchema,
  publishAnswerSchema,
  publishRequestSchema,
  refreshRequestSchema,
  tokensSchema,
} from './identity.ts';
import { leaseAnswerSchema, leaseRequestSchema } from './lease-messages.ts';
import { limits } from './limits.ts';
import { problemSchema } from './problem.ts';
import { pullAnswerSchema, pullRequestSchema, segmentSchema } from './pull.ts';
import { pushAnswerSchema, pushRequestSchema } from './push.ts';
import { entrySchema } from './entry.ts';
import {
  aboutSchema,
  signInAnswerSchema,
  signInPollSchema,
  signInRequestSchema,
  signInStartedSchema,
} from './sign-in.ts';
import { streamMessageSchema } from './stream.ts';

/** Sent with every request. It rises with every change of what is on the wire. [Y1] */
export const protocolVersion = 1;

/** The earliest version that this program still speaks. */
export const protocolVersionOldest = 1;

/** What is on the wire, by the version that it belongs to; the entry of a version that was released never changes. */
export const protocolHashByVersion: Readonly<Record<number, string>> = {
  1: 'c4f28576616b5c91cce8fb3baac4e47c0e0ebe41b571ad3c337c1411e887ecd3',
};

/** Whether two programs can talk; if not, which of both has to be updated. [Y2] */
export function compareProtocol(theirs: number): 'spoken' | 'theirs-is-too-old' | 'ours-is-too-old' {
  if (theirs < protocolVersionOldest) return 'theirs-is-too-old';
  return theirs > protocolVersion ? 'ours-is-too-old' : 'spoken';
}

/** Everything that crosses the wire, as parsed at its edge. */
export const wireSchemas = {
  about: aboutSchema,
  enrolRequest: enrolRequestSchema,
  enrolAnswer: enrolAnswerSchema,
  signInRequest: signInRequestSchema,
  signInStarted: signInStartedSchema,
  signInPoll: signInPollSchema,
  signInAnswer: signInAnswerSchema,
  refreshRequest: refreshRequestSchema,
  tokens: tokensSchema,
  meAnswer: meAnswerSchema,
  publishRequest: publishRequestSchema,
  publishAnswer: publishAnswerSchema,
  pullRequest: pullRequestSchema,
  pullAnswer: pullAnswerSchema,
  segment: segmentSchema,
  pushRequest: pushRequestSchema,
  entry: entrySchema,
  pushAnswer: pushAnswerSchema,
  streamMessage: streamMessageSchema,
  leaseRequest: leaseRequestSchema,
  leaseAnswer: leaseAnswerSchema,
  listQuery: listQuerySchema,
  people: peopleSchema,
  personAdd: personAddSchema,
  personAdded: personAddedSchema,
  personChange: personChangeSchema,
  membershipSet: membershipSetSchema,
  invites: invitesSchema,
  inviteCreate: inviteCreateSchema,
  inviteCreated: inviteCreatedSchema,
  devices: devicesSchema,
  workspaces: workspacesSchema,
  changed: changedSchema,
  problem: problemSchema,
} as const;

/** Stands for the shapes and limits of the wire. */
export function protocolHash(schemas: Readonly<Record<string, z.ZodType>>, digest: Digest): string {
  const shapes = Object.entries(schemas).map(([name, schema]) => [name, z.toJSONSchema(schema, { io: 'input' })]);
  return digest(canonicalText([shapes, limits]));
}
