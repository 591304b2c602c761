// Which tests there are, by folder. Each folder is a project, so that its result is reported by itself.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      project({ name: 'unit', timeoutMsMax: 60_000 }),
      project({ name: 'simulation', timeoutMsMax: 120_000 }),
      project({ name: 'contract', timeoutMsMax: 120_000 }),
      project({ name: 'integration', timeoutMsMax: 180_000, retry: 1 }),
      project({ name: 'server', timeoutMsMax: 180_000, retry: 1, globalSetup: ['test/server/shared-cluster.ts'] }),
      project({ name: 'e2e', timeoutMsMax: 120_000, retry: 1 }),
      project({ name: 'electron', timeoutMsMax: 120_000, retry: 1 }),
      project({ name: 'architecture', timeoutMsMax: 60_000 }),
    ],
  },
});

interface ProjectOptions {
  readonly name: string;
  /** A guard against a test that hangs; no test may depend on how fast it runs. */
  readonly timeoutMsMax: number;
  /**
   * How often a failed test is tried again: once where browsers and other processes run beside it, never where all is
   * decided by the test. The summary of the run names each that needed it, and why: it is a fault to be mended.
   */
  readonly retry?: number;
  /** Modules that set up what all files of the suite share. */
  readonly globalSetup?: string[];
}

function project({ name, timeoutMsMax, retry = 0, globalSetup = [] }: ProjectOptions) {
  return {
    test: {
      name,
      environment: 'node' as const,
      include: [`test/${name}/**/*.test.ts`, `test/${name}/**/*.test.tsx`],
      globalSetup,
      retry,
      // A guard as well: what is waited for comes at once on a quiet machine, and all the same on a busy one.
      expect: { poll: { timeout: 30_000 } },
      testTimeout: timeoutMsMax,
      hookTimeout: timeoutMsMax,
      // A second process, a database lock and `process.env` want a process of their own and no worker thread.
      pool: 'forks' as const,
    },
  };
}
