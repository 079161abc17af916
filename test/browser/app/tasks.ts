/** Adds up in steps of a millisecond or so. */
export function* sum(steps: number) {
  let total = 0;
  for (let step = 0; step < steps; step++) {
    for (let i = 0; i < 1_000_000; i++) total += i % 10;
    yield step / steps;
  }
  return total;
}

/** Runs until it is cancelled; says hello first, and where it is. */
export function* endless(name: string): Generator<number | string, never> {
  console.log(`${name} begins`);
  yield `${name} has begun`;
  yield 0.5;
  let total = 0;
  try {
    for (;;) {
      for (let i = 0; i < 300_000; i++) total += i % 10;
      yield total > 0 ? 0.5 : 0;
    }
  } finally {
    console.log(`${name} was told to stop`);
  }
}
