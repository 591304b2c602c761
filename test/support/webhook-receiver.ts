// A receiver of webhooks on this computer, with a certificate of its own that nobody else trusts.
import { createHmac } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import { onTestFinished } from 'vitest';
import { temporaryFolder } from './temporary-folder.ts';

export interface Received {
  readonly id: string;
  readonly timestamp: string;
  readonly signature: string;
  readonly body: string;
}

export interface WebhookReceiver {
  readonly url: string;
  /** A file with the certificate to be trusted. */
  readonly authorities: string;
  /** Every attempt, in order. */
  readonly received: readonly Received[];
  /** What it answers from now on; `nothing` hangs up. */
  readonly answer: (status: number | 'nothing') => void;
}

export async function webhookReceiver(): Promise<WebhookReceiver> {
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'Receiver' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] },
    ],
  });
  const received: Received[] = [];
  let status: number | 'nothing' = 204;
  const server = createServer({ key, cert }, (request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const { headers } = request;
      const header = (name: string): string => String(headers[name] ?? '');
      received.push({
        id: header('webhook-id'),
        timestamp: header('webhook-timestamp'),
        signature: header('webhook-signature'),
        body: Buffer.concat(parts).toString('utf8'),
      });
      if (status === 'nothing') request.socket.destroy();
      else response.writeHead(status, { location: 'https://127.0.0.1:1/elsewhere' }).end('Thank you');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const authorities = join(await temporaryFolder(), 'receiver.pem');
  writeFileSync(authorities, cert);
  const { port } = server.address() as AddressInfo;
  return {
    url: `https://127.0.0.1:${port}/hook`,
    authorities,
    received,
    answer: (next) => {
      status = next;
    },
  };
}

/** What a receiver works out of a message by itself. */
export function signatureOf(secret: string, { id, timestamp, body }: Received): string {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
}
