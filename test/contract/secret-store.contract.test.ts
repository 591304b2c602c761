// Every place for secrets, held against the same expectations; then what each promises besides.
import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { messageToReplicaSchema } from '../../electron/replica-messages.ts';
import { remoteSecrets } from '../../electron/remote-secrets.ts';
import { answerSecret, systemSecrets, type SystemSecretsOptions } from '../../electron/secrets.ts';
import { openReplica } from '../../replica/main.ts';
import { fileSecrets, secretsFile } from '../../replica/secrets/file-secrets.ts';
import { memorySecrets, type SecretStore } from '../../replica/secrets/secret-store.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

type KeyStore = SystemSecretsOptions['safeStorage'];

/** A key store that turns the text round: enough to see whether what is stored went through it. */
function keyStore(more: Partial<KeyStore> = {}): KeyStore {
  const reversed = (text: string): string => Array.from(text).toReversed().join('');
  return {
    getSelectedStorageBackend: () => 'gnome_libsecret',
    isAsyncEncryptionAvailable: () => Promise.resolve(true),
    encryptStringAsync: (text) => Promise.resolve(Buffer.from(reversed(text))),
    decryptStringAsync: (encrypted) =>
      Promise.resolve({ result: reversed(encrypted.toString()), shouldReEncrypt: false }),
    ...more,
  };
}

/** The two processes of the desktop shell, joined without Electron. */
function throughMessages(store: SecretStore): SecretStore {
  const remote = remoteSecrets((request) => {
    void answerSecret(store, request).then((answer) => {
      const message = messageToReplicaSchema.parse(structuredClone(answer));
      if (message.kind === 'secret' || message.kind === 'secret-failed') remote.answered(message);
    });
  });
  return remote.store;
}

const file = async (): Promise<string> => join(await temporaryFolder(), 'secrets.json');
const overSystem = async (safeStorage: KeyStore, platform = 'linux'): Promise<SecretStore> =>
  systemSecrets({ safeStorage, platform, file: await file() });

describe.each([
  ['in memory', 'memory', () => memorySecrets()],
  ['in a file', 'file', async () => fileSecrets(await file())],
  ['over the key store', 'system', () => overSystem(keyStore())],
  ['over the key store, from the other process', 'system', async () => throughMessages(await overSystem(keyStore()))],
] as const)('secrets %s', (_name, standing, open) => {
  it('are read as they were written, replaced and forgotten', async () => {
    const store = await open();
    expect(await store.read('token')).toBeNull();
    await store.write('token', 'first');
    await store.write('other', 'Schlüssel “🔑”');
    expect(await store.read('token')).toBe('first');
    await store.write('token', 'second');
    expect(await store.read('token')).toBe('second');
    expect(await store.read('other')).toBe('Schlüssel “🔑”');
    await store.write('token', null);
    expect(await store.read('token')).toBeNull();
    expect(await store.read('other')).toBe('Schlüssel “🔑”');
    expect(store.standing).toBe(standing);
  });

  it('are all kept when they are written at once', async () => {
    const store = await open();
    const names = Array.from({ length: 20 }, (_, index) => `name-${index}`);
    await Promise.all(names.map((name) => store.write(name, name)));
    expect(await Promise.all(names.map((name) => store.read(name)))).toEqual(names);
  });

  it('have names that mean nothing to the place', async () => {
    const store = await open();
    for (const name of ['__proto__', 'constructor', '../secrets', 'a b']) {
      expect(await store.read(name)).toBeNull();
      await store.write(name, 'kept');
      expect(await store.read(name)).toBe('kept');
    }
  });
});

