/** A device that pulls for the first time: it fetches segments, unpacks them and reads their JSON. */

import { get } from 'node:http';
import { promisify } from 'node:util';
import { brotliDecompress } from 'node:zlib';
import { z } from 'zod';

const askedSchema = z.object({ urls: z.array(z.string()) });
const segmentSchema = z.object({ documents: z.array(z.unknown()) });
const unpack = promisify(brotliDecompress);

process.once('message', (message) => {
  const { urls } = askedSchema.parse(message);
  void pull(urls).then((pulled) => process.send?.(pulled));
});

async function pull(urls: readonly string[]) {
  const started = performance.now();
  let [rows, bytes] = [0, 0];
  let next = fetched(urls[0]);
  for (const place of urls.keys()) {
    const body = await next;
    // The next one is on its way while this one is read.
    next = fetched(urls[place + 1]);
    bytes += body.length;
    rows += segmentSchema.parse(JSON.parse((await unpack(body)).toString('utf8'))).documents.length;
  }
  return { rows, bytes, seconds: (performance.now() - started) / 1_000 };
}

async function fetched(url: string | undefined): Promise<Buffer> {
  if (url === undefined) return Buffer.alloc(0);
  return new Promise((resolve, reject) => {
    get(url, { headers: { 'accept-encoding': 'br' } }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () => resolve(Buffer.concat(parts)));
      response.on('error', reject);
    }).on('error', reject);
  });
}
