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
export async function faultsOfPages(
  file: string,
  options: { readonly thorough: boolean; readonly signal?: AbortSignal | undefined },
): Promise<readonly string[]> {
  const pragma = `PRAGMA ${options.thorough ? 'integrity_check' : 'quick_check'}(${faultsMax})`;
  try {
    return await onThread({ address: unchangedAddress(file).href, pragma, finish: '' }, options.signal);
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}

/**
 * Makes a copy that SQLite has written one file: it says of itself that it has a write-ahead log, and afterwards it can
 * be read where nothing can be written. Checks it, and waits until it is on the disk. Answers what is wrong with it.
 * Throws what the disk or SQLite throws.
 */
export function finishCopy(file: string, signal: AbortSignal | undefined): Promise<readonly string[]> {
  const pragma = `PRAGMA quick_check(${faultsMax})`;
  return onThread({ address: unchangedAddress(file).href, pragma, finish: file }, signal);
}

interface Task {
  readonly address: string;
  readonly pragma: string;
  /** The path of a copy that is to be finished first; empty for none. */
  readonly finish: string;
}

function onThread(task: Task, signal: AbortSignal | undefined): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(script, { eval: true, workerData: task });
    const settle = (settled: () => void): void => {
      signal?.removeEventListener('abort', stop);
      settled();
    };
    const stop = (): void => {
      // The thread may hold the file: it is let go before anybody removes it.
      void worker.terminate().then(() => settle(() => resolve(['The check was broken off.'])));
    };
    worker.on('message', (message: unknown) => {
      const { faults, failure } = answerSchema.parse(message);
      settle(() => (failure === null ? resolve(faults) : reject(new ThreadError(failure))));
    });
    worker.on('error', (error) => settle(() => reject(error instanceof Error ? error : new Error(String(error)))));
    worker.on('exit', () => settle(() => resolve(['The check ended without an answer.'])));
    if (signal?.aborted === true) stop();
    else signal?.addEventListener('abort', stop);
  });
}

/** What a thread threw, as it would have been thrown here. */
class ThreadError extends Error {
  readonly code: string;
  readonly errcode: number;

  constructor({ message, code, errcode }: z.infer<typeof failureSchema>) {
    super(message);
    this.code = code;
    this.errcode = errcode;
  }
}

const faultsMax = 20;
const failureSchema = z.object({ message: z.string(), code: z.string(), errcode: z.number() });
const answerSchema = z.object({ faults: z.array(z.string()), failure: failureSchema.nullable() });

/** A text and no module: it has to run from a bundle too, where no file beside it can be named. */
const script = `
const { closeSync, fsyncSync, openSync } = require('node:fs');
const { DatabaseSync } = require('node:sqlite');
const { parentPort, workerData } = require('node:worker_threads');
const { address, pragma, finish } = workerData;
let answer;
try {
  if (finish !== '') {
    const copy = new DatabaseSync(finish);
    copy.exec('PRAGMA journal_mode=DELETE');
    copy.close();
  }
  const database = new DatabaseSync(new URL(address), { readOnly: true });
  const rows = database.prepare(pragma).all().map((row) => String(Object.values(row)[0]));
  database.close();
  if (finish !== '') {
    const descriptor = openSync(finish, 'r+');
    fsyncSync(descriptor);
    closeSync(descriptor);
  }
  answer = { faults: rows.filter((row) => row !== 'ok'), failure: null };
} catch (error) {
  const { message, code, errcode } = error;
  answer = { faults: [], failure: { message: String(message), code: String(code), errcode: Number(errcode ?? 0) } };
}
parentPort.postMessage(answer);
`;
