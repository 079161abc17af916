/** Returns the number of steps of job K, each of 100 ms: 2 to 20, so a job takes 0.2 to 2 seconds. */
export function stepsOf(k: number): number {
  return 2 + ((k * 7) % 19);
}

/** Returns the result of job K. */
export function answerOf(k: number, lane: string): string {
  return `${lane} ${k * k}`;
}

/** Yields a line and its progress each 100 ms. */
export async function* work(k: number, lane: string): AsyncGenerator<number | string, string> {
  const steps = stepsOf(k);
  for (let step = 0; step < steps; step++) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    yield String(step);
    yield (step + 1) / steps;
  }
  return answerOf(k, lane);
}

/** Returns true for an order that has no price. */
export function isRefused(order: number): boolean {
  return order % 5 === 4;
}

/** Returns the price of an order after a short computation; some have none. */
export async function price(order: number): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, 50 + (order % 4) * 150));
  if (isRefused(order)) throw new RangeError(`There is no price of order ${order}.`);
  return order * 10;
}

/** Returns the number of lines of run K of the named job. */
export function linesOf(k: number): number {
  return 20 + ((k * 37) % 120);
}

/** Yields lines in bursts of 25. */
export async function* lines(k: number): AsyncGenerator<number | string, string> {
  const count = linesOf(k);
  for (let line = 0; line < count; line++) {
    if (line % 25 === 0) await new Promise((resolve) => setTimeout(resolve, 100));
    yield `${k}.${line}`;
    if (line % 10 === 0) yield line / count;
  }
  return `end ${k}`;
}

/** Yields ten thousand lines in bursts, within three seconds or so. */
export async function* many(): AsyncGenerator<number | string, string> {
  for (let line = 0; line < 10_000; line++) {
    if (line % 100 === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    yield `line ${line}`;
    if (line % 500 === 0) yield line / 10_000;
  }
  return 'end';
}
