// Secrets over the operating system's key store: what is on the disk is useless without it.
import { Buffer } from 'node:buffer';
import type { SafeStorage } from 'electron';
import { fileSecrets } from '../replica/secrets/file-secrets.ts';
import { memorySecrets, type SecretStanding, type SecretStore } from '../replica/secrets/secret-store.ts';
import type { MessageToReplica, SecretRequest } from './replica-messages.ts';

export interface SystemSecretsOptions {
  readonly safeStorage: Pick<
    SafeStorage,
    'isAsyncEncryptionAvailable' | 'encryptStringAsync' | 'decryptStringAsync' | 'getSelectedStorageBackend'
  >;
  /** A value of `process.platform`. */
  readonly platform: string;
  /** Where the encrypted secrets go; its folder exists. */
  readonly file: string;
}

/**
 * Encrypts with the key store of the system. Where there is none, and on Linux where the system offers no more than a
 * password that everybody knows, secrets are kept in memory and `standing` says so. To be asked once the app is ready.
 */
export function systemSecrets({ safeStorage, platform, file }: SystemSecretsOptions): SecretStore {
  const encrypted = fileSecrets(file);
  const memory = memorySecrets();
  const weak = platform === 'linux' && weakBackends.has(safeStorage.getSelectedStorageBackend());
  // Asking whether it works may show a question of the system, so that waits until a secret is wanted.
  let standing: SecretStanding = weak ? 'memory' : 'system';
  const isSystem = async (): Promise<boolean> => {
    const system = !weak && (await safeStorage.isAsyncEncryptionAvailable());
    standing = system ? 'system' : 'memory';
    return system;
  };
  const encrypt = async (name: string, value: string): Promise<void> =>
    encrypted.write(name, (await safeStorage.encryptStringAsync(value)).toString('base64'));

  return {
    get standing() {
      return standing;
    },
    async read(name) {
      if (!(await isSystem())) return memory.read(name);
      const stored = await encrypted.read(name);
      if (stored === null) return memory.read(name);
      const { result, shouldReEncrypt } = await safeStorage.decryptStringAsync(Buffer.from(stored, 'base64'));
      // The system has a newer key; the old one may be gone one day.
      if (shouldReEncrypt) await encrypt(name, result);
      return result;
    },
    async write(name, value) {
      const system = await isSystem();
      await memory.write(name, system ? null : value);
      if (value === null) await encrypted.write(name, null);
      else if (system) await encrypt(name, value);
    },
  };
}

/** Answers the replica's process; whatever goes wrong goes back to it as a sentence. */
export async function answerSecret(store: SecretStore, request: SecretRequest): Promise<MessageToReplica> {
  const { id, name } = request;
  try {
    if (request.kind === 'write-secret') await store.write(name, request.value);
    const value = request.kind === 'read-secret' ? await store.read(name) : null;
    return { kind: 'secret', id, value, standing: store.standing };
  } catch (error) {
    return { kind: 'secret-failed', id, message: error instanceof Error ? error.message : String(error) };
  }
}

/** `basic_text` encrypts with a password that is the same everywhere; `unknown` is what there is before `ready`. */
const weakBackends: ReadonlySet<ReturnType<SafeStorage['getSelectedStorageBackend']>> = new Set([
  'basic_text',
  'unknown',
]);
