/** The documents that storages and collections are measured with. */

import { fillWithDefaultSettings } from 'rxdb';
import type { RxDocumentData, RxJsonSchema } from 'rxdb';
import { v7 } from 'uuid';

export interface Line {
  readonly id: string;
  readonly workspaceId: string;
  readonly occurredAt: number;
  readonly memberId: string;
  readonly body: Readonly<Record<string, string | number>>;
}
export type StoredLine = RxDocumentData<Line>;

export const STARTED_AT = 1_750_000_000_000;

const id = { type: 'string', maxLength: 40 } as const;
export const lineSchema: RxJsonSchema<Line> = {
  version: 0,
  primaryKey: 'id',
  type: 'object',
  properties: {
    id,
    workspaceId: id,
    occurredAt: { type: 'integer', minimum: 0, maximum: 10_000_000_000_000, multipleOf: 1 },
    memberId: id,
    body: { type: 'object', additionalProperties: true },
  },
  required: ['id', 'workspaceId', 'occurredAt', 'memberId', 'body'],
  indexes: [
    ['workspaceId', 'occurredAt'],
    ['workspaceId', 'memberId', 'occurredAt'],
  ],
};
export const storedLineSchema: RxJsonSchema<StoredLine> = fillWithDefaultSettings<Line>(lineSchema);

/** As RxDB hands them to a storage, in the order in which they happened. */
export function lines(start: number, count: number): StoredLine[] {
  return Array.from({ length: count }, (_, offset) => {
    const number = start + offset;
    return {
      id: v7(),
      workspaceId: 'w',
      occurredAt: STARTED_AT + number,
      memberId: `member-${number % 90}`,
      body: {
        kind: 'usage',
        feature: `feature-${number % 20}`,
        variant: 'deep',
        quantity: 1 + (number % 5),
        note: 'n'.repeat(120),
      },
      _deleted: false,
      _attachments: {},
      _rev: '1-bench',
      _meta: { lwt: STARTED_AT + number },
    };
  });
}
