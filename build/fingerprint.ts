// Whether what was built is still what the sources say.
import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { LICENCES_FILE } from './licences.ts';
import { BUNDLES, fromRoot, INPUTS, PAGES_INDEX } from './paths.ts';

const FINGERPRINT_FILE = '.cache/build-fingerprint';

/** A hash of the path and content of every file that the build reads, and of the Node that runs it. */
export function inputFingerprint(): string {
  const hash = createHash('sha256').update(process.version);
  for (const path of inputFiles()) {
    const content = readFileSync(fromRoot(path));
    hash.update(`\0${path}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

export function isBuilt(fingerprint: string): boolean {
  const outputs = [PAGES_INDEX, LICENCES_FILE, ...BUNDLES.map(({ output }) => output)];
  if (!outputs.every((output) => existsSync(fromRoot(output)))) return false;
  const path = fromRoot(FINGERPRINT_FILE);
  return existsSync(path) && readFileSync(path, 'utf8') === fingerprint;
}

export function rememberBuilt(fingerprint: string): void {
  const path = fromRoot(FINGERPRINT_FILE);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, fingerprint);
}

function inputFiles(): readonly string[] {
  const files = INPUTS.flatMap((input) =>
    statSync(fromRoot(input)).isDirectory()
      ? globSync(`${input}/**/*`, { cwd: fromRoot('.'), withFileTypes: false }).filter((path) =>
          statSync(fromRoot(path)).isFile(),
        )
      : [input],
  );
  return files.map((path) => path.replaceAll('\\', '/')).sort();
}
