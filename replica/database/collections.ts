import type { RxCollection, RxDatabase, RxJsonSchema } from 'rxdb';
import type { MigrationStep } from '../storage-sqlite/collection-migration.ts';

/**
 * The collections of the replica. A field that is filtered or sorted by is a column of its own; everything else sits in
 * `body`, so that a new detail needs no new schema version and no copy of every document.
 */
export interface RecordDocument {
  readonly id: string;
  readonly workspaceId: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A line of the ledger. Empty text stands for *none*: the storage keeps no NULL. */
export interface TransactionDocument extends RecordDocument {
  readonly poolId: string;
  readonly kind: string;
  readonly occurredAt: number;
  readonly spentAt: number;
  readonly memberId: string;
  readonly teamId: string;
  readonly featureId: string;
  readonly linkedId: string;
  readonly externalKey: string;
}

export type ReplicaCollections = {
  /** One document a workspace: name, platform, anchor, zone. */
  readonly workspaces: RxCollection<RecordDocument>;
  /** Catalogues with their plans: the shipped ones that workspaces were priced with, and those that users describe. */
  readonly plans: RxCollection<RecordDocument>;
  /** Who burns from what together. */
  readonly pools: RxCollection<RecordDocument>;
  readonly transactions: RxCollection<TransactionDocument>;
  /** Dated changes of plan, seats, members, teams, add-ons, caps. */
  readonly changes: RxCollection<RecordDocument>;
  readonly orders: RxCollection<RecordDocument>;
  readonly readings: RxCollection<RecordDocument>;
  /** What was refused, beside the ledger and never in it. */
  readonly refusals: RxCollection<RecordDocument>;
  /** Of this computer only: who I am, and imports that are under way. */
  readonly settings: RxCollection<RecordDocument>;
};

export type ReplicaDatabase = RxDatabase<ReplicaCollections>;

const text = (maxLength: number) => ({ type: 'string', maxLength }) as const;
const moment = {
  type: 'integer',
  minimum: -9_007_199_254_740_991,
  maximum: 9_007_199_254_740_991,
  multipleOf: 1,
} as const;
const body = { type: 'object', additionalProperties: true } as const;

const recordSchema: RxJsonSchema<RecordDocument> = {
  version: 0,
  primaryKey: 'id',
  type: 'object',
  properties: { id: text(200), workspaceId: text(200), body },
  required: ['id', 'workspaceId', 'body'],
  indexes: ['workspaceId'],
};

const transactionSchema: RxJsonSchema<TransactionDocument> = {
  version: 0,
  primaryKey: 'id',
  type: 'object',
  properties: {
    id: text(200),
    workspaceId: text(200),
    poolId: text(200),
    kind: text(20),
    occurredAt: moment,
    spentAt: moment,
    memberId: text(200),
    teamId: text(200),
    featureId: text(200),
    linkedId: text(200),
    externalKey: text(400),
    body,
  },
  required: [
    'id',
    'workspaceId',
    'poolId',
    'kind',
    'occurredAt',
    'spentAt',
    'memberId',
    'teamId',
    'featureId',
    'linkedId',
    'externalKey',
    'body',
  ],
  indexes: [
    ['workspaceId', 'occurredAt'],
    ['workspaceId', 'kind', 'occurredAt'],
    ['workspaceId', 'memberId', 'occurredAt'],
    ['workspaceId', 'featureId', 'occurredAt'],
    ['workspaceId', 'teamId', 'occurredAt'],
    ['workspaceId', 'spentAt'],
    ['workspaceId', 'externalKey'],
    ['poolId', 'occurredAt'],
    ['linkedId'],
  ],
};

/**
 * A collection's schema, and the way to it: `steps[n]` makes a document of version n from one of version n - 1. Nothing
 * of a released schema may change without a new version and its step; docs/decisions/0009-migrations.md says how.
 */
export interface CollectionDefinition<Document> {
  readonly schema: RxJsonSchema<Document>;
  readonly steps: Readonly<Record<number, MigrationStep>>;
}

export type CollectionDefinitions = {
  readonly [Name in keyof ReplicaCollections]: CollectionDefinition<
    Name extends 'transactions' ? TransactionDocument : RecordDocument
  >;
};

export type CollectionName = keyof ReplicaCollections;

export const collectionNames = [
  'workspaces',
  'plans',
  'pools',
  'transactions',
  'changes',
  'orders',
  'readings',
  'refusals',
  'settings',
] as const satisfies readonly CollectionName[];

const records: CollectionDefinition<RecordDocument> = { schema: recordSchema, steps: {} };

export const collectionCreators: CollectionDefinitions = {
  workspaces: records,
  plans: records,
  pools: records,
  transactions: { schema: transactionSchema, steps: {} },
  changes: records,
  orders: records,
  readings: records,
  refusals: records,
  settings: records,
};
