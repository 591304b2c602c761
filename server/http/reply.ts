// What a route answers.
import type { OutgoingHttpHeaders } from 'node:http';
import { problemDocument, type ProblemDocument, type ProblemType } from '../../shared/protocol/problem.ts';

export type Reply =
  /** Written as JSON. */
  | { readonly kind: 'json'; readonly status?: number; readonly value: unknown; readonly headers?: OutgoingHttpHeaders }
  /** Ready as it is: JSON that the database wrote, a segment that lies compressed. */
  | {
      readonly kind: 'ready';
      readonly status?: number;
      readonly contentType: string;
      readonly body: string | Buffer;
      readonly headers?: OutgoingHttpHeaders;
    }
  /** The client has it already: 304. */
  | { readonly kind: 'not-modified'; readonly headers?: OutgoingHttpHeaders }
  /** The route writes to the raw response by itself, and ends it. */
  | { readonly kind: 'taken-over' }
  | ProblemReply;

export interface ProblemReply {
  readonly kind: 'problem';
  readonly problem: ProblemDocument;
}

export function json(value: unknown): Reply {
  return { kind: 'json', value };
}

/** A failure of the request as a whole; `title` says what happened, `detail` what to do. */
export function problemReply(
  type: ProblemType,
  title: string,
  said: Pick<ProblemDocument, 'detail' | 'retryAfterMs'> = {},
): ProblemReply {
  return { kind: 'problem', problem: problemDocument(type, { title, ...said }) };
}
