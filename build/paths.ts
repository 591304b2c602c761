// Where things are in the checkout, and what the build makes of them.
import { fileURLToPath } from 'node:url';

/** An absolute path from one relative to the root of the checkout. */
export function fromRoot(path: string): string {
  return fileURLToPath(new URL(`../${path}`, import.meta.url));
}

/** One file of JavaScript that Node or Electron runs, with everything bundled that is not part of either. */
export interface Bundle {
  readonly entry: string;
  readonly output: string;
  /** A sandboxed preload must be CommonJS; all else is not. */
  readonly format: 'es' | 'cjs';
}

export const BUNDLES: readonly Bundle[] = [
  { entry: 'replica/loopback/app.ts', output: 'dist/replica/app.js', format: 'es' },
  { entry: 'replica/cli/main.ts', output: 'dist/cli/main.js', format: 'es' },
  { entry: 'electron/main.ts', output: 'dist/electron/main.js', format: 'es' },
  { entry: 'electron/replica-process.ts', output: 'dist/electron/replica-process.js', format: 'es' },
  { entry: 'electron/preload.ts', output: 'dist/electron/preload.cjs', format: 'cjs' },
];

export const PAGES_INDEX = 'dist/renderer/index.html';

/** All that the outputs depend on. */
export const INPUTS = [
  'build',
  'electron',
  'renderer',
  'replica',
  'shared',
  'package.json',
  'package-lock.json',
  'tsconfig.base.json',
  'vite.config.ts',
] as const;
