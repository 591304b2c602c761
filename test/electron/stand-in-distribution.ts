// A stand-in of an unpacked Electron for each system: the files that packaging touches, tiny, with real fuses, a real
// archive, a real Windows program and real property lists.
import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createPackage } from '@electron/asar';
import type { PackagedPlatform } from '../../build/electron-builder.config.ts';

/** What `@electron/fuses` looks for in a program, and what follows: version, number of fuses, their states. */
const FUSE_SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
/** As Electron ships them: every one in the state that packaging must change, where there is something to change. */
const SHIPPED_FUSES = '101100011';

export function fuseBytes(states: string = SHIPPED_FUSES): Buffer {
  const head = Buffer.from([1, states.length]);
  return Buffer.concat([Buffer.from(FUSE_SENTINEL), head, Buffer.from(states), Buffer.alloc(16)]);
}

/** Writes the stand-in into a folder. */
export async function writeStandInDistribution(
  platform: PackagedPlatform,
  folder: string,
  fuses: Buffer = fuseBytes(),
): Promise<void> {
  await write(join(folder, 'LICENSE'), 'The licence of Electron');
  await write(join(folder, 'LICENSES.chromium.html'), '<p>The licences of Chromium</p>');
  await write(join(folder, 'version'), '0.0.0');
  if (platform === 'darwin') return writeMac(join(folder, 'Electron.app', 'Contents'), fuses);
  await writeDefaultApp(join(folder, 'resources'), folder);
  await write(join(folder, 'locales', 'en-US.pak'), 'a language');
  await write(join(folder, 'resources.pak'), 'resources');
  if (platform === 'win32') await write(join(folder, 'electron.exe'), windowsProgram(fuses));
  else {
    await write(join(folder, 'electron'), Buffer.concat([Buffer.from('#!/bin/false\n'), fuses]), 0o755);
    await write(join(folder, 'chrome-sandbox'), 'the sandbox', 0o755);
  }
}

async function writeMac(contents: string, fuses: Buffer): Promise<void> {
  await writeDefaultApp(join(contents, 'Resources'), dirname(dirname(contents)));
  await write(join(contents, 'Resources', 'electron.icns'), 'an icon');
  await write(
    join(contents, 'Info.plist'),
    plist({ CFBundleExecutable: 'Electron', CFBundleIconFile: 'electron.icns' }),
  );
  await write(join(contents, 'MacOS', 'Electron'), '#!/bin/false\n', 0o755);
  const frameworks = join(contents, 'Frameworks');
  await write(join(frameworks, 'Electron Framework.framework', 'Electron Framework'), fuses, 0o755);
  for (const kind of ['', ' (GPU)', ' (Plugin)', ' (Renderer)']) {
    const helper = join(frameworks, `Electron Helper${kind}.app`, 'Contents');
    await write(join(helper, 'Info.plist'), plist({ CFBundleExecutable: `Electron Helper${kind}` }));
    await write(join(helper, 'MacOS', `Electron Helper${kind}`), '#!/bin/false\n', 0o755);
  }
}

/** The app that an unpacked Electron shows when it is given none. */
async function writeDefaultApp(resources: string, folder: string): Promise<void> {
  const source = join(folder, '..', 'default-app');
  await write(join(source, 'package.json'), '{ "name": "electron", "main": "main.js" }');
  await write(join(source, 'main.js'), 'require("electron");');
  await mkdir(resources, { recursive: true });
  await createPackage(source, join(resources, 'default_app.asar'));
}

async function write(path: string, content: string | Uint8Array, mode = 0o644): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content, { mode });
}

function plist(entries: Readonly<Record<string, string>>): string {
  const lines = Object.entries(entries).map(([key, value]) => `<key>${key}</key><string>${value}</string>`);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<plist version="1.0"><dict>${lines.join('')}</dict></plist>\n`;
}

export interface WindowsResource {
  readonly type: number | string;
  readonly id: number | string;
  readonly bin: ArrayBuffer;
}

interface ResourceEditor {
  readonly NtExecutable: {
    createEmpty(is32Bit: boolean, isLibrary: boolean): WindowsExecutable;
    from(bytes: Uint8Array): WindowsExecutable;
  };
  readonly NtExecutableResource: {
    from(executable: WindowsExecutable): {
      readonly entries: WindowsResource[];
      outputResource(executable: WindowsExecutable): void;
    };
  };
  readonly Resource: {
    readonly VersionInfo: {
      createEmpty(): {
        setStringValues(language: { lang: number; codepage: number }, values: Readonly<Record<string, string>>): void;
        outputToResourceEntries(entries: WindowsResource[]): void;
      };
    };
  };
}

interface WindowsExecutable {
  setExtraData(bytes: Uint8Array): void;
  generate(): ArrayBuffer;
}

/** Comes with electron-builder, which edits the program with it. */
function loadResourceEditor(): ResourceEditor {
  const fromElectronBuilder = createRequire(createRequire(import.meta.url).resolve('electron-builder'));
  const fromAppBuilder = createRequire(fromElectronBuilder.resolve('app-builder-lib'));
  return fromAppBuilder('resedit') as ResourceEditor;
}

function windowsProgram(fuses: Buffer): Uint8Array {
  const { NtExecutable, NtExecutableResource, Resource } = loadResourceEditor();
  const executable = NtExecutable.createEmpty(false, false);
  const resources = NtExecutableResource.from(executable);
  const version = Resource.VersionInfo.createEmpty();
  version.setStringValues({ lang: 1033, codepage: 1200 }, { ProductName: 'Electron' });
  version.outputToResourceEntries(resources.entries);
  resources.outputResource(executable);
  executable.setExtraData(fuses);
  return new Uint8Array(executable.generate());
}

/** The resources inside a Windows program. */
export function windowsResources(program: Uint8Array): readonly WindowsResource[] {
  const { NtExecutable, NtExecutableResource } = loadResourceEditor();
  return NtExecutableResource.from(NtExecutable.from(program)).entries;
}
