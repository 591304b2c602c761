// Builds parts of the tests and of the product as the build does, into a folder of the caller's.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

/** Builds the page in `test/support/<name>` into `outDir`, for production as the app's own pages. */
export async function buildPage(name: string, outDir: string): Promise<void> {
  const root = fileURLToPath(new URL(name, import.meta.url));
  // Vitest has set the environment of tests, in which libraries are built for development.
  const environment = process.env['NODE_ENV'];
  process.env['NODE_ENV'] = 'production';
  await build({ configFile: false, root, logLevel: 'error', build: { outDir, emptyOutDir: true } });
  process.env['NODE_ENV'] = environment;
}

/** The bundle of the desktop shell's preload, made in `outDir`. */
export async function bundlePreload(outDir: string): Promise<string> {
  await build({
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: true, external: ['electron'] },
    build: {
      ssr: fileURLToPath(new URL('../../electron/preload.ts', import.meta.url)),
      outDir,
      rolldownOptions: { output: { format: 'cjs', entryFileNames: 'preload.cjs' } },
    },
  });
  return readFile(join(outDir, 'preload.cjs'), 'utf8');
}
