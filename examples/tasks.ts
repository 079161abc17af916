// The tasks of the examples. They run in the compute Worker (examples/compute.ts). A task is a plain function,
// or a generator that yields its progress. At a yield the task shares its thread and notices a cancel. A yield
// is cheap, so yield often.

import type { FileRef } from 'edgewise';

/** Computes for about a second per unit. Yields its progress as a number from 0 to 1. */
export function* heavyCalculation(units: number) {
  let sum = 0;
  for (let step = 0; step < units * 1_000; step++) {
    sum += sumOfDigits(600_000);
    yield step / (units * 1_000);
  }
  return sum;
}

/** Counts the words of a text file of any size, which is read while it is counted. */
export async function countWords(file: FileRef): Promise<number> {
  let words = 0;
  let inWord = false;
  for await (const chunk of await file.stream()) {
    for (const byte of chunk) {
      const letter = byte > 32;
      if (letter && !inWord) words++;
      inWord = letter;
    }
  }
  return words;
}

/** The argument of `report`. */
export interface ReportInput {
  title: string;
  sections: number;
}

/** Writes a report, section by section. Every yielded value other than progress reaches `job.chunks`. */
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

/** Does the same arithmetic without a yield. Nothing else runs in its thread, and nothing can stop it. */
export function blockingCalculation(units: number): number {
  let sum = 0;
  for (let step = 0; step < units * 1_000; step++) sum += sumOfDigits(600_000);
  return sum;
}

/** A function of its own, because V8 does not always optimise a loop inside a generator. Such a loop is eight times slower. */
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
