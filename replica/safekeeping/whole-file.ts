// SQLite's own look at every page of a file, on a thread of its own: it takes seconds, and others are answered meanwhile.
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { z } from 'zod';

/**
 * The address of a file for `DatabaseSync`, under which SQLite takes it as it is: it locks nothing, looks for no journal
 * and leaves nothing beside it. Nobody may write to the file meanwhile, and no journal may belong to it.
 */
export function unchangedAddress(file: string): URL {
  const address = pathToFileURL(file);
  address.searchParams.set('immutable', '1');
  return address;
}

/**
 * What `PRAGMA quick_check`, or the thorough `integrity_check` that also compares indexes with rows, finds wrong; empty
 * when nothing is. Never throws: a file that cannot be looked at is answered with the reason.
 */
export function faultsOfPages(
  file: string,
  options: { readonly thorough: boolean; readonly signal?: AbortSignal | undefined },
): Promise<readonly string[]> {
  return new Promise((resolve) => {
    const pragma = `PRAGMA ${options.thorough ? 'integrity_check' : 'quick_check'}(${faultsMax})`;
    const worker = new Worker(script, { eval: true, workerData: { address: unchangedAddress(file).href, pragma } });
    const settle = (faults: readonly string[]): void => {
      options.signal?.removeEventListener('abort', stop);
      resolve(faults);
    };
    const stop = (): void => {
      settle(['The check was broken off.']);
      void worker.terminate();
    };
    worker.on('message', (message: unknown) => settle(answerSchema.parse(message)));
    worker.on('error', (error) => settle([error instanceof Error ? error.message : String(error)]));
    worker.on('exit', () => settle(['The check ended without an answer.']));
    if (options.signal?.aborted === true) stop();
    else options.signal?.addEventListener('abort', stop);
  });
}

const faultsMax = 20;
const answerSchema = z.array(z.string());

/** A text and no module: it has to run from a bundle too, where no file beside it can be named. */
const script = `
const { DatabaseSync } = require('node:sqlite');
const { parentPort, workerData } = require('node:worker_threads');
let faults;
try {
  const database = new DatabaseSync(new URL(workerData.address), { readOnly: true });
  const rows = database.prepare(workerData.pragma).all().map((row) => String(Object.values(row)[0]));
  faults = rows.filter((row) => row !== 'ok');
  database.close();
} catch (error) {
  faults = [error instanceof Error ? error.message : String(error)];
}
parentPort.postMessage(faults);
`;
