// Secrets as the replica's process has them: it asks the main process, which alone reaches the key store.
import type { SecretStanding, SecretStore } from '../replica/secrets/secret-store.ts';
import { PendingAnswers } from './pending-answers.ts';
import type { SecretAnswer, SecretRequest } from './replica-messages.ts';

export interface RemoteSecrets {
  readonly store: SecretStore;
  /** Takes what the main process answered. */
  readonly answered: (answer: SecretAnswer) => void;
}

/** A store whose every question goes through `send`. */
export function remoteSecrets(send: (request: SecretRequest) => void): RemoteSecrets {
  let standing: SecretStanding = 'memory';
  const pending = new PendingAnswers<string | null>();
  return {
    store: {
      get standing() {
        return standing;
      },
      read: (name) => pending.ask((id) => send({ kind: 'read-secret', id, name })),
      async write(name, value) {
        await pending.ask((id) => send({ kind: 'write-secret', id, name, value }));
      },
    },
    answered(answer) {
      if (answer.kind === 'secret-failed') return pending.fail(answer.id, answer.message);
      standing = answer.standing;
      pending.answer(answer.id, answer.value);
    },
  };
}
