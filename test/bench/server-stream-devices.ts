/** Devices that listen, many in one process: told how many more to be, and tells when all have heard of a change. */

import { get } from 'node:http';
import { z } from 'zod';

const askedSchema = z.object({ port: z.number(), streams: z.number() });
/** So many dial at once. */
const dialling = 50;

let streams = 0;
let heard = 0;

process.on('message', (message) => {
  const { port, streams: more } = askedSchema.parse(message);
  void dial(port, more).then(() => process.send?.({ kind: 'listening' }));
});

async function dial(port: number, more: number): Promise<void> {
  let left = more;
  const next = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await open(port);
    }
  };
  await Promise.all(Array.from({ length: dialling }, next));
  streams += more;
}

/** Listens; settles with the first message, which says where the history stands. */
function open(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, agent: false }, (response) => {
      response.on('data', (chunk: Buffer) => {
        const text = chunk.toString('latin1');
        if (text.includes('"kind":"resync"')) resolve();
        if (text.includes('"kind":"changes"')) hear();
      });
      response.on('error', reject);
    }).on('error', reject);
  });
}

function hear(): void {
  heard += 1;
  if (heard < streams) return;
  heard = 0;
  process.send?.({ kind: 'heard', at: Date.now() });
}
