// One process owns a data directory, and whichever way it ends, the next one has it at once.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { LOCK_FILE_NAME, lockDataDirectory } from '../../replica/database/lock.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const LOCK_HOLDER = fileURLToPath(new URL('../support/lock-holder.ts', import.meta.url));

interface Holder {
  readonly process: ChildProcess;
  /** `held`, or the kind of the error. */
  readonly outcome: string;
}

async function startHolder(dataDirectory: string): Promise<Holder> {
  const child = spawn(process.execPath, [LOCK_HOLDER, dataDirectory], { stdio: ['pipe', 'pipe', 'inherit'] });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  for await (const line of createInterface({ input: child.stdout })) return { process: child, outcome: line };
  throw new Error('The process ended without a word.');
}

async function kill(holder: Holder, signal: NodeJS.Signals): Promise<void> {
  const ended = once(holder.process, 'exit');
  holder.process.kill(signal);
  await ended;
}

describe('the lock of a data directory', () => {
  it('is held by one process; a second one is refused at once', async () => {
    const dataDirectory = await temporaryFolder();
    expect((await startHolder(dataDirectory)).outcome).toBe('held');
    expect((await startHolder(dataDirectory)).outcome).toBe('locked');
    const here = lockDataDirectory(dataDirectory);
    expect(here.ok).toBe(false);
    if (!here.ok) expect(here.error.message).toContain(join(dataDirectory, LOCK_FILE_NAME));
  });

  it.each(['SIGKILL', 'SIGTERM'] as const)('is free at once after %s', async (signal) => {
    const dataDirectory = await temporaryFolder();
    await kill(await startHolder(dataDirectory), signal);
    for (let round = 0; round < 3; round += 1) {
      const holder = await startHolder(dataDirectory);
      expect(holder.outcome).toBe('held');
      await kill(holder, signal);
    }
    const here = lockDataDirectory(dataDirectory);
    expect(here.ok).toBe(true);
    if (here.ok) here.value.release();
  });

  it('is one per directory, refuses a second holder in the same process, and can be released twice', async () => {
    const first = await temporaryFolder();
    const second = await temporaryFolder();
    const held = lockDataDirectory(first);
    const other = lockDataDirectory(second);
    if (!held.ok || !other.ok) throw new Error('Both directories are free.');
    const again = lockDataDirectory(first);
    expect(again.ok ? 'held' : again.error.kind).toBe('locked');
    held.value.release();
    held.value.release();
    expect((await startHolder(first)).outcome).toBe('held');
    expect((await startHolder(second)).outcome).toBe('locked');
    other.value.release();
  });

  it('names a lock file that is damaged or cannot be opened', async () => {
    const damaged = await temporaryFolder();
    await writeFile(join(damaged, LOCK_FILE_NAME), 'no database '.repeat(500));
    const onDamaged = lockDataDirectory(damaged);
    expect(onDamaged.ok ? 'held' : onDamaged.error.kind).toBe('damaged');

    const blocked = await temporaryFolder();
    await mkdir(join(blocked, LOCK_FILE_NAME));
    const onBlocked = lockDataDirectory(blocked);
    expect(onBlocked.ok ? 'held' : onBlocked.error.kind).toBe('unwritable');
  });
});
