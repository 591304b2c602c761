// What a command is, apart from how the words of the command line are taken apart.
import { z } from 'zod';
import type { Problem } from '../../shared/bridge/problem.ts';
import { err, ok, type Result } from '../../shared/kernel/result.ts';
import type { Client, OnFiles } from './client.ts';
import { flagName, wrongInput } from './problem-of.ts';

/** What a command works with. */
export interface CommandContext {
  /** The procedures of the data directory: of its owner, or of a replica that is opened at the first call. */
  client(): Promise<Client>;
  /** For what works on the files of the data folder while nobody has the data open, or is asked of the app that has. */
  onFiles<Answer>(work: OnFiles<Answer>): Promise<Answer>;
  /** For what is too long to be one answer. Waits until the reader takes more. */
  write(text: string): Promise<void>;
  /** Says how far a long command is, where somebody watches; the next call replaces it, an empty text clears it. */
  showProgress(text: string): void;
  /** Says something that has to be read before the command goes on, beside its answer. */
  tell(text: string): Promise<void>;
}

export interface Answer {
  /** One object; credits are decimal strings and instants ISO 8601. Undefined when `write` has said it all. */
  readonly json: Readonly<Record<string, unknown>> | undefined;
  /** The same for a person. */
  readonly text: string;
  /** The platform's or the team's rules say no: exit code 2. */
  readonly refused?: boolean;
  /** Nothing of what was given could be used: exit code 1. */
  readonly unusable?: boolean;
}

/** A command as the program lists and runs it. */
export interface Command {
  /** `workspace create` */
  readonly words: string;
  readonly help: string;
  /** A value without a flag in front of it. */
  readonly argument: { readonly name: string; readonly help: string } | undefined;
  /** In the notation of commander, each with its help. */
  readonly flags: readonly (readonly [term: string, help: string])[];
  /** `raw` holds the flags by name, without dashes and in camel case, and the argument. */
  run(raw: Readonly<Record<string, unknown>>, context: CommandContext): Promise<Result<Answer, Problem>>;
}

interface CommandDescription<Given> {
  readonly words: string;
  readonly help: string;
  readonly argument?: { readonly name: string; readonly help: string };
  readonly flags: readonly (readonly [term: string, help: string])[];
  readonly input: z.ZodType<Given>;
  /** An expected failure of the client is thrown by it and need not be caught. */
  readonly answer: (given: Given, context: CommandContext) => Promise<Answer>;
}

/** Makes a command whose flags are checked against `input` before anything is opened. */
export function command<Given>(description: CommandDescription<Given>): Command {
  const { words, help, argument, flags, input, answer } = description;
  return {
    words,
    help,
    argument,
    flags,
    async run(raw, context) {
      const given = input.safeParse(raw);
      if (given.success) {
        const workspace = await workspaceIdOf(raw['workspace'], context);
        return ok(await answer(workspace === undefined ? given.data : input.parse({ ...raw, workspace }), context));
      }
      const issues = given.error.issues.map((issue) => {
        const path = flagOf(String(issue.path[0] ?? ''), argument?.name);
        return { path, message: issue.message };
      });
      return err(wrongInput(issues));
    },
  };
}

/** The id of the one workspace of that name; undefined where an id was given, or a name that tells none or several. */
async function workspaceIdOf(given: unknown, context: CommandContext): Promise<string | undefined> {
  if (typeof given !== 'string' || /^[\da-f]{8}-[\da-f-]{27}$/i.test(given)) return undefined;
  const workspaces = await (await context.client()).workspaces.list();
  const named = workspaces.filter(({ name }) => name === given);
  return named.length === 1 ? named[0]?.id : undefined;
}

/** A flag or argument that must be there. */
export const neededText = z.string({ error: 'is missing' }).trim().min(1, 'is empty');
/** A flag that may be left out. */
export const optionalText = z.string().trim().min(1, 'is empty').optional();
export const toggle = z.boolean().optional();

/** One of a few words. */
export function oneOf<const Words extends readonly [string, ...string[]]>(words: Words) {
  return z.enum(words, { error: (issue) => (issue.input === undefined ? 'is missing' : `must be ${listed(words)}`) });
}

/** A count that must be whole. */
export const optionalCount = z
  .string()
  .regex(/^\d{1,9}$/, 'must be a whole number, 0 or more')
  .transform(Number)
  .optional();

function listed(words: readonly string[]): string {
  return words.length === 1 ? String(words[0]) : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

function flagOf(name: string, argument: string | undefined): string {
  return name === argument ? name.toUpperCase() : flagName(name);
}
