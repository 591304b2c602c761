import { assert } from '../kernel/assert.ts';
import { parseCredits, type Credits } from '../kernel/credits.ts';

/** A figure of a catalogue as credits. The schema has read it before, so a text that is no exact figure is a bug. */
export function figure(text: string): Credits {
  const parsed = parseCredits(text);
  assert(parsed.ok && !parsed.value.rounded, `Not an exact figure in a catalogue: ${text}`);
  return parsed.value.value;
}
