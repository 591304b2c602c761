// Secrets as the replica's process has them: it asks the main process, which alone reaches the key store.
import type { SecretStanding, SecretStore } from '../replica/secrets/secret-store.ts';
import type { SecretAnswer, SecretRequest } from './replica-messages.ts';

export interface RemoteSecrets {
  readonly store: SecretStore;
  /** Takes what the main process answered. */
  readonly answered: (answer: SecretAnswer) => void;
}

/** A store whose every question goes through `ask`. */
export function remoteSecrets(ask: (request: SecretRequest) => void): RemoteSecrets {
  let standing: SecretStanding = 'memory';
  let lastId = 0;
  const waiting = new Map<number, { resolve(value: string | null): void; reject(error: Error): void }>();
  const asked = (request: (id: number) => SecretRequest): Promise<string | null> =>
    new Promise((resolve, reject) => {
      lastId += 1;
      waiting.set(lastId, { resolve, reject });
      ask(request(lastId));
    });
  return {
    store: {
      get standing() {
        return standing;
      },
      read: (name) => asked((id) => ({ kind: 'read-secret', id, name })),
      async write(name, value) {
        await asked((id) => ({ kind: 'write-secret', id, name, value }));
      },
    },
    answered(answer) {
      const question = waiting.get(answer.id);
      waiting.delete(answer.id);
      if (answer.kind === 'secret-failed') return question?.reject(new Error(answer.message));
      standing = answer.standing;
      question?.resolve(answer.value);
    },
  };
}
