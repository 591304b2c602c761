// From the words of the command line to an answer and an exit code.
import { homedir } from 'node:os';
import { Command as Program, CommanderError, InvalidArgumentError } from 'commander';
import type { Problem } from '../../shared/bridge/problem.ts';
import { dataDirectoryPath } from '../database/data-directory.ts';
import { adviceCommands } from './advice.ts';
import { alertCommands } from './alerts.ts';
import { backupCommands } from './backups.ts';
import { calendarCommands } from './calendar.ts';
import { administrationCommands, serverCommands } from './servers.ts';
import { webhookCommands } from './webhook.ts';
import { onFilesOf, openClient, type OpenClient } from './client.ts';
import type { Answer, Command, CommandContext } from './command.ts';
import { catalogueCommands } from './catalogue.ts';
import { fileCommands } from './files.ts';
import { grantCommands } from './grants.ts';
import { memberCommands } from './members.ts';
import { oneLine } from './output.ts';
import { inFlags, problemOf, wrongInput } from './problem-of.ts';
import { projectionCommands } from './projections.ts';
import { readingCommands } from './readings.ts';
import { usageCommands } from './usage.ts';
import { viewCommands } from './views.ts';
import { workspaceCommands } from './workspace.ts';

/** Where a run of the program reads from and writes to. */
export interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Settles when the text is with whoever reads it. */
  readonly writeOut: (text: string) => Promise<void>;
  readonly writeError: (text: string) => Promise<void>;
  /** Whether somebody watches the error output: only then is progress shown. */
  readonly watched: boolean;
}

/** 0 booked or answered, 1 wrong input or a failure, 2 refused by a rule. */
export type ExitCode = 0 | 1 | 2;

const commands: readonly Command[] = [
  ...workspaceCommands,
  ...memberCommands,
  ...usageCommands,
  ...grantCommands,
  ...readingCommands,
  ...viewCommands,
  ...adviceCommands,
  ...calendarCommands,
  ...alertCommands,
  ...fileCommands,
  ...catalogueCommands,
  ...backupCommands,
  ...serverCommands,
  ...administrationCommands,
  ...webhookCommands,
  ...projectionCommands,
];

const groupHelp: Readonly<Record<string, string>> = {
  workspace: 'Workspaces',
  plan: 'The plan of a workspace',
  server: 'Servers that this computer is connected to',
  seats: 'Seats that are paid for',
  member: 'People of a workspace',
  reading: 'What the platform says',
  pack: 'Packs of credits',
  grant: 'Grants entered by hand',
  cap: 'Ceilings on use',
  advice: 'What could be done, and what it would make of run-out and cost',
  calendar: 'Working days, holidays and days of one’s own',
  catalogue: 'Catalogues of one’s own',
  backup: 'Backups of everything',
  projections: 'What is counted beside the ledger',
};

/**
 * Runs one command; `words` is the command line without the program. The answer goes to the output, as one JSON object
 * with `--json`. A failure is told on the error output, and with `--json` also as one problem object on the output.
 */
export async function runCommandLine(words: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  let outcome: ExitCode = 0;
  let wantsJson = words.includes('--json');
  const parsed = { out: '', error: '' };
  const program = describeProgram(parsed, async (chosen, raw, global) => {
    wantsJson = global.json;
    outcome = await execute(chosen, raw, { ...global, surroundings });
  });
  try {
    await program.parseAsync([...words], { from: 'user' });
    return outcome;
  } catch (error) {
    if (!(error instanceof CommanderError)) {
      await tell(problemOf(error), wantsJson, surroundings);
      return 1;
    }
    if (error.exitCode === 0) {
      await surroundings.writeOut(parsed.out);
      return 0;
    }
    const message = error.message.replace(/^error: /, '');
    if (error.code === 'commander.help' && !wantsJson) await surroundings.writeError(parsed.error);
    else await tell(wrongInput([{ path: '', message: helpless(message) }]), wantsJson, surroundings);
    return 1;
  }
}

/** Commander's own text for a group without a command is a placeholder. */
function helpless(message: string): string {
  return message === '(outputHelp)' ? 'The command is missing.' : message;
}

type Execute = (chosen: Command, raw: Readonly<Record<string, unknown>>, global: GlobalFlags) => Promise<void>;

interface GlobalFlags {
  readonly dataDir: string | undefined;
  readonly json: boolean;
  readonly readOnly: boolean;
}

