// The tasks of the examples. They run in the compute Worker (examples/compute.ts): plain functions, or generators that
// say how far they are. A yield is where the thread is shared and where a cancel is seen, so yield often; it is cheap.

/** About a second of arithmetic for each unit. A number from 0 to 1 that is yielded is progress. */
export function* heavyCalculation(units: number) {
  let sum = 0;
  for (let step = 0; step < units * 1_000; step++) {
    sum += sumOfDigits(600_000);
    yield step / (units * 1_000);
  }
  return sum;
}

/** What `report` is asked for. */
export interface ReportInput {
  title: string;
  sections: number;
}

/** Writes a report, section by section. Whatever is yielded beyond progress reaches `job.chunks`. */
export function* report({
  title,
  sections,
}: ReportInput): Generator<number | string, { title: string; primes: number }> {
  const size = 1_000_000;
  let primes = 0;
  for (let section = 0; section < sections; section++) {
    const from = section * size;
    let found = 0;
    for (let candidate = from; candidate < from + size; candidate++) {
      if (isPrime(candidate)) found++;
      if (candidate % 100 === 0) yield (section + (candidate - from) / size) / sections;
    }
    primes += found;
    yield `Section ${section + 1}: ${found} primes from ${from} to ${from + size - 1}`;
  }
  return { title, primes };
}

/** The same arithmetic without a yield: nothing else runs in its thread, and nothing can stop it. */
export function blockingCalculation(units: number): number {
  let sum = 0;
  for (let step = 0; step < units * 1_000; step++) sum += sumOfDigits(600_000);
  return sum;
}

/** The inner loop has a function of its own: V8 does not always optimise a loop inside a generator, and then it is eight times slower. */
function sumOfDigits(count: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += i % 10;
  return sum;
}

function isPrime(n: number): boolean {
  if (n < 2) return false;
  for (let divisor = 2; divisor * divisor <= n; divisor++) if (n % divisor === 0) return false;
  return true;
}
