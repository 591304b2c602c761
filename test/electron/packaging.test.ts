// The configuration of the packages, held against the schema that electron-builder itself checks it with.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import configuration from '../../build/electron-builder.config.ts';
import { BUNDLES, fromRoot } from '../../build/paths.ts';

interface Validation {
  validateConfiguration(configuration: unknown, log: { isEnabled: boolean; add(): void }): Promise<void>;
}

/** Belongs to electron-builder and is found from there. */
function loadValidation(): Validation {
  const fromElectronBuilder = createRequire(createRequire(import.meta.url).resolve('electron-builder'));
  return fromElectronBuilder('app-builder-lib/out/util/config/config') as Validation;
}

const packageManifest: { main: string } = JSON.parse(readFileSync(fromRoot('package.json'), 'utf8'));
const log = { isEnabled: false, add: () => undefined };

describe('the packages', () => {
  it('have a configuration that electron-builder accepts, and would refuse with an unknown field', async () => {
    const { validateConfiguration } = loadValidation();
    await expect(validateConfiguration(configuration, log)).resolves.toBeUndefined();
    await expect(validateConfiguration({ ...configuration, unknownField: 1 }, log)).rejects.toThrow('unknownField');
  });

  it('start from the bundle that the build makes, and carry no npm packages', () => {
    expect(BUNDLES.map(({ output }) => output)).toContain(packageManifest.main);
    expect(packageManifest).not.toHaveProperty('dependencies');
    expect(configuration.files).toContain('!node_modules');
  });

  it('have every fuse off that would let another program in, and those on that guard what is inside', () => {
    expect(configuration.electronFuses).toEqual({
      runAsNode: false,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      grantFileProtocolExtraPrivileges: false,
      loadBrowserProcessSpecificV8Snapshot: false,
      enableCookieEncryption: true,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
    });
  });
});
