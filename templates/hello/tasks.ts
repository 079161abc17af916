/** Adds for about `units` seconds. Each yield reports the progress, and is where a cancel takes effect. */
export function* calculate(units: number): Generator<number, number> {
  const steps = units * 100;
  let sum = 0;
  for (let step = 0; step < steps; step++) {
    for (let i = 0; i < 1_000_000; i++) sum += i % 10;
    yield step / steps;
  }
  return sum;
}
