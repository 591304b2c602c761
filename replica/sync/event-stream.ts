// What a server tells by itself: server-sent events, each a message of the protocol.
import type { IncomingMessage } from 'node:http';
import { limits } from '../../shared/protocol/limits.ts';
import { streamMessageSchema, type StreamMessage } from '../../shared/protocol/stream.ts';
import { jsonIn } from './server-records.ts';

/**
 * The messages of a stream, until it ends, says nothing for too long, or says something that is no message: whoever
 * listens pulls then, and opens it anew.
 */
export async function* streamMessages(answer: IncomingMessage, signal: AbortSignal): AsyncGenerator<StreamMessage> {
  const stop = (): void => void answer.destroy();
  signal.addEventListener('abort', stop);
  let silence = setTimeout(stop, silentMsMax).unref();
  let rest = '';
  answer.setEncoding('utf8');
  try {
    for await (const piece of answer) {
      clearTimeout(silence);
      silence = setTimeout(stop, silentMsMax).unref();
      rest += String(piece).replaceAll('\r\n', '\n');
      for (let end = rest.indexOf('\n\n'); end >= 0; end = rest.indexOf('\n\n')) {
        const data = dataOf(rest.slice(0, end));
        rest = rest.slice(end + 2);
        if (data === '') continue;
        const message = streamMessageSchema.safeParse(jsonIn(data));
        if (!message.success) return;
        yield message.data;
      }
      if (rest.length > eventLengthMax) return;
    }
  } catch {
    // Cut off: that is how streams end.
  } finally {
    clearTimeout(silence);
    signal.removeEventListener('abort', stop);
    answer.destroy();
  }
}

/** The lines of data in an event; comments and what else there is play no part. */
function dataOf(event: string): string {
  return event
    .split('\n')
    .filter((line) => line.startsWith('data:'))
    .map((line) => line.slice('data:'.length).replace(/^ /, ''))
    .join('\n');
}

/** The server says something every half a minute at least, if only that it is there. */
const silentMsMax = 100_000;
const eventLengthMax = 4 * limits.streamBytesMax;
