/** Work in steps of some milliseconds: between two of them whoever runs it may let others have their turn. */
export type Steps<Value> = Generator<undefined, Value, undefined>;

/** Runs all of it at once. */
export function atOnce<Value>(steps: Steps<Value>): Value {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}
