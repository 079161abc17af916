/** A step each 100 ms, with its progress and a line. */
export async function* slow(name: string, steps: number): AsyncGenerator<number | string, string> {
  for (let step = 0; step < steps; step++) {
    await scheduler.wait(100);
    yield `${name} ${step}`;
    yield step / steps;
  }
  return `${name} of ${steps}`;
}
