// The one test run: types, lint, build, then every suite. Its last line is the total, alone.
//
//   node test/run.ts                 everything that can run on this machine
//   node test/run.ts --verify        the same, plus formatting and unused code
//   node test/run.ts --thorough      with the long runs of the random tests (as in `npm run verify -- --thorough`)
//   node test/run.ts unit e2e        only these suites, after types and lint
//   node test/run.ts --types         only the types
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { electronProgram } from '../build/choose-shell.ts';
import { hasDisplay } from '../replica/loopback/open-browser.ts';
import { checkCounts, notRun, summaryLines, totalLine, type StepCounts } from './run/counts.ts';
import { DesktopLayers } from './run/desktop-layers.ts';
import { root, runCommand } from './run/run-command.ts';
import { countVitestRun } from './run/vitest-report.ts';

/** Each layer is compiled against its own run time. */
const typeProjects = [
  'shared',
  'replica',
  'electron',
  'electron/tsconfig.preload.json',
  'renderer',
  'server',
  'build',
  'test',
] as const;

/** In the order in which they run: what is quick and tells most comes first. */
const suites = ['unit', 'architecture', 'simulation', 'contract', 'integration', 'server', 'electron', 'e2e'] as const;
type Suite = (typeof suites)[number];

/** These start the built app. */
const suitesOfBuiltApp: ReadonlySet<Suite> = new Set(['integration', 'electron', 'e2e']);

interface Options {
  readonly verify: boolean;
  readonly typesOnly: boolean;
  readonly suites: readonly Suite[];
}

async function main(): Promise<void> {
  const steps: StepCounts[] = [];
  const desktop = new DesktopLayers();
  try {
    await runSteps(readOptions(), steps, desktop);
  } catch (error) {
    steps.push(checkCounts('test run', error instanceof Error ? error.message : String(error)));
  }
  const lines = [
    '',
    'Summary',
    ...summaryLines(steps),
    '',
    ...desktop.lines(),
    '',
    'Types, lint and build (and format and unused in verify) count as one check each; all else are tests.',
    totalLine(steps),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
  process.exitCode = steps.some(({ failed }) => failed > 0) ? 1 : 0;
}

function readOptions(): Options {
  const { values, positionals } = parseArgs({
    options: {
      verify: { type: 'boolean', default: false },
      thorough: { type: 'boolean', default: false },
      types: { type: 'boolean', default: false },
    },
    allowPositionals: true,
  });
  // The tests read it, in whatever process they run.
  if (values.thorough) process.env['THOROUGH'] = '1';
  const chosen = suites.filter((suite) => positionals.includes(suite));
  const unknown = positionals.filter((name) => !suites.some((suite) => suite === name));
  if (unknown.length > 0) throw new Error(`There is no suite ${unknown.join(', ')}. Suites: ${suites.join(', ')}.`);
  return { verify: values.verify, typesOnly: values.types, suites: positionals.length > 0 ? chosen : suites };
}

async function runSteps(options: Options, steps: StepCounts[], desktop: DesktopLayers): Promise<void> {
  const types = await checkTypes();
  steps.push(types);
  desktop.addTypes(types);
  if (options.typesOnly) return;
  steps.push(await runCheck('lint', 'oxlint', []));
  if (options.verify) {
    steps.push(await runCheck('format', 'oxfmt', ['--check']));
    steps.push(await runCheck('unused', 'knip', ['--no-progress']));
  }
  const built = await build(options, steps);
  for (const suite of options.suites) {
    if (suitesOfBuiltApp.has(suite) && !built)
      steps.push(notRun(suite, 'it starts the built app, and the build failed'));
    else steps.push(withReason(await runSuite(suite, desktop)));
  }
}

async function checkTypes(): Promise<StepCounts> {
  heading('types');
  const broken: string[] = [];
  for (const project of typeProjects) {
    const config = project.endsWith('.json') ? project : `${project}/tsconfig.json`;
    if ((await runCommand('tsc', ['-p', config])) !== 0) broken.push(config);
  }
  return checkCounts('types', broken.length === 0 ? null : `type errors in ${broken.join(', ')}`);
}

async function runCheck(name: string, command: string, parameters: readonly string[]): Promise<StepCounts> {
  heading(name);
  const exitCode = await runCommand(command, parameters);
  return checkCounts(name, exitCode === 0 ? null : `${command} ended with exit code ${exitCode ?? 'none'}`);
}

/** Builds when a chosen suite needs it; answers whether those suites can run. */
async function build(options: Options, steps: StepCounts[]): Promise<boolean> {
  if (!options.verify && !options.suites.some((suite) => suitesOfBuiltApp.has(suite))) return false;
  const counts = await runCheck('build', 'npm', ['run', '--silent', 'build']);
  steps.push(counts);
  return counts.failed === 0;
}

async function runSuite(suite: Suite, desktop: DesktopLayers): Promise<StepCounts> {
  heading(suite);
  // A new folder each time: a report of an earlier run must never be taken for this one's.
  const folder = mkdtempSync(join(tmpdir(), 'fuelgauge-test-'));
  const reportPath = join(folder, 'report.json');
  const files = filesOf(suite);
  try {
    const exitCode = await runCommand('vitest', [
      'run',
      '--project',
      suite,
      '--silent=passed-only',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${reportPath}`,
    ]);
    const report = readIfThere(reportPath);
    desktop.addReport(report);
    return countVitestRun({ name: suite, report, exitCode, files });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Why tests of a suite were left out on this machine, as far as it is known here. */
function withReason(counts: StepCounts): StepCounts {
  if (counts.name !== 'electron' || counts.skipped === 0) return counts;
  const reasons = [
    ...(electronProgram() === undefined
      ? ['there is no Electron program on this machine (REQUIRE_ELECTRON=1 makes that a failure)']
      : hasDisplay({ platform: process.platform, environment: process.env })
        ? []
        : ['there is no display to open a window on']),
    ...(process.env['FUELGAUGE_PACKAGED_APP'] === undefined
      ? ['no packaged app is named to be started (FUELGAUGE_PACKAGED_APP)']
      : []),
  ];
  return { ...counts, notes: [...counts.notes, ...reasons.map((reason) => `not run, because ${reason}`)] };
}

function filesOf(suite: Suite): readonly string[] {
  return globSync(`test/${suite}/**/*.test.{ts,tsx}`, { cwd: root }).map((path) => join(root, path));
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

function heading(name: string): void {
  process.stdout.write(`\n— ${name}\n`);
}

await main();
