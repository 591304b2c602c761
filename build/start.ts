// `npm start`: builds what is needed, chooses a shell, says which and why, and opens the app. Arguments such as
// `--data-dir D` go on to the shell; `--browser` takes the browser shell whatever there is.
import { spawn } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import { hasDisplay } from '../replica/loopback/open-browser.ts';
import { buildEverything } from './bundle.ts';
import { chooseShell, findElectron } from './choose-shell.ts';
import { inputFingerprint, isBuilt, rememberBuilt } from './fingerprint.ts';
import { fromRoot } from './paths.ts';

/** A program that ends sooner than this with an error never got as far as a window. */
const STARTED_MS_MIN = 10_000;
/** The desktop shell has told the person that the data cannot be used; the browser shell could not either. */
const UNUSABLE_DATA_EXIT_CODE = 2;

const shellArguments = process.argv.slice(2).filter((argument) => argument !== '--browser');

await buildWhenChanged();
const choice = await chooseShell({
  platform: process.platform,
  hasDisplay: hasDisplay({ platform: process.platform, environment: process.env }),
  isRoot: process.getuid?.() === 0,
  browserWanted: process.argv.includes('--browser'),
  findElectron: () => findElectron(Date.now()),
});
console.log(choice.line);
switch (choice.shell) {
  case 'electron': {
    const outcome = await runElectron(choice.program);
    if (outcome !== 'never-started') process.exit(outcome);
    console.log('Electron did not start here. Opening Fuelgauge in the browser instead.');
    await runBrowserShell();
    break;
  }
  case 'browser':
    await runBrowserShell();
    break;
}

async function buildWhenChanged(): Promise<void> {
  const fingerprint = inputFingerprint();
  if (isBuilt(fingerprint)) return;
  console.error('Building Fuelgauge …');
  await buildEverything();
  rememberBuilt(fingerprint);
}

/** The exit code of the desktop shell, once it ended. */
function runElectron(program: string): Promise<number | 'never-started'> {
  const startedAt = performance.now();
  const child = spawn(program, [fromRoot('.'), ...shellArguments], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
  return new Promise((resolve) => {
    child.once('error', () => resolve('never-started'));
    child.once('exit', (code, signal) => {
      const early = performance.now() - startedAt < STARTED_MS_MIN;
      if (code === 0 || signal === 'SIGINT' || signal === 'SIGTERM') resolve(0);
      else resolve(early && code !== UNUSABLE_DATA_EXIT_CODE ? 'never-started' : (code ?? 1));
    });
  });
}

/** Runs in this very process, so that signals and the terminal are its own. */
async function runBrowserShell(): Promise<void> {
  const program = fromRoot('dist/replica/app.js');
  process.argv = [process.execPath, program, ...shellArguments];
  await import(pathToFileURL(program).href);
}
