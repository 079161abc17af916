import { type Checkpoint, checkpoint, resumed } from 'edgewise/compute';

/** Finds prime numbers. A yielded number from 0 to 1 is the progress; every other value is a chunk. */
export function* primes(most: number): Generator<number | string, number> {
  let count = 0;
  for (let candidate = 2; candidate <= most; candidate++) {
    if (isPrime(candidate)) count++;
    if (candidate % 1_000 === 0) {
      yield candidate / most;
      yield `Up to ${candidate}: ${count}`;
    }
  }
  return count;
}

/** Continues where a lost attempt left off. */
export function* sum(most: number): Generator<number | Checkpoint<{ n: number; total: number }>, number> {
  let { n, total } = resumed<{ n: number; total: number }>() ?? { n: 0, total: 0 };
  for (; n < most; n++) {
    total += n;
    if (n % 1_000 === 0) yield checkpoint({ n: n + 1, total });
  }
  return total;
}

function isPrime(n: number): boolean {
  for (let divisor = 2; divisor * divisor <= n; divisor++) if (n % divisor === 0) return false;
  return true;
}
