// Data directories as earlier versions of the program left them. They are read from copies alone.
import { copyFileSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { GoldenFigures } from './golden-figures.ts';
import { temporaryFolder } from './temporary-folder.ts';

const folder = fileURLToPath(new URL('../golden/replica/', import.meta.url));

/** Names of all formats that were ever released, each with the versions of its collections and projections. */
export const goldenFormats: readonly string[] = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

/** What the contract answered when the file was made. */
export function expectedOf(format: string): GoldenFigures {
  return JSON.parse(readFileSync(join(folder, format, 'expected.json'), 'utf8')) as GoldenFigures;
}

/** A data directory of its own with a copy of the golden file; it goes when the running test ends. */
export async function goldenCopy(format: string): Promise<string> {
  const dataDir = await temporaryFolder();
  copyFileSync(join(folder, format, 'fuelgauge.sqlite'), join(dataDir, 'fuelgauge.sqlite'));
  return dataDir;
}

/** Hashes of the schemas of each collection, by version: what was released stays as it is. */
export function releasedSchemas(): Readonly<Record<string, readonly string[]>> {
  return JSON.parse(readFileSync(join(folder, 'released-schemas.json'), 'utf8')) as Record<string, readonly string[]>;
}
