// The licences of the packages that were bundled, as one text that goes along with the app.
import { globSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { fromRoot } from './paths.ts';

/** What the build leaves beside each bundle: the packages in it. */
export const LICENCES_SUFFIX = '.licences.json';

export const LICENCES_FILE = 'dist/LICENSES.packages.md';

const licencesSchema = z.array(
  z.object({
    name: z.string(),
    version: z.string(),
    /** As SPDX writes it; a package may not say. */
    identifier: z.string().nullish(),
    text: z.string().nullish(),
  }),
);

/** Gathers what lies beside the bundles in a folder, each package once, and takes it away there. */
export async function gatherLicences(folder = 'dist', file = LICENCES_FILE): Promise<void> {
  const sections = new Map<string, string>();
  for (const path of globSync(`${folder}/**/*${LICENCES_SUFFIX}`, { cwd: fromRoot('.') })) {
    const found = join(fromRoot('.'), path);
    for (const { name, version, identifier, text } of licencesSchema.parse(JSON.parse(await readFile(found, 'utf8')))) {
      const title = `## ${name} ${version} (${identifier ?? 'licence not named'})`;
      // Between fences, because some licences have headings of their own.
      sections.set(title, [title, ...(text ? ['````text', text.trim(), '````'] : [])].join('\n'));
    }
    await rm(found);
  }
  const intro = '# Packages in Fuelgauge\n\nFuelgauge is built with these packages, under these licences.';
  const sorted = [...sections].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, section]) => section);
  await writeFile(fromRoot(file), `${[intro, ...sorted].join('\n\n')}\n`);
}
