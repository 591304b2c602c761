import type { Result } from '../../shared/kernel/result.ts';
import type { CallFailure } from './server-client.ts';

type Answer = Promise<Result<unknown, CallFailure>>;

/** Closed stretches of a history, one after the other: the next one is on its way while one is being written. */
export class SegmentsAhead {
  readonly #fetch: (name: string) => Answer;
  #names: readonly string[] = [];
  #coming: { readonly name: string; readonly answer: Answer } | null = null;

  constructor(fetch: (name: string) => Answer) {
    this.#fetch = fetch;
  }

  /** What the server has told of, in order. */
  expect(names: readonly string[]): void {
    this.#names = names;
    this.#coming = null;
  }

  async take(name: string): Answer {
    const coming = this.#coming;
    this.#coming = null;
    const answer = await (coming?.name === name ? coming.answer : this.#fetch(name));
    const place = this.#names.indexOf(name);
    const following = place < 0 ? undefined : this.#names[place + 1];
    if (!answer.ok || following === undefined) return answer;
    const next = this.#fetch(following);
    // Whoever takes it is told of what it threw; nobody may take it, where the round ends before.
    next.catch(() => undefined);
    this.#coming = { name: following, answer: next };
    return answer;
  }
}
