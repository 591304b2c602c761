import type { Problem } from '../../shared/bridge/problem.ts';
import type { SignInRefusal } from '../../shared/protocol/sign-in.ts';
import { nameFailure } from './name-failure.ts';
import type { SignInFailure } from './sign-in.ts';

interface Names {
  /** Of the server. */
  readonly address: string;
  /** What people call the identity provider; empty where it is not known. */
  readonly provider: string;
}

/** Why nobody was let in, as a person reads it. */
export function nameSignInFailure(failure: SignInFailure, names: Names): Problem {
  const { address, provider } = names;
  switch (failure.kind) {
    case 'call': {
      // What is said of a device that is connected already does not hold here.
      const { code, message, todo } = nameFailure(failure.failure, address);
      if (failure.failure.kind !== 'problem') return problem({ code, message, todo: checkNetwork });
      const isOurs = ['other-protocol', 'malformed-request', 'too-large'].includes(failure.failure.type);
      return problem({ code, message, todo: isOurs ? todo : later });
    }
    case 'not-offered':
      return problem({
        code: 'refused',
        message: `Nobody signs in at ${address}: it has no identity provider.`,
        todo: 'Ask an admin for an invite.',
      });
    case 'unsafe-page':
      return problem({
        code: 'refused',
        message: `${address} sends people to a page that is not safe to open. It was not shown.`,
        todo: 'Tell whoever runs the server, or ask an admin for an invite.',
      });
    case 'refused': {
      const as = failure.signedInAs === null ? '' : ` as ${failure.signedInAs}`;
      return problem(refusals[failure.why]({ address, provider: provider === '' ? 'the provider' : provider, as }));
    }
  }
}

type Words = Pick<Problem, 'code' | 'message' | 'todo'>;

const checkNetwork = 'Check the address and the network, then try again.';
const later = 'Try again a little later, or ask an admin for an invite.';

const refusals: Readonly<Record<SignInRefusal, (given: Names & { readonly as: string }) => Words>> = {
  denied: ({ provider }) => ({
    code: 'refused',
    message: `It was not allowed at ${provider}.`,
    todo: 'Sign in again and say yes there; if it was not you who said no, ask an admin.',
  }),
  expired: ({ provider }) => ({
    code: 'refused',
    message: `The code was not entered at ${provider} in time, or was used already.`,
    todo: 'Sign in again: there is a new code then.',
  }),
  'unknown-person': ({ provider, address, as }) => ({
    code: 'refused',
    message: `${provider} signed you in${as}, and nobody of that name may use ${address}.`,
    todo: 'Ask an admin to add you there under exactly that name, then sign in again.',
  }),
  'no-verified-address': ({ provider }) => ({
    code: 'refused',
    message: `${provider} signed you in, and vouches for no address of yours.`,
    todo: 'Have it verify your address, or ask an admin for an invite.',
  }),
  'person-left': ({ address, as }) => ({
    code: 'refused',
    message: `You signed in${as}, and may not use ${address} any more.`,
    todo: 'Ask an admin to let you in again. What is on this computer stays here.',
  }),
  'other-account': ({ provider, as }) => ({
    code: 'refused',
    message: `You signed in${as}, and another account of ${provider} was this person before.`,
    todo: 'Ask an admin: clearing what you sign in as and entering it again lets the present account in.',
  }),
  'device-revoked': ({ address }) => ({
    code: 'refused',
    message: `An admin has revoked this computer at ${address}: signing in does not bring it back.`,
    todo: 'Ask an admin for an invite. What is on this computer stays here.',
  }),
  untrusted: ({ provider, address }) => ({
    code: 'refused',
    message: `What ${provider} told ${address} proves nothing. Nobody was let in.`,
    todo: 'Try again; if it stays, tell whoever runs the server.',
  }),
};

function problem(words: Words): Problem {
  return { ...words, kept: 'Nothing was changed on this computer.', issues: [] };
}
