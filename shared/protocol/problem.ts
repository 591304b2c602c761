import { z } from 'zod';
import { durationMs } from './fields.ts';
import { limits } from './limits.ts';

/** Why a request failed as a whole. [Y7] */
export const problemTypes = {
  'malformed-request': 400,
  unauthenticated: 401,
  revoked: 403,
  'not-allowed': 403,
  'not-found': 404,
  'too-large': 413,
  'other-protocol': 426,
  'too-many-requests': 429,
  'server-full': 507,
  'server-error': 500,
  unavailable: 503,
} as const;
export type ProblemType = keyof typeof problemTypes;

const names = z.enum(Object.keys(problemTypes).filter(isProblemType));

/** A problem document of RFC 9457; `type` is `urn:fuelgauge:problem:` and one of the names above. */
export const problemSchema = z.object({
  type: z.templateLiteral(['urn:fuelgauge:problem:', names]),
  title: z.string().max(limits.textLengthMax),
  status: z.int().min(400).max(599),
  detail: z.string().max(limits.textLengthMax).exactOptional(),
  /** Not before this long from now; left out where trying again does not help or the device may choose. */
  retryAfterMs: durationMs.exactOptional(),
});
export type ProblemDocument = z.output<typeof problemSchema>;

/** The document of a problem. */
export function problemDocument(
  type: ProblemType,
  said: Pick<ProblemDocument, 'title' | 'detail' | 'retryAfterMs'>,
): ProblemDocument {
  return { type: `urn:fuelgauge:problem:${type}`, status: problemTypes[type], ...said };
}

/** Which problem a document names. */
export function problemTypeOf(problem: ProblemDocument): ProblemType {
  const type = problem.type.slice(problem.type.lastIndexOf(':') + 1);
  return isProblemType(type) ? type : 'server-error';
}

function isProblemType(name: string): name is ProblemType {
  return Object.hasOwn(problemTypes, name);
}
