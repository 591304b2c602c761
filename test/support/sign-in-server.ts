// A server whose people sign in at an identity provider, both real and on this computer.
import { onTestFinished } from 'vitest';
import type { SignInConfig } from '../../server/config.ts';
import { personAddedSchema } from '../../shared/protocol/admin.ts';
import { routes } from '../../shared/protocol/routes.ts';
import { startIdentityProvider, type ProviderOptions, type TestProvider } from './identity-provider.ts';
import { testServer, type TestServer } from './test-server.ts';

export interface SignInServer extends TestServer {
  readonly provider: TestProvider;
  /** Of the servers that are started from now on. */
  readonly signIn: { -readonly [Setting in keyof SignInConfig]: SignInConfig[Setting] };
  /** Adds somebody who signs in as `signsInAs`; answers their id. */
  readonly add: (signsInAs: string, role?: string) => Promise<string>;
  /** No interval is waited for: the database forgets when the provider was asked. */
  readonly hurry: () => Promise<void>;
}

/** Starts both; they end with the running test. */
export async function signInServer(
  signIn: Partial<SignInConfig> = {},
  providerOptions: ProviderOptions = {},
): Promise<SignInServer> {
  const provider = await startIdentityProvider(providerOptions);
  onTestFinished(provider.close);
  provider.accounts.set('ana', { login: 'ana', email: 'Ana@Example.org', name: 'Ana Costa' });
  const { issuer, clientId, clientSecret } = provider;
  const settings: SignInServer['signIn'] = {
    issuer,
    clientId,
    clientSecret,
    name: 'Example',
    by: 'email',
    organisationId: null,
    newPeople: null,
    ...signIn,
  };
  const made = await testServer({ config: { signIn: settings } });
  return {
    ...made,
    provider,
    signIn: settings,
    add: async (signsInAs, role = 'member') => {
      const person = { name: signsInAs, role, signsInAs };
      return (await made.admin.answer(personAddedSchema, 'POST', routes.people, person)).id;
    },
    hurry: async () => {
      await made.database.asServer(({ query }) => query('UPDATE sign_in SET ask_at = now()'));
    },
  };
}
