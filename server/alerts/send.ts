// One message to one address: signed, within a time, without following where it leads.
import { createHmac } from 'node:crypto';
import { request } from 'node:https';
import { err, ok, type Result } from '../../shared/kernel/result.ts';
import { lookupPublic, privateAddressCode } from './address.ts';

export interface SendOptions {
  /** Receivers within one's own network may be called. */
  readonly privateAddresses: boolean;
  /** Certificates, as PEM, of who signs those of the receivers; null for those that Node trusts. */
  readonly authorities: string | null;
}

export interface Message {
  /** The same however often it is sent. */
  readonly id: string;
  readonly body: string;
}

/** Why it did not arrive, in a sentence; `gone` where the receiver wants nothing more. */
export interface SendProblem {
  readonly why: string;
  readonly gone: boolean;
}

const sendMsMax = 10_000;

/** Sends a message; the receiver has it when it answers with 2xx. */
export async function sendMessage(
  to: { readonly url: string; readonly secret: Buffer },
  message: Message,
  options: SendOptions & { readonly stopSignal: AbortSignal },
): Promise<Result<null, SendProblem>> {
  const { id, body } = message;
  const timestamp = Math.floor(Date.now() / 1_000);
  const signature = createHmac('sha256', to.secret).update(`${id}.${timestamp}.${body}`).digest('base64');
  const signal = AbortSignal.any([options.stopSignal, AbortSignal.timeout(sendMsMax)]);
  const { promise, resolve } = Promise.withResolvers<Result<null, SendProblem>>();
  const sent = request(to.url, {
    method: 'POST',
    agent: false,
    signal,
    ...(options.privateAddresses ? {} : { lookup: lookupPublic }),
    ...(options.authorities === null ? {} : { ca: options.authorities }),
    headers: {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'user-agent': 'fuelgauge-server',
      'webhook-id': id,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': `v1,${signature}`,
    },
  });
  sent.on('response', (response) => {
    const { statusCode = 0 } = response;
    // What else it says is of no interest, however much it is.
    response.destroy();
    if (statusCode >= 200 && statusCode < 300) return resolve(ok(null));
    return resolve(err({ why: `The receiver answered with ${statusCode}.`, gone: statusCode === 410 }));
  });
  sent.on('error', (error: NodeJS.ErrnoException) => {
    resolve(err({ why: signal.aborted ? late : failureText(error.code ?? ''), gone: false }));
  });
  sent.end(body);
  return promise;
}

const late = 'The receiver did not answer within 10 seconds.';

function failureText(code: string): string {
  switch (code) {
    case privateAddressCode:
      return 'The address leads into a private network, which this server does not call.';
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'No computer has that name.';
    case 'ECONNREFUSED':
      return 'Nobody listens at the address.';
    default:
      return /CERT|SELF_SIGNED|ISSUER|ALTNAME/.test(code)
        ? `The certificate of the receiver is not trusted (${code}).`
        : `The receiver could not be reached (${code || 'no connection'}).`;
  }
}
