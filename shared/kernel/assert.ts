/** Raised when the program itself is wrong. Expected failures are `Result` values and never this. */
export class AssertionError extends Error {
  override readonly name = 'AssertionError';
}

/** Stops the program with `message` when `condition` does not hold: a bug, on in production too. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new AssertionError(message);
}

/** Marks a branch that the types prove unreachable; a value that gets here all the same is a bug. */
export function unreachable(value: never): never {
  throw new AssertionError(`Unreachable value: ${JSON.stringify(value)}`);
}
