// Where the owner of a data directory can be reached: a file in it that only its person may read.
import { chmodSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const ownerAddressSchema = z.strictObject({
  /** Only this computer's own interface: a file that says otherwise was not written by Fuelgauge. */
  url: z.string().regex(/^http:\/\/127\.0\.0\.1:[0-9]{1,5}$/),
  token: z.string().regex(/^[A-Za-z0-9_-]{43,}$/),
});

export type OwnerAddress = Readonly<z.infer<typeof ownerAddressSchema>>;

const OWNER_FILE_NAME = 'owner.json';

/** The WebSocket protocol that a program names, followed by the token. */
export const RPC_PROTOCOL = 'fuelgauge';

/** Replaces the file in one step, so that a reader never sees half of it. Mode 0600. */
export function writeOwnerFile(dataDirectory: string, address: OwnerAddress): void {
  const path = join(dataDirectory, OWNER_FILE_NAME);
  const temporaryPath = `${path}.new`;
  rmSync(temporaryPath, { force: true });
  writeFileSync(temporaryPath, JSON.stringify(address), { mode: 0o600, flag: 'wx' });
  // The mode given at creation passes through the umask; this one does not.
  chmodSync(temporaryPath, 0o600);
  renameSync(temporaryPath, path);
}

/** The address in the file, or undefined when there is no file or it is not one of ours. */
export function readOwnerFile(dataDirectory: string): OwnerAddress | undefined {
  try {
    const content: unknown = JSON.parse(readFileSync(join(dataDirectory, OWNER_FILE_NAME), 'utf8'));
    return ownerAddressSchema.safeParse(content).data;
  } catch {
    return undefined;
  }
}

export function removeOwnerFile(dataDirectory: string): void {
  rmSync(join(dataDirectory, OWNER_FILE_NAME), { force: true });
}
