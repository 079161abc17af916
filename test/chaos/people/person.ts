import type { Ledger } from '../ledger.ts';
import type { Tab } from '../tab.ts';

/** What a person has and knows. */
export interface Surroundings {
  readonly tab: Tab;
  readonly ledger: Ledger;
  /** The address of the application. */
  readonly url: string;
  /** True when no other page belongs to the session. */
  readonly alone: boolean;
  /** A number from 0 to 1, from the seed. */
  readonly chance: () => number;
  /** Number of blows so far. */
  readonly blows: () => number;
}

/** Somebody who uses one page, and knows what must come of it. */
export interface Person {
  /** Does one thing. Returns true when it was an action of the page. */
  act(): Promise<boolean>;
  /** Does what is left to do at the end. It is called again until nothing is wrong. */
  rest?(): Promise<void>;
  /** Returns how the page differs from the invariant. */
  faults(): Promise<readonly string[]>;
  /** Notices that the page may show. Default: none. */
  readonly allowed?: RegExp;
  /** Number of jobs started. */
  readonly jobs?: number;
  /** Returns how many of the first jobs have ended, whatever follows. */
  ended?(): Promise<number>;
}

export interface PersonClass {
  new (world: Surroundings): Person;
  /** Writes into the ledger what the page reads when it is opened. */
  prepare?(ledger: Ledger): void;
}

/** Returns a sentence when two values differ. */
export function expects(what: string, seen: unknown, wanted: unknown): string[] {
  const [is, should] = [JSON.stringify(seen), JSON.stringify(wanted)];
  if (is === should) return [];
  let at = 0;
  while (is?.[at] === should?.[at]) at++;
  const part = (text: string | undefined) => text?.slice(Math.max(0, at - 40), at + 80);
  return [`${what} is …${part(is)}… instead of …${part(should)}… (from character ${at}).`];
}

/** Returns the first number that is not in the list. */
export function firstMissing(numbers: readonly number[]): number {
  const all = new Set(numbers);
  let first = 0;
  while (all.has(first)) first++;
  return first;
}

export function pick<T>(chance: () => number, list: readonly [T, ...T[]]): T {
  return list[Math.floor(chance() * list.length)] ?? list[0];
}

/** Returns the whole numbers below a count. */
export function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}
