// Entry of the browser shell's process.
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { openStandingReplica } from '../recovery/standing-replica.ts';
import { WakeSignal } from '../wake.ts';
import { startBrowserShell } from './browser-shell.ts';
import { followSleep } from './follow-sleep.ts';
import { tellMigration } from './tell-migration.ts';

/** Beside the bundle, or where the build puts the pages when this file runs from the checkout. */
const PAGES_FOLDERS = ['../renderer', '../../dist/renderer'].map((path) =>
  fileURLToPath(new URL(path, import.meta.url)),
);

const pagesFolder = PAGES_FOLDERS.find((folder) => existsSync(`${folder}/index.html`));
if (pagesFolder === undefined) {
  console.error('The pages of the app are not built yet. Run npm run build, or npm start, which does both.');
  process.exit(1);
}

const wake = new WakeSignal();
followSleep({ wake, now: () => Date.now(), every: (everyMs, work) => void setInterval(work, everyMs).unref() });

const starting = startBrowserShell({
  arguments: process.argv.slice(2),
  environment: process.env,
  homeDirectory: homedir(),
  pagesFolder,
  openReplica: (dataDir, claim, readOnly) =>
    openStandingReplica({ dataDir, shell: 'browser', claim, readOnly, wake, onMigrating: tellMigration(console.log) }),
  print: (line) => console.log(line),
  printError: (line) => console.error(line),
});

const closingMsMax = 5_000;

// A signal may come while the data is still being opened: it is then closed as soon as it is open.
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const quit = (): void => {
  // A second signal, from somebody in a hurry, finds no listener any more and ends the process at once.
  for (const signal of signals) process.off(signal, quit);
  // What was answered is on disk already: a close that hangs, on a disk that went away, loses nothing by being cut off.
  setTimeout(() => process.exit(1), closingMsMax).unref();
  void starting.then(async (started) => {
    if (started.outcome === 'running') await started.owner.close();
    process.exit(0);
  });
};
for (const signal of signals) process.on(signal, quit);

const shell = await starting;
switch (shell.outcome) {
  case 'running':
    break;
  case 'handed-over':
    process.exit(0);
    break;
  case 'failed':
    process.exit(1);
    break;
}
