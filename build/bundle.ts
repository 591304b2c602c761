// Makes the outputs: the pages with Vite, and one file for each process.
import { rm } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { build, type LogLevel } from 'vite';
import { gatherLicences, LICENCES_SUFFIX } from './licences.ts';
import { BUNDLES, fromRoot, type Bundle } from './paths.ts';

/** Electron brings itself; the others are optional parts of `ws` that are not installed, and that it does without. */
export const NOT_BUNDLED = ['electron', 'bufferutil', 'utf-8-validate'] as const;

/** Builds everything into dist/. Rejects with the first error. */
export async function buildEverything(logLevel: LogLevel = 'warn'): Promise<void> {
  await rm(fromRoot('dist'), { recursive: true, force: true });
  await build({ configFile: fromRoot('vite.config.ts'), logLevel });
  for (const bundle of BUNDLES) await buildBundle(bundle, logLevel);
  await gatherLicences();
}

/** One file for one process, packages and all. */
export async function buildBundle({ entry, output, format }: Bundle, logLevel: LogLevel): Promise<void> {
  await build({
    configFile: false,
    root: fromRoot('.'),
    logLevel,
    publicDir: false,
    ssr: {
      target: 'node',
      // The packages are not beside a packaged app, so all of them go into the bundle.
      noExternal: true,
      external: [...NOT_BUNDLED],
    },
    build: {
      ssr: fromRoot(entry),
      outDir: fromRoot(dirname(output)),
      // Several bundles share a folder, and the pages lie beside it.
      emptyOutDir: false,
      license: { fileName: `${basename(output)}${LICENCES_SUFFIX}` },
      target: 'node24',
      minify: false,
      reportCompressedSize: false,
      rolldownOptions: {
        output: { format, entryFileNames: basename(output), codeSplitting: false },
      },
    },
  });
}
