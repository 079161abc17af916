/** A recorded value, as text, and the number of the read that returned it first. */
export type RecordedRead = readonly [at: number, text: string];

interface Reading {
  /** The number of reads of this name. */
  count: number;
  /** The text that the run read or wrote last. */
  last?: { readonly value: unknown };
  /** The recorded reads that a replay returns. */
  readonly recorded: RecordedRead[];
}

/**
 * The reads of a run by name: cells of its page and signals of its jobs. It records a read only
 * when the value differs from the last one that the run read or wrote. So a replay reads the same
 * values.
 */
export class RecordedReads {
  readonly #names = new Map<string, Reading>();

  /**
   * Records a read.
   * @returns the number of the read when the value is new to the run, otherwise undefined.
   */
  record(name: string, value: unknown): number | undefined {
    const reading = this.#at(name);
    reading.count++;
    if (reading.last && Object.is(reading.last.value, value)) return undefined;
    reading.last = { value };
    return reading.count;
  }

  /** Records that the run writes the name. */
  wrote(name: string, value: unknown): void {
    this.#at(name).last = { value };
  }

  /** Returns the value that the run read or wrote last. */
  last(name: string): { readonly value: unknown } | undefined {
    return this.#names.get(name)?.last;
  }

  // ---- in a replay

  /** Adds a recorded read for a replay. */
  restore(name: string, read: RecordedRead): void {
    this.#at(name).recorded.push(read);
  }

  /** @param revive returns the value of a text, given the previous value. */
  replay(name: string, revive: (text: string, last: unknown) => unknown): { readonly value: unknown } | undefined {
    const reading = this.#at(name);
    reading.count++;
    for (let next = reading.recorded[0]; next && next[0] <= reading.count; next = reading.recorded[0]) {
      reading.recorded.shift();
      reading.last = { value: revive(next[1], reading.last?.value) };
    }
    return reading.last;
  }

  /** Ends the replay and drops the recorded reads. */
  pass(): void {
    for (const { recorded } of this.#names.values()) recorded.length = 0;
  }

  #at(name: string): Reading {
    let reading = this.#names.get(name);
    if (!reading) this.#names.set(name, (reading = { count: 0, recorded: [] }));
    return reading;
  }
}
