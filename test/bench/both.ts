/** Time of the product's work beside the same work of a baseline. */

/** Seconds that both sides took; which one begins changes with every step. */
export interface Times {
  readonly value: number;
  readonly baseline: number;
}

/** Runs both sides; an even turn begins with the product. */
export async function both(turn: number, product: () => unknown, baseline: () => unknown): Promise<Times> {
  if (turn % 2 === 0) {
    const value = await seconds(product);
    return { value, baseline: await seconds(baseline) };
  }
  const time = await seconds(baseline);
  return { value: await seconds(product), baseline: time };
}

export async function seconds(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1_000;
}

/** Operations in a second over several steps. */
export function perSecond(times: readonly Times[], operations: number): Times {
  const total = (side: keyof Times) => operations / times.reduce((sum, time) => sum + time[side], 0);
  return { value: total('value'), baseline: total('baseline') };
}

/** In another unit. */
export function scaled(times: Times, factor: number): Times {
  return { value: times.value * factor, baseline: times.baseline * factor };
}
