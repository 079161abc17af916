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
