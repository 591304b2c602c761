import type { Problem, ProblemCode } from '../../shared/bridge/problem.ts';
import type { Untrusted } from '../../shared/sync-engine/receive.ts';
import type { RoundFailure } from '../../shared/sync-engine/sync-round.ts';
import type { CallFailure } from './server-client.ts';

/** Why a call or a round failed. What a round knows less well than the call behind it is told by the call. */
export type SyncFailure = CallFailure | RoundFailure | { readonly kind: 'put-back' };

/** Whether trying again by itself may help; otherwise somebody has to do something first. */
export function mayPass(failure: SyncFailure): boolean {
  switch (failure.kind) {
    case 'forked':
    case 'put-back':
    case 'no-secrets':
      return false;
    case 'problem':
      return failure.type !== 'revoked' && failure.type !== 'unauthenticated';
    case 'unreachable':
    case 'other-certificate':
    case 'redirected':
    case 'too-large':
    case 'not-json':
    case 'untrusted':
    case 'restless':
      return true;
  }
}

/** Whether the server answered at all. */
export function isOffline(failure: SyncFailure): boolean {
  return failure.kind === 'unreachable' || failure.kind === 'other-certificate';
}

/** A failure as a person reads it: what happened, what was kept, what to do. */
export function nameFailure(failure: SyncFailure, address: string): Problem {
  const named = wordsFor(failure, address);
  return { kept: everythingKept, issues: [], ...named };
}

type Words = Pick<Problem, 'message' | 'todo'> & { readonly code: ProblemCode; readonly kept?: string };

function wordsFor(failure: SyncFailure, address: string): Words {
  switch (failure.kind) {
    case 'unreachable':
      return unreachable('why' in failure ? failure.why : 'cut', address);
    case 'other-certificate':
      return {
        code: 'unavailable',
        message: `What answers at ${address} shows another certificate than the server of the invite.`,
        todo: 'Nothing was sent. Check the network; if the server has a new certificate, ask an admin for a new invite.',
      };
    case 'redirected':
    case 'not-json':
      return otherAnswer(address);
    case 'too-large':
      return {
        code: 'unavailable',
        message: `${address} sent more than a Fuelgauge server ever sends. The answer was not read.`,
        todo: 'Tell whoever runs the server. It is tried again by itself.',
      };
    case 'untrusted':
      return failure.what === 'too-large' || failure.what === 'not-json'
        ? wordsFor({ kind: failure.what }, address)
        : untrusted(failure.what, address);
    case 'problem':
      return saidByServer(failure, address);
    case 'no-secrets':
      return {
        code: 'unavailable',
        message: 'The key of this device is not on this computer any more.',
        todo: 'Ask an admin for a new invite and connect again: what waits here is sent then.',
      };
    case 'forked':
      return {
        code: 'conflict',
        message: 'Another copy of this data has sent entries under the same name.',
        todo: 'Use one copy only. Ask an admin for a new invite and connect again here: what waits is sent then.',
      };
    case 'put-back':
      return {
        code: 'conflict',
        message: 'This data was restored from a backup or copied.',
        todo: 'Ask an admin for a new invite and connect again: what the server knows comes back, what waits is sent.',
      };
    case 'restless':
      return {
        code: 'unavailable',
        message: `${address} changed its history again and again while it was asked.`,
        todo: 'It is tried again by itself. If it stays, tell whoever runs the server.',
      };
  }
}

function unreachable(why: Extract<CallFailure, { readonly kind: 'unreachable' }>['why'], address: string): Words {
  const todo = 'Go on working: it is tried again by itself, and at once when there is a network.';
  switch (why) {
    case 'refused':
      return { code: 'unavailable', message: `Nobody answers at ${address}.`, todo };
    case 'no-such-host':
      return { code: 'unavailable', message: `${address} is not found from here.`, todo };
    case 'slow':
      return { code: 'unavailable', message: `${address} did not answer in time.`, todo };
    case 'cut':
      return { code: 'unavailable', message: `The connection to ${address} was cut.`, todo };
    case 'cancelled':
      return { code: 'unavailable', message: `The call to ${address} was broken off.`, todo };
  }
}

