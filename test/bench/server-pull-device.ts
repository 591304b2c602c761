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

/** The next ones are on their way, and are unpacked, while one is read. */
const ahead = 2;

async function pull(urls: readonly string[]) {
  const started = performance.now();
  let [rows, bytes] = [0, 0];
  const coming = urls.slice(0, ahead).map(unpacked);
  for (const place of urls.keys()) {
    const next = urls[place + ahead];
    if (next !== undefined) coming.push(unpacked(next));
    const segment = await coming[place];
    if (!segment) throw new Error('Every segment was asked for');
    bytes += segment.bytes;
    rows += segmentSchema.parse(JSON.parse(segment.text)).documents.length;
    coming[place] = Promise.resolve({ bytes: 0, text: '' });
  }
  return { rows, bytes, seconds: (performance.now() - started) / 1_000 };
}

async function unpacked(url: string) {
  const body = await fetched(url);
  return { bytes: body.length, text: (await unpack(body)).toString('utf8') };
}

function fetched(url: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    get(url, { headers: { 'accept-encoding': 'br' } }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () => resolve(Buffer.concat(parts)));
      response.on('error', reject);
    }).on('error', reject);
  });
}
