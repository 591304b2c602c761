#!/usr/bin/env node
// Entry of the server's process: it serves, or does one of the things that only its operator does.
import { Command, InvalidArgumentError } from 'commander';
import { z } from 'zod';
import { readConfig, type Config, type ConfigOptions } from './config.ts';
import * as operator from './operator.ts';
import { startServer } from './start-server.ts';

const program = new Command('fuelgauge-server')
  .description('The central server of Fuelgauge. Without a command it serves until it is stopped.')
  .option('--data <folder>', 'of the database that comes with the server, and of its certificate')
  .option('--host <host>', 'where to listen; beyond this computer it speaks TLS')
  .option('--port <port>', 'where to listen; 0 takes any free one')
  .action(serve);

program
  .command('status')
  .description('The organisations of this server, with their ids')
  .action(() => operate(operator.status));

program
  .command('create-organisation')
  .description('Makes an organisation, and the invite of its first admin')
  .requiredOption('--name <name>', 'of the organisation', named)
  .requiredOption('--admin <name>', 'of its first company admin', named)
  .action((given: { readonly name: string; readonly admin: string }) =>
    operate((context) => operator.newOrganisation(context, given)),
  );

program
  .command('rename-organisation')
  .description('Gives an organisation another name')
  .requiredOption('--organisation <id>', 'as status shows it', identified)
  .requiredOption('--name <name>', 'the new one', named)
  .action((given: { readonly organisation: string; readonly name: string }) =>
    operate((context) => operator.renameOrganisation(context, given)),
  );

program
  .command('invite')
  .description('Makes an invite for another device of a company admin, when nobody can get in any more')
  .requiredOption('--organisation <id>', 'as status shows it', identified)
  .option('--person <id>', 'a person of the organisation; its first company admin unless given', identified)
  .action((given: { readonly organisation: string; readonly person?: string }) =>
    operate((context) => operator.newInvite(context, given)),
  );

program
  .command('check-sign-in')
  .description('Looks whether the identity provider of these settings can be used, and for whose people')
  .action(() => operate(operator.checkSignIn));

program
  .command('signs-in-as')
  .description('Says as whom a person signs in at the identity provider')
  .requiredOption('--organisation <id>', 'as status shows it', identified)
  .option('--person <id>', 'a person of the organisation; its first company admin unless given', identified)
  .requiredOption('--name <name>', 'an address, or the name of the account; empty for invites only')
  .action((given: { readonly organisation: string; readonly person?: string; readonly name: string }) =>
    operate((context) => operator.setSignsInAs(context, given)),
  );

program
  .command('healthy')
  .description('Ends with 0 where the server of these settings answers on this computer, else with 1')
  .action(async () => {
    if (!(await operator.answers(configOrExit(program.opts<ConfigOptions>())))) process.exit(1);
  });

program
  .command('after-restore')
  .description('Once after a backup was restored: devices then send again what was lost and is still with them')
  .action(() => operate(operator.afterRestore));

await program.parseAsync();

function named(text: string): string {
  const name = text.trim();
  if (name === '' || name.length > 120) throw new InvalidArgumentError('A name has 1 to 120 characters.');
  return name;
}

function identified(text: string): string {
  if (!z.uuid().safeParse(text).success) throw new InvalidArgumentError('That is no id.');
  return text;
}

async function operate(work: (context: operator.Operator) => Promise<readonly string[]>): Promise<void> {
  const done = await operator.operate(configOrExit(program.opts<ConfigOptions>()), work);
  if (!done.ok) fail([done.error.message]);
  for (const line of done.value) console.log(line);
}

async function serve(given: ConfigOptions): Promise<void> {
  const starting = startServer(configOrExit(given));
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  let isStopping = false;
  const quit = async (exitCode: number): Promise<void> => {
    isStopping = true;
    // A second signal, from somebody in a hurry, finds no listener any more and ends the process at once.
    for (const signal of signals) process.removeAllListeners(signal);
    // A signal may come while the database is still being started: it is then stopped as soon as it runs.
    const started = await starting;
    if (started.ok) await started.value.stop();
    process.exit(exitCode);
  };
  for (const signal of signals) process.on(signal, () => void quit(0));

  const started = await starting;
  if (!started.ok) fail([started.error.message]);
  if (isStopping) return;
  const { lost, publicAddress, fingerprint, firstInvite } = started.value;
  console.log(`Fuelgauge serves at ${publicAddress}. Press Ctrl+C to stop.`);
  if (fingerprint !== null) console.log(`Its certificate has the fingerprint ${fingerprint}.`);
  if (firstInvite) for (const line of operator.inviteLines(firstInvite)) console.log(line);
  await lost;
  if (isStopping) return;
  console.error('PostgreSQL ended. The server stops; start it again, and see postgresql-log in its data folder.');
  await quit(1);
}

function configOrExit(given: ConfigOptions): Config {
  const config = readConfig(given, process.env);
  if (!config.ok) fail(['The server was not started. These settings are wrong:', ...config.error.lines]);
  return config.value;
}

function fail(lines: readonly string[]): never {
  for (const line of lines) console.error(line);
  process.exit(1);
}
