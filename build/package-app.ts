// Makes the packages of the machine's own system: the folder of the app, then its installers, as many as can be made.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Arch, archFromString, build, Platform } from 'electron-builder';
import {
  INSTALLERS,
  packagedProgram,
  packagingConfiguration,
  type PackagedPlatform,
  type Packaging,
} from './electron-builder.config.ts';
import { fromRoot } from './paths.ts';

export interface Packages {
  /** The folder that holds the app, ready to run. */
  readonly folder: string;
  readonly program: string;
  readonly installers: readonly string[];
  readonly missing: readonly MissingInstaller[];
  /** The files that say to older versions what there is to fetch. They name every installer or are not there. */
  readonly updateFeeds: readonly string[];
}

export interface MissingInstaller {
  /** As electron-builder calls it: `deb`, `nsis`. */
  readonly name: string;
  readonly why: string;
}

interface PackOptions {
  readonly platform: PackagedPlatform;
  readonly architecture: string;
  readonly packaging: Packaging;
}

/** Packs the folder of the app. Rejects when it cannot. Any system can pack for any, but Windows not for macOS. */
export async function packFolder(options: PackOptions): Promise<string> {
  await run(options, ['dir']);
  return packedFolder(options);
}

/** Packs the folder and makes the installers that are named. What cannot be made is listed with its reason. */
export async function packWithInstallers(
  options: PackOptions,
  names: readonly string[] = INSTALLERS[options.platform],
): Promise<Packages> {
  const { platform, packaging } = options;
  let installers: readonly string[] = [];
  const missing: MissingInstaller[] = [];
  try {
    // All in one go, because the feed of updates names what one go has made.
    installers = installersOf(await run(options, names));
  } catch {
    // Which of them it was is found by making each by itself, from one packed folder.
    const folder = await packFolder(options);
    for (const name of names) {
      try {
        installers = [...installers, ...installersOf(await run(options, [name], prepackaged(platform, folder)))];
      } catch (error) {
        missing.push({ name, why: plainReason(error) });
      }
    }
  }
  const folder = packedFolder(options);
  const feeds = readdirSync(packaging.output).filter((name) => /^(?:latest|beta|alpha).*\.yml$/.test(name));
  return {
    folder,
    program: packagedProgram(platform, folder),
    installers,
    missing,
    updateFeeds: missing.length > 0 ? [] : feeds.map((name) => join(packaging.output, name)),
  };
}

function run(options: PackOptions, targets: readonly string[], from?: string): Promise<readonly string[]> {
  const { platform, architecture, packaging } = options;
  return build({
    projectDir: fromRoot('.'),
    targets: Platform.fromString(platform).createTarget([...targets], archFromString(architecture)),
    config: packagingConfiguration(packaging),
    prepackaged: from ?? null,
    // What is published is decided elsewhere; nothing is ever sent from here.
    publish: 'never',
  });
}

function installersOf(artifacts: readonly string[]): readonly string[] {
  return artifacts.filter((path) => !/\.(?:blockmap|yml)$/.test(path));
}

function prepackaged(platform: PackagedPlatform, folder: string): string {
  return platform === 'darwin' ? join(folder, 'Fuelgauge.app') : folder;
}

/** Where electron-builder puts the folder: its name has the architecture, unless that is the usual one. */
function packedFolder({ platform, architecture, packaging }: PackOptions): string {
  const suffix = architecture === 'x64' ? '' : `-${Arch[archFromString(architecture)]}`;
  const names = { linux: `linux${suffix}-unpacked`, win32: `win${suffix}-unpacked`, darwin: `mac${suffix}` };
  return join(packaging.output, names[platform]);
}

interface Reason {
  readonly pattern: RegExp;
  readonly why: string;
  /** The words of the tool say more than ours. */
  readonly quoted: boolean;
}

const REASONS: readonly Reason[] = [
  {
    pattern: /homepage/i,
    why: 'it has to name the home of the project: set FUELGAUGE_HOMEPAGE to its address',
    quoted: false,
  },
  { pattern: /rpmbuild/i, why: 'it needs the program rpmbuild, which is not here', quoted: false },
  {
    pattern:
      /ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN|fetch failed|download|HTTPError|status code [45]\d\d/i,
    why: 'a tool that makes it is not here and could not be fetched over the network',
    quoted: true,
  },
  { pattern: /ENOENT/, why: 'a program that makes it is not here', quoted: true },
];

/** Why something could not be made, for a person; what is not known here is said in the words of the tool. */
export function plainReason(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const [firstLine = ''] = message.split('\n');
  const reason = REASONS.find(({ pattern }) => pattern.test(message));
  if (reason === undefined) return firstLine;
  return reason.quoted ? `${reason.why} (${firstLine})` : reason.why;
}
