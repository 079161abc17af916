/** Does nothing: what is left is the way there and back. */
export function noop(): number {
  return 1;
}

/** Keeps its thread busy for so many milliseconds, as the tutorial's calculation does: about a millisecond between two yields. */
export function* spin(length: number): Generator<number, number> {
  const began = Date.now();
  let sum = 0;
  for (let elapsed = 0; elapsed < length; elapsed = Date.now() - began) {
    sum += sumOfDigits(600_000);
    yield elapsed / length;
  }
  return sum;
}

/** Reports so often in a second, for so many seconds; answers how many reports that were and how long it took. */
export function* reports(rate: number, seconds: number): Generator<number, { reports: number; milliseconds: number }> {
  const began = performance.now();
  const total = rate * seconds;
  for (let i = 1; i <= total; i++) {
    // Between two reports it computes. What it lost by waiting for its thread it catches up with.
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
