/** How many steps job K has, each of 100 ms: 2 to 20, so that a job takes 0.2 to 2 seconds. */
export function stepsOf(k: number): number {
  return 2 + ((k * 7) % 19);
}

/** What job K answers. */
export function answerOf(k: number, lane: string): string {
  return `${lane} ${k * k}`;
}

/** A step each 100 ms, with a line and how far it is. */
export async function* work(k: number, lane: string): AsyncGenerator<number | string, string> {
  const steps = stepsOf(k);
  for (let step = 0; step < steps; step++) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    yield String(step);
    yield (step + 1) / steps;
  }
  return answerOf(k, lane);
}
