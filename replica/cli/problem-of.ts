// Whatever can go wrong, as one problem that a person understands.
import { ORPCError } from '@orpc/client';
import { z } from 'zod';
import type { Issue, Problem } from '../../shared/bridge/problem.ts';

const nothingChanged = 'Nothing was changed.';

const issueSchema = z.object({
  path: z.string(),
  message: z.string(),
  line: z.number().exactOptional(),
  column: z.string().exactOptional(),
});
const problemSchema = z.object({
  code: z.enum([
    'wrong-input',
    'not-found',
    'conflict',
    'refused',
    'read-only',
    'disk-full',
    'damaged',
    'unavailable',
    'internal',
  ]),
  message: z.string(),
  kept: z.string(),
  todo: z.string(),
  issues: z.array(issueSchema),
});
const shapeIssuesSchema = z.object({
  issues: z.array(z.object({ message: z.string(), path: z.array(z.unknown()).optional() })),
});

/** What was typed cannot be used; the message names every flag that is meant. */
export function wrongInput(issues: readonly Issue[]): Problem {
  return {
    code: 'wrong-input',
    message: issues.map(({ path, message }) => (path === '' ? message : `${path} ${message}`)).join('; '),
    kept: nothingChanged,
    todo: 'Correct the command and try again; --help lists what it takes.',
    issues,
  };
}

/** The contract's names of fields where a flag is called otherwise. */
const flagByField: Readonly<Record<string, string>> = {
  workspaceId: '--workspace',
  enteredAllotment: '--allotment',
  addOns: '--add-on',
  externalId: '--external-id',
  uploadId: 'FILE',
  day: '--hours',
};

/** The same problem with fields called as the person typed them: `--time-zone` for `timeZone`, `--role` for `members.0.role`. */
export function inFlags(problem: Problem, flags: ReadonlySet<string>): Problem {
  const flagOf = (path: string): string => {
    const names = path.split('.').filter((name) => !/^\d+$/.test(name));
    const candidates = names.toReversed().map((name) => flagByField[name] ?? flagName(name));
    return candidates.find((flag) => flags.has(flag)) ?? path;
  };
  const [first] = problem.issues;
  const prefix = first === undefined || first.path === '' ? '' : `${first.path}: `;
  const told = first !== undefined && prefix !== '' && problem.message.startsWith(prefix);
  return {
    ...problem,
    message: told ? `${flagOf(first.path)}: ${problem.message.slice(prefix.length)}` : problem.message,
    issues: problem.issues.map((issue) => ({ ...issue, path: flagOf(issue.path) })),
  };
}

/** `--time-zone` for `timeZone` */
export function flagName(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** Stops a command with a problem that it found itself. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure';
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.message);
    this.problem = problem;
  }
}

/** Stops a command because of one flag or argument. */
export function wrongFlag(path: string, message: string): CommandFailure {
  return new CommandFailure(wrongInput([{ path, message }]));
}

/** The problem behind anything that a command threw. What nobody expected is `internal` and keeps its message. */
export function problemOf(error: unknown): Problem {
  if (error instanceof CommandFailure) return error.problem;
  if (error instanceof ORPCError) return problemOfAnswer(String(error.code), error.data, error.message);
  const carried = error instanceof Error && 'problem' in error ? problemSchema.safeParse(error.problem) : undefined;
  if (carried?.success) return carried.data;
  const message = error instanceof Error ? error.message : String(error);
  return {
    code: 'internal',
    message: `Something went wrong in Fuelgauge itself: ${message}`,
    kept: 'What was booked before is kept.',
    todo: 'Try again; if it stays, report the message.',
    issues: [],
  };
}

function problemOfAnswer(code: string, data: unknown, message: string): Problem {
  const carried = problemSchema.safeParse(data);
  if (carried.success) return carried.data;
  const shape = shapeIssuesSchema.safeParse(data);
  if (code === 'BAD_REQUEST' && shape.success) {
    return wrongInput(
      shape.data.issues.map(({ path = [], message }) => ({ path: path.map((key) => String(key)).join('.'), message })),
    );
  }
  return {
    code: 'unavailable',
    message: `The running Fuelgauge did not answer as expected: ${message}`,
    kept: 'What was booked before is kept.',
    todo: 'Try again. If it stays, quit Fuelgauge and start it anew.',
    issues: [],
  };
}
