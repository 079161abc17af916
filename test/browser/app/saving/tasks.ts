/** Yields so many times, 20 ms apart. */
export async function* work(steps: number): AsyncGenerator<number, number> {
  for (let step = 1; step <= steps; step++) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    yield step / steps;
  }
  return steps;
}