function describeProgram(output: { out: string; error: string }, execute_: Execute): Program {
  const program = new Program('fuelgauge')
    .description('How fast a team burns AI credits, when they run out, and what to do about it.')
    .exitOverride()
    .showSuggestionAfterError(true)
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => (output.out += text),
      writeErr: (text) => (output.error += text),
    })
    .option('--data-dir <folder>', 'the data folder (default: the usual place of this computer)', (folder) => {
      if (folder.trim() === '') throw new InvalidArgumentError('It is empty.');
      return folder;
    })
    .option('--read-only', 'change nothing, not even a file beside the data')
    .option('--json', 'answer with one JSON object');
  const groups = new Map<string, Program>();
  for (const each of commands) {
    const [first = '', second] = each.words.split(' ');
    let parent = program;
    if (second !== undefined) {
      parent = groups.get(first) ?? program.command(first).description(groupHelp[first] ?? '');
      groups.set(first, parent);
    }
    const leaf = parent.command(second ?? first).description(each.help);
    if (second === undefined) groups.set(first, leaf);
    if (each.argument !== undefined) leaf.argument(`<${each.argument.name}>`, each.argument.help);
    describeFlags(leaf, each.flags);
    leaf.action(async () => {
      const global: Readonly<Record<string, unknown>> = program.opts();
      const dataDir = global['dataDir'];
      const argument = each.argument === undefined ? {} : { [each.argument.name]: leaf.args[0] };
      await execute_(
        each,
        // A command with others below it reads the flags that it shares with them in their place.
        { ...(second === undefined ? {} : parent.opts()), ...leaf.opts(), ...argument },
        {
          dataDir: typeof dataDir === 'string' ? dataDir : undefined,
          json: global['json'] === true,
          readOnly: global['readOnly'] === true,
        },
      );
    });
  }
  return program;
}

function describeFlags(leaf: Program, flags: Command['flags']): void {
  const names = new Set([...flagNames({ flags }), '--data-dir', '--json', '--read-only']);
  // A flag whose value was forgotten would take the next flag for it, and the message would be about something else.
  const readValue = (value: string): string => {
    if (names.has(value)) throw new InvalidArgumentError('Its value is missing.');
    return value;
  };
  for (const [term, help] of flags) {
    if (term.endsWith('>') && !term.endsWith('...>')) leaf.option(term, help, readValue);
    else leaf.option(term, help);
  }
}

function flagNames({ flags }: Pick<Command, 'flags'>): ReadonlySet<string> {
  return new Set(flags.map(([term]) => term.split(' ')[0] ?? ''));
}

interface Execution extends GlobalFlags {
  readonly surroundings: Surroundings;
}

async function execute(
  chosen: Command,
  raw: Readonly<Record<string, unknown>>,
  { dataDir, json, readOnly, surroundings }: Execution,
): Promise<ExitCode> {
  let opening: Promise<OpenClient> | undefined;
  const dataDirectory = dataDirectoryPath({
    platform: process.platform,
    environment: surroundings.environment,
    homeDirectory: homedir(),
    chosen: dataDir,
  });
  const context: CommandContext = {
    client: async () => (await (opening ??= openClient(dataDirectory, { readOnly }))).client,
    onFiles: (work) => onFilesOf(dataDirectory, { readOnly }, work),
    write: surroundings.writeOut,
    showProgress: progressOn(surroundings),
    tell: (text) => surroundings.writeError(`${text}\n`),
  };
  try {
    const result = await chosen.run(raw, context);
    if (!result.ok) return await fail(result.error, json, surroundings);
    await say(result.value, json, surroundings);
    return result.value.unusable === true ? 1 : result.value.refused === true ? 2 : 0;
  } catch (error) {
    return await fail(inFlags(problemOf(error), flagNames(chosen)), json, surroundings);
  } finally {
    const opened = await opening?.catch(() => undefined);
    await opened?.close();
  }
}

async function say(answer: Answer, json: boolean, { writeOut }: Surroundings): Promise<void> {
  if (answer.json === undefined) return;
  await writeOut(json ? `${JSON.stringify(answer.json)}\n` : `${answer.text}\n`);
}

async function fail(problem: Problem, json: boolean, surroundings: Surroundings): Promise<ExitCode> {
  await tell(problem, json, surroundings);
  return problem.code === 'refused' || problem.code === 'conflict' ? 2 : 1;
}

async function tell(problem: Problem, json: boolean, { writeOut, writeError }: Surroundings): Promise<void> {
  const sentences = [problem.message, problem.kept, problem.todo].map((sentence) => oneLine(sentence.trim()));
  await writeError(`${sentences.filter((sentence) => sentence !== '').join('\n')}\n`);
  if (json) await writeOut(`${JSON.stringify(problem)}\n`);
}

/** Shows one line that is written over, so that it leaves nothing behind. */
function progressOn({ watched, writeError }: Surroundings): (text: string) => void {
  let shown = '';
  return (text) => {
    if (!watched || text === shown) return;
    shown = text;
    void writeError(`\r\u001B[K${text}`);
  };
}
