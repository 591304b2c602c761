import { problem } from './problems.ts';
// Replaced by the real use case; the router already names what it exports.
const missing = () => problem('unavailable', 'Imports are being built.', { todo: 'Wait.' });
export function openUpload(..._given: readonly unknown[]): { readonly uploadId: string } { throw missing(); }
export function appendChunk(..._given: readonly unknown[]): { readonly receivedBytes: number } { throw missing(); }
export function inspectUpload(..._given: readonly unknown[]): never { throw missing(); }
export function discardUpload(..._given: readonly unknown[]): { readonly discarded: boolean } { throw missing(); }
export async function* runImport(..._given: readonly unknown[]): AsyncGenerator<never> { throw missing(); }