function otherAnswer(address: string): Words {
  return {
    code: 'unavailable',
    message: `What answers at ${address} is no Fuelgauge server.`,
    todo: 'A network that asks for a sign-in may be in between: open a web page to see. It is tried again by itself.',
  };
}

function untrusted(what: Untrusted, address: string): Words {
  return {
    code: 'unavailable',
    message: `${address} sent an answer that cannot be right (${whatIsWrong[what]}). It was not believed.`,
    todo: 'It is tried again by itself. If it stays, tell whoever runs the server.',
  };
}

const whatIsWrong: Readonly<Record<Untrusted, string>> = {
  'other-shape': 'it has another shape',
  'other-rows': 'it is about entries that were not sent',
  'other-workspace': 'it holds entries of another workspace',
  'other-device': 'it is for another device',
  'other-history': 'it belongs to another history',
  'out-of-order': 'its entries are out of order',
  backwards: 'it goes backwards',
  'no-progress': 'it leads nowhere',
};

function saidByServer(failure: Extract<SyncFailure, { readonly kind: 'problem' }>, address: string): Words {
  const detail = 'document' in failure ? (failure.document.detail ?? failure.document.title) : '';
  const because = detail === '' ? '' : ` It says: ${detail}`;
  switch (failure.type) {
    case 'unauthenticated':
      return {
        code: 'refused',
        message: `${address} does not know this device any more.${because}`,
        todo: 'Ask an admin for a new invite and connect again: what waits here is sent then.',
      };
    case 'revoked':
      return {
        code: 'refused',
        message: `An admin has revoked this device at ${address}.${because}`,
        todo: 'Ask an admin; with a new invite it can be connected again.',
      };
    case 'not-allowed':
      return {
        code: 'refused',
        message: `${address} does not allow this.${because}`,
        todo: 'Ask a company admin to do it, or for the right to.',
      };
    case 'not-found':
      return {
        code: 'not-found',
        message: `${address} does not have this.${because}`,
        todo: 'It may have been removed, or belong to somebody else. Ask a company admin.',
      };
    case 'malformed-request':
      return {
        code: 'wrong-input',
        message: `${address} cannot use what was sent.${because}`,
        todo: 'Check what was entered. If it is right, update Fuelgauge and the server.',
      };
    case 'too-large':
      return {
        code: 'wrong-input',
        message: `${address} does not take as much at once.${because}`,
        todo: 'Update Fuelgauge and the server; if it stays, tell whoever runs the server.',
      };
    case 'other-protocol':
      return {
        code: 'unavailable',
        message: `This Fuelgauge and ${address} do not speak the same version.${because}`,
        todo: 'Update the one that is older. Everything goes on here meanwhile, and is sent then.',
      };
    case 'too-many-requests':
      return {
        code: 'unavailable',
        message: `${address} was asked too often.${because}`,
        todo: 'It is tried again by itself, after the pause that the server asks for.',
      };
    case 'server-full':
      return {
        code: 'unavailable',
        message: `${address} has no room left.${because}`,
        todo: 'Tell whoever runs the server. What waits here is sent when there is room.',
      };
    case 'server-error':
    case 'unavailable':
      return {
        code: 'unavailable',
        message: `${address} cannot answer at the moment.${because}`,
        todo: 'It is tried again by itself. If it stays, tell whoever runs the server.',
      };
  }
}

const everythingKept = 'Everything that was recorded is kept on this computer.';

/** The server takes this device no more. */
export function isRevoked(failure: SyncFailure | null): boolean {
  return failure?.kind === 'problem' && failure.type === 'revoked';
}

/** The part of a failed round that is about the server and not about the workspace. */
export function callFailureIn(failure: SyncFailure | null): CallFailure | null {
  switch (failure?.kind) {
    case 'unreachable':
      return 'why' in failure ? failure : { kind: 'unreachable', why: 'cut' };
    case 'other-certificate':
    case 'redirected':
    case 'not-json':
    case 'no-secrets':
      return failure;
    case 'problem':
      return 'document' in failure ? failure : null;
    default:
      return null;
  }
}
