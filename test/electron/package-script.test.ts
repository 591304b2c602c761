// `npm run package` as a person starts it, with a stand-in of Electron and out of reach of what makes installers.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fromRoot } from '../../build/paths.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { writeStandInDistribution } from './stand-in-distribution.ts';

interface Run {
  readonly exitCode: number | null;
  readonly text: string;
}

/** Packs what the build has left in dist/, so that nothing is built while other tests use it. */
function runPackaging(words: readonly string[], environment: Readonly<Record<string, string>>): Promise<Run> {
  const env = { ...process.env, VITEST: '', FUELGAUGE_HOMEPAGE: '', FUELGAUGE_UPDATES_URL: '', ...environment };
  return new Promise((resolve) => {
    const script = [fromRoot('build/package.ts'), '--as-built', ...words];
    const child = execFile(process.execPath, script, { env }, (_failure, out, error) => {
      resolve({ exitCode: child.exitCode, text: out + error });
    });
  });
}

describe('packaging', () => {
  it('makes nothing where Electron’s program is missing, and says how to get it', async () => {
    const { exitCode, text } = await runPackaging([], { ELECTRON_OVERRIDE_DIST_PATH: await temporaryFolder() });
    expect(exitCode).toBe(1);
    expect(text).toContain('Nothing was made: neither the app nor its installers');
    expect(text).toContain('npx install-electron');
  });

  it('takes https addresses only', async () => {
    const { exitCode, text } = await runPackaging([], { FUELGAUGE_UPDATES_URL: 'http://updates.example' });
    expect(exitCode).toBe(1);
    expect(text).toBe('Nothing was made: FUELGAUGE_UPDATES_URL has to be an address that begins with https://.\n');
  });

  // The stand-in is packed for the machine's own system; on the others their own tools would be run on it.
  it.runIf(process.platform === 'linux')(
    'makes the app without its installers, names each with its reason, and fails where they are required',
    async () => {
      const folder = await temporaryFolder();
      const [electron, output] = [join(folder, 'electron'), join(folder, 'packages')];
      await mkdir(output);
      await writeStandInDistribution('linux', electron);
      const words = ['--output', output, '--installers', 'deb,rpm'];
      const environment = {
        ELECTRON_OVERRIDE_DIST_PATH: electron,
        ELECTRON_BUILDER_CACHE: join(folder, 'cache'),
        // Nobody listens there.
        ELECTRON_BUILDER_BINARIES_MIRROR: 'https://127.0.0.1:9/',
      };
      const { exitCode, text } = await runPackaging(words, environment);
      expect(text).toMatch(/^Made: .*unpacked, which starts with .*fuelgauge$/m);
      expect(text).toMatch(/^Not made: deb, because .+\.$/m);
      expect(text).toMatch(/^Not made: rpm, because .+\.$/m);
      expect(text).toContain('This app does not look for newer versions');
      expect(text).toContain('Installers of macOS and Windows are made on those systems.');
      expect(exitCode).toBe(0);
      const program = /which starts with (.*)$/m.exec(text)?.[1] ?? '';
      expect(existsSync(program)).toBe(true);
      expect((await runPackaging([...words, '--require-installers'], environment)).exitCode).toBe(1);
    },
  );
});
