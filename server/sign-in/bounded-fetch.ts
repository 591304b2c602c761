// `fetch` for answers of somebody else: within a time, a size, and without following where they lead.
export class AnswerTooLarge extends Error {}

/** The provider says little: metadata and keys are some kilobytes. */
const answerBytesMax = 512 * 1024;
const answerMsMax = 10_000;

interface Asked {
  readonly method?: string;
  readonly headers?: Headers | Record<string, string>;
  readonly body?: URLSearchParams | null | undefined;
  readonly signal?: AbortSignal | null | undefined;
}

/** The whole answer, read already. Rejects with `AnswerTooLarge`, or with what `fetch` rejects with. */
export async function boundedFetch(url: string, asked: Asked): Promise<Response> {
  const { method = 'GET', headers: sent = {}, body = null } = asked;
  const late = AbortSignal.timeout(answerMsMax);
  const signal = asked.signal ? AbortSignal.any([late, asked.signal]) : late;
  const answer = await fetch(url, { method, headers: sent, body, signal, redirect: 'manual' });
  const { status, headers } = answer;
  if (answer.body === null) return new Response(null, { status, headers });
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  const reader = answer.body.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    const piece: unknown = next.value;
    if (!(piece instanceof Uint8Array)) continue;
    bytes += piece.byteLength;
    if (bytes > answerBytesMax) {
      await reader.cancel();
      throw new AnswerTooLarge(`The answer has more than ${answerBytesMax} bytes.`);
    }
    pieces.push(piece);
  }
  return new Response(Buffer.concat(pieces), { status, headers });
}
