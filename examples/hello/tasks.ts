/** Adds for about `units` seconds. Runs in the compute Worker; each yield says how far it is, and is where a cancel is seen. */
export function* heavyCalculation(units: number): Generator<number, number> {
  const steps = units * 100;
  let sum = 0;
  for (let step = 0; step < steps; step++) {
    sum += add(2_000_000);
    yield step / steps;
  }
  return sum;
}

function add(count: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += i % 10;
  return sum;
}
