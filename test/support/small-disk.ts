import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { temporaryFolder } from './temporary-folder.ts';

/** Whether this machine lets a test make a disk of its own. */
export function canMakeDisk(): boolean {
  return process.getuid?.() === 0 && shell('unshare --mount mount -t tmpfs tmpfs /mnt').status === 0;
}

/** An empty disk of so many kilobytes; it goes when the running test ends. */
export async function smallDisk(kilobytes: number): Promise<string> {
  const folder = join(await temporaryFolder(), 'small');
  mkdirSync(folder);
  if (shell(`mount -t tmpfs -o size=${kilobytes}k tmpfs ${folder}`).status !== 0) {
    throw new Error(`No disk could be made at ${folder}`);
  }
  onTestFinished(() => void shell(`umount ${folder}`));
  return folder;
}

function shell(command: string) {
  return spawnSync('/bin/sh', ['-c', command]);
}
