// Sends a file to the replica in pieces: a file of any length passes through without ever lying in memory as a whole.
import { bridge } from '../../app/bridge.ts';
import { piecesOf } from './pieces.ts';

interface SendOptions {
  readonly signal: AbortSignal;
  readonly onOpened: (uploadId: string) => void;
  readonly onProgress: (sentBytes: number) => void;
}

/** Resolves with the upload's id when the last piece has arrived. */
export async function sendFile(file: File, { signal, onOpened, onProgress }: SendOptions): Promise<string> {
  const { uploadId } = await bridge.imports.open({ fileName: file.name, sizeBytes: file.size }, { signal });
  onOpened(uploadId);
  for (const { start, end } of piecesOf(file.size)) {
    const base64 = await toBase64(file.slice(start, end));
    signal.throwIfAborted();
    await bridge.imports.chunk({ uploadId, base64 }, { signal });
    onProgress(end);
  }
  return uploadId;
}

/** The browser's own encoder: a data address is `data:…;base64,` and then the piece. */
function toBase64(piece: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener('load', () => {
      const address = typeof reader.result === 'string' ? reader.result : '';
      resolve(address.slice(address.indexOf(',') + 1));
    });
    reader.addEventListener('error', () => reject(reader.error ?? new Error('The file could not be read.')));
    reader.readAsDataURL(piece);
  });
}
