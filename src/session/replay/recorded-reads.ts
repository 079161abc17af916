/**
 * A recorded value, as text, and the number of the read that returned it first. Of a write that was refused: the error, and
 * the number of the write.
 */
export type RecordedRead = readonly [at: number, text: string];

/** The value of a name that the run read or wrote last. */
export interface LastValue {
  readonly value: unknown;
  /** The text of a value that the handler's closure has, until the handler's first read or write. */
  readonly captured?: string;
}

interface Reading {
  /** The number of reads of this name. */
  count: number;
  last?: LastValue;
  /** True when other code has written the name since. */
  stale: boolean;
  /** The recorded reads that a replay returns. */
  recorded?: RecordedRead[];
  /** The number of writes of this name, also of those that were refused. */
  writes: number;
  /** The recorded refusals that a replay repeats. */
  refused?: RecordedRead[];
}

/**
 * The reads of a run by name: cells of its page and signals of its jobs. It records a read only
 * when the value differs from the last one that the run read or wrote. So a replay reads the same
 * values.
 */
export class RecordedReads {
  #names: Map<string, Reading> | undefined;

  /**
   * Records a read.
   * @returns the number of the read when the value is new to the run, otherwise undefined.
   */
  record(name: string, value: unknown): number | undefined {
    const reading = this.#at(name);
    reading.count++;
    if (reading.last && !reading.stale && Object.is(reading.last.value, value)) return undefined;
    reading.last = { value };
    reading.stale = false;
    return reading.count;
  }

  /**
   * Records that the run writes the name.
   *
   * @returns the error, as text, with which the write was refused before the restart; undefined when it was not.
   */
  wrote(name: string, value: unknown): string | undefined {
    const reading = this.#at(name);
    const refusal = counted(reading);
    if (refusal !== undefined) return refusal;
    reading.last = { value };
    reading.stale = false;
    return undefined;
  }

  /** Counts a write without a value. See {@link wrote}. */
  countWrite(name: string): string | undefined {
    return counted(this.#at(name));
  }

  /** Records that a write of the run is refused. @returns its number. */
  refused(name: string): number {
    return ++this.#at(name).writes;
  }

  /** Records that other code writes the name, perhaps the same object with other contents. */
  overwritten(name: string): void {
    const reading = this.#names?.get(name);
    if (reading) reading.stale = true;
  }

  /** Returns the value that the run read or wrote last. */
  last(name: string): { readonly value: unknown } | undefined {
    return this.#names?.get(name)?.last;
  }

  /** Returns the names that begin with `prefix` and what the run read or wrote last of each. */
  *within(prefix: string): Iterable<readonly [name: string, value: unknown]> {
    for (const [name, { last }] of this.#names ?? []) if (last && name.startsWith(prefix)) yield [name, last.value];
  }

  /** The values that the run read or wrote last. */
  get values(): Iterable<readonly [name: string, value: unknown]> {
    return [...(this.#names ?? [])].flatMap(([name, { last }]) => (last ? [[name, last.value] as const] : []));
  }

  // ---- in a replay

  /** Adds a recorded read for a replay. */
  restore(name: string, read: RecordedRead): void {
    const reading = this.#at(name);
    reading.recorded ??= [];
    reading.recorded.push(read);
  }

  /** Adds a recorded refusal for a replay. */
  restoreRefusal(name: string, refusal: RecordedRead): void {
    const reading = this.#at(name);
    reading.refused ??= [];
    reading.refused.push(refusal);
  }

  /** Sets the value that the closure of the handler has, and its text before the handler can change it in place. */
  capture(name: string, value: unknown, text: string): void {
    this.#at(name).last = { value, captured: text };
  }

  /** @param revive returns the value of a text, given the previous value. */
  replay(name: string, revive: (text: string, last: LastValue | undefined) => unknown): LastValue | undefined {
    const reading = this.#at(name);
    reading.count++;
    const { recorded = [] } = reading;
    for (let next = recorded[0]; next && next[0] <= reading.count; next = recorded[0]) {
      recorded.shift();
      reading.last = { value: revive(next[1], reading.last) };
    }
    return reading.last;
  }

  /** Records that the run knows another value of the name from now on, given the previous one. */
  learn(name: string, revive: (last: LastValue | undefined) => unknown): void {
    const reading = this.#at(name);
    reading.last = { value: revive(reading.last) };
  }

  /** Ends the replay and drops the recorded reads. */
  pass(): void {
    for (const reading of this.#names?.values() ?? []) {
      delete reading.recorded;
      delete reading.refused;
    }
  }

  /** Forgets all, when the run has ended. */
  forget(): void {
    this.#names = undefined;
  }

  #at(name: string): Reading {
    this.#names ??= new Map();
    let reading = this.#names.get(name);
    if (!reading) this.#names.set(name, (reading = { count: 0, stale: false, writes: 0 }));
    return reading;
  }
}

/** Counts a write. @returns the error with which it was refused before; undefined when it was not. */
function counted(reading: Reading): string | undefined {
  const count = ++reading.writes;
  return reading.refused?.[0]?.[0] === count ? reading.refused.shift()?.[1] : undefined;
}
