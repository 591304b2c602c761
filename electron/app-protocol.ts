// The pages of the app under app://fuelgauge: the same files and headers as in the browser shell, without a server.
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CustomScheme, Protocol } from 'electron';
import { serveStaticFile } from '../shared/web-app/static-files.ts';
import { APP_SCHEME, isAppUrl } from './security.ts';

/** Must be registered before the app is ready. A standard and secure scheme has an origin, as https has. */
export const APP_PROTOCOL_SCHEME: CustomScheme = {
  scheme: APP_SCHEME,
  privileges: { standard: true, secure: true, supportFetchAPI: true },
};

/** Serves the files of `pagesFolder`; each page gets a nonce of its own. Another host than ours is not found. */
export function serveAppProtocol(protocol: Pick<Protocol, 'handle'>, pagesFolder: string): void {
  protocol.handle(APP_SCHEME, async (request) => {
    if (!isAppUrl(request.url)) return new Response('Not found', { status: 404 });
    const { pathname, search } = new URL(request.url);
    const { status, headers, body } = await serveStaticFile(
      { method: request.method, target: pathname + search },
      { files: { read: (path) => read(join(pagesFolder, path)) }, nonce: randomBytes(16).toString('base64url') },
    );
    return new Response(typeof body === 'string' ? body : Buffer.from(body), { status, headers: { ...headers } });
  });
}

async function read(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch {
    return undefined;
  }
}
