/**
 * Where secrets of this computer are kept, such as the token of a device: apart from the data, so that no backup, export
 * or copy of the database carries them.
 */
export interface SecretStore {
  /** The secret of that name; null where there is none. Rejects where the place cannot be read at the moment. */
  read(name: string): Promise<string | null>;
  /** Keeps a secret, in the place of an earlier one; null forgets it. Resolves when it is kept. */
  write(name: string, value: string | null): Promise<void>;
  /**
   * How safe they are: `system` is the key store of the operating system, `file` a file that only its owner reads,
   * `memory` lasts until the program ends. In the desktop shell it is certain once something was read or written.
   */
  readonly standing: SecretStanding;
}

export type SecretStanding = 'system' | 'file' | 'memory';

/** Forgets everything when the process ends. */
export function memorySecrets(): SecretStore {
  const secrets = new Map<string, string>();
  return {
    standing: 'memory',
    read: (name) => Promise.resolve(secrets.get(name) ?? null),
    write(name, value) {
      if (value === null) secrets.delete(name);
      else secrets.set(name, value);
      return Promise.resolve();
    },
  };
}
