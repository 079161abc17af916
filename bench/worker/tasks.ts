/** Does nothing, so that only the round trip is measured. */
export function noop(): number {
  return 1;
}

/** Keeps its thread busy for `length` ms, with about a millisecond between two yields, as the tutorial's calculation does. */
export function* spin(length: number): Generator<number, number> {
  const began = Date.now();
  let sum = 0;
  for (let elapsed = 0; elapsed < length; elapsed = Date.now() - began) {
    sum += sumOfDigits(600_000);
    yield elapsed / length;
  }
  return sum;
}

/** Computes a fixed number of sums, about a millisecond each, however long it takes. */
export function* sum(count: number): Generator<number, number> {
  let total = 0;
  for (let i = 0; i < count; i++) {
    total += sumOfDigits(600_000);
    yield i / count;
  }
  return total;
}

const stops = { last: 0 };

/** Computes until it is cancelled, and notes when it ended. */
export function* stoppable(): Generator<number, number> {
  try {
    for (;;) {
      sumOfDigits(600_000);
      yield 0;
    }
  } finally {
    stops.last = Date.now();
  }
}

/** Returns when `stoppable` ended last. */
export function stoppedAt(): number {
  return stops.last;
}

/** Yields `rate` reports a second for `seconds` seconds. Returns the number of reports and the time that they took. */
export function* reports(rate: number, seconds: number): Generator<number, { reports: number; milliseconds: number }> {
  const began = performance.now();
  const total = rate * seconds;
  for (let i = 1; i <= total; i++) {
    // Computes between two reports, and catches up with the time that it waited for its thread.
    while (performance.now() - began < (i * 1_000) / rate);
    yield i / total;
  }
  return { reports: total, milliseconds: performance.now() - began };
}

function sumOfDigits(count: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += i % 10;
  return sum;
}