describe('secrets in a file', () => {
  it('are there for the next process, and only for their owner', async () => {
    const path = await file();
    await fileSecrets(path).write('token', 'abc');
    await chmod(path, 0o644);
    await fileSecrets(path).write('more', 'def');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await fileSecrets(path).read('token')).toBe('abc');
    expect(await readdir(join(path, '..'))).toEqual(['secrets.json']);
  });

  it.each(['', 'no JSON', '[1]', '{"token":"abc"}'])(
    'go on beside a file that is none of ours: %j',
    async (content) => {
      const path = await file();
      await writeFile(path, content);
      const store = fileSecrets(path);
      expect(await store.read('token')).toBeNull();
      await store.write('token', 'abc');
      expect(await store.read('token')).toBe('abc');
      expect(await readFile(`${path}.unreadable`, 'utf8')).toBe(content);
    },
  );

  it('fail when they cannot be written, and can be written later', async () => {
    const path = join(await temporaryFolder(), 'later', 'secrets.json');
    const store = fileSecrets(path);
    await expect(store.write('token', 'abc')).rejects.toThrow('ENOENT');
    await mkdir(join(path, '..'));
    await store.write('token', 'abc');
    expect(await store.read('token')).toBe('abc');
  });
});

describe('secrets over the key store', () => {
  it('lie on the disk encrypted', async () => {
    const path = await file();
    const store = systemSecrets({ safeStorage: keyStore(), platform: 'darwin', file: path });
    await store.write('token', 'correct horse');
    expect(await readFile(path, 'utf8')).toBe(
      JSON.stringify([['token', Buffer.from('esroh tcerroc').toString('base64')]]),
    );
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it.each([
    ['the system encrypts with a password that everybody knows', { getSelectedStorageBackend: () => 'basic_text' }],
    ['the system says that it has none', { isAsyncEncryptionAvailable: () => Promise.resolve(false) }],
  ] as const)('stay in memory where %s, and say so', async (_why, more) => {
    const path = await file();
    const store = systemSecrets({ safeStorage: keyStore(more), platform: 'linux', file: path });
    await store.write('token', 'abc');
    expect(await store.read('token')).toBe('abc');
    expect(store.standing).toBe('memory');
    await expect(readFile(path)).rejects.toThrow('ENOENT');
  });

  it('are asked for their backend on Linux alone, where there is a choice', async () => {
    const store = await overSystem(keyStore({ getSelectedStorageBackend: () => 'basic_text' }), 'win32');
    await store.write('token', 'abc');
    expect(store.standing).toBe('system');
  });

  it('are encrypted again when the system has a newer key', async () => {
    const path = await file();
    const older = systemSecrets({ safeStorage: keyStore(), platform: 'darwin', file: path });
    await older.write('token', 'abc');
    const newer = keyStore({
      decryptStringAsync: () => Promise.resolve({ result: 'abc', shouldReEncrypt: true }),
      encryptStringAsync: (text) => Promise.resolve(Buffer.from(`newer ${text}`)),
    });
    expect(await systemSecrets({ safeStorage: newer, platform: 'darwin', file: path }).read('token')).toBe('abc');
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual([['token', Buffer.from('newer abc').toString('base64')]]);
  });

  it('are not forgotten when the key store refuses; whoever asked is told', async () => {
    const path = await file();
    await systemSecrets({ safeStorage: keyStore(), platform: 'darwin', file: path }).write('token', 'abc');
    const refusing = keyStore({ decryptStringAsync: () => Promise.reject(new Error('The person said no.')) });
    const store = throughMessages(systemSecrets({ safeStorage: refusing, platform: 'darwin', file: path }));
    await expect(store.read('token')).rejects.toThrow('The person said no.');
    expect(await systemSecrets({ safeStorage: keyStore(), platform: 'darwin', file: path }).read('token')).toBe('abc');
  });
});

describe('a replica', () => {
  it('keeps its secrets in a file of the data directory, and leaves none behind where it has none', async () => {
    const dataDir = await temporaryFolder();
    const replica = await openReplica({ dataDir });
    try {
      expect(await readdir(dataDir)).not.toContain('secrets.json');
      await replica.secrets.write('token', 'abc');
      expect(await fileSecrets(secretsFile(dataDir)).read('token')).toBe('abc');
    } finally {
      await replica.close();
    }
  });

  it('takes what the shell lends it', async () => {
    const secrets = memorySecrets();
    const replica = await openReplica({ dataDir: await temporaryFolder(), secrets });
    expect(replica.secrets).toBe(secrets);
    await replica.close();
  });
});
