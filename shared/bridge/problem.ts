/** One thing that is wrong with what was given, and where. */
export interface Issue {
  /** The field or flag, for example `seats` or `members.3.role`; empty for the whole. */
  readonly path: string;
  readonly message: string;
  /** For files and pasted text: counted from 1. */
  readonly line?: number;
  readonly column?: string;
}

export type ProblemCode =
  | 'wrong-input'
  | 'not-found'
  | 'conflict'
  | 'refused'
  | 'read-only'
  | 'disk-full'
  | 'damaged'
  | 'unavailable'
  | 'internal';

/** An expected failure as a person reads it: what happened, what was kept, what to do. */
export interface Problem {
  readonly code: ProblemCode;
  readonly message: string;
  readonly kept: string;
  readonly todo: string;
  readonly issues: readonly Issue[];
}
