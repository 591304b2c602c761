// `npm run package`: builds the app, packs it for this system with the Electron that is here, makes its installers, and
// says in plain words what was made, what could not be, and why.
//
//   --output D            where the packages go; dist/packages if not said
//   --installers A,B      only these of the system's installers
//   --require-installers  ends with an error when one installer of this system could not be made
//   --as-built            packs what dist/ has, without a look at the sources
import { dirname, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import packageJson from '../package.json' with { type: 'json' };
import { buildEverything } from './bundle.ts';
import { electronProgram, fetchElectron } from './choose-shell.ts';
import { INSTALLERS, type PackagedPlatform } from './electron-builder.config.ts';
import { inputFingerprint, isBuilt, rememberBuilt } from './fingerprint.ts';
import { makeIcons } from './icons.ts';
import { packWithInstallers, type Packages } from './package-app.ts';
import { fromRoot } from './paths.ts';

/** Long enough for a slow line; without a network it is found out at once. */
const FETCH_MS_MAX = 5 * 60_000;

const { values } = parseArgs({
  options: {
    output: { type: 'string' },
    installers: { type: 'string' },
    'require-installers': { type: 'boolean', default: false },
    'as-built': { type: 'boolean', default: false },
  },
});
const output = resolve(values.output ?? fromRoot('dist/packages'));
const updatesUrl = addressIn('FUELGAUGE_UPDATES_URL');
const homepage = addressIn('FUELGAUGE_HOMEPAGE');
forgetEmptySecrets();
const signs = (process.env['CSC_LINK'] ?? process.env['CSC_NAME']) !== undefined;

const platform = supportedPlatform();
const electronFolder = await findElectronFolder();
if (!values['as-built']) await buildWhenChanged();
const icons = await makeIcons(fromRoot('dist/icons'));
const packages = await packWithInstallers(
  {
    platform,
    architecture: process.arch,
    packaging: { icons, output, electronFolder, updatesUrl, homepage, signs },
  },
  values.installers?.split(','),
);
const failed = values['require-installers'] && packages.missing.length > 0;
// electron-builder would end the process with its own exit code.
process.stdout.write(`${linesOf(packages).join('\n')}\n`, () => process.exit(failed ? 1 : 0));

function linesOf({ folder, program, installers, missing, updateFeeds }: Packages): readonly string[] {
  return [
    '',
    `Fuelgauge ${packageJson.version} for ${platform} on ${process.arch}`,
    `Made: ${shown(folder)}, which starts with ${shown(program)}`,
    ...installers.map((path) => `Made: ${shown(path)}`),
    ...updateFeeds.map((path) => `Made: ${shown(path)}, which tells older versions what there is to fetch`),
    ...missing.map(({ name, why }) => `Not made: ${name}, because ${why}.`),
    updatesUrl === undefined
      ? 'This app does not look for newer versions: FUELGAUGE_UPDATES_URL names no address.'
      : `This app looks for newer versions at ${updatesUrl}.`,
    ...(signs || platform === 'linux' ? [] : ['Not signed, because CSC_LINK names no certificate.']),
    `Installers of ${otherSystems()} are made on those systems.`,
  ];
}

function shown(path: string): string {
  const fromHere = relative(process.cwd(), path);
  return fromHere.startsWith('..') ? path : fromHere;
}

function otherSystems(): string {
  const names = { linux: 'Linux', darwin: 'macOS', win32: 'Windows' };
  const others = Object.entries(names).filter(([name]) => name !== platform);
  return others.map(([, name]) => name).join(' and ');
}

function supportedPlatform(): PackagedPlatform {
  switch (process.platform) {
    case 'linux':
    case 'darwin':
    case 'win32':
      return process.platform;
    default:
      return stop(`Fuelgauge is packaged on Linux, macOS and Windows, and this is ${process.platform}.`);
  }
}

async function findElectronFolder(): Promise<string> {
  const program = electronProgram() ?? (await fetchedElectron());
  if (program === undefined) {
    return stop(
      `Nothing was made: neither the app nor its installers (${INSTALLERS[platform].join(', ')}), because Electron’s ` +
        'program is not here and could not be fetched. Let `npx install-electron` finish on a network that may fetch ' +
        'it, or point ELECTRON_OVERRIDE_DIST_PATH at a folder that has it.',
    );
  }
  return platform === 'darwin' ? resolve(dirname(program), '../../..') : dirname(program);
}

/** Where the person names a folder, that is the one to take or to miss. */
async function fetchedElectron(): Promise<string | undefined> {
  if (process.env['ELECTRON_OVERRIDE_DIST_PATH'] !== undefined) return undefined;
  console.log('Fetching Electron’s program …');
  return fetchElectron(FETCH_MS_MAX);
}

async function buildWhenChanged(): Promise<void> {
  const fingerprint = inputFingerprint();
  if (isBuilt(fingerprint)) return;
  console.log('Building Fuelgauge …');
  await buildEverything();
  rememberBuilt(fingerprint);
}

/** An https address from the environment. Anything else stops the packaging before it has begun. */
function addressIn(variable: string): string | undefined {
  const value = process.env[variable] ?? '';
  if (value === '') return undefined;
  if (URL.canParse(value) && new URL(value).protocol === 'https:') return value;
  return stop(`Nothing was made: ${variable} has to be an address that begins with https://.`);
}

/** Where a workflow has no secret to give it gives an empty one, which electron-builder takes for a certificate. */
function forgetEmptySecrets(): void {
  for (const name of Object.keys(process.env)) {
    if (/^(?:CSC|WIN_CSC|APPLE)_/.test(name) && process.env[name] === '') delete process.env[name];
  }
}

function stop(message: string): never {
  console.error(message);
  process.exit(1);
}
