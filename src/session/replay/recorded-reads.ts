/** A value that was read, as text, and at which read of its name it was new. */
export type RecordedRead = readonly [at: number, text: string];

interface Reading {
  /** How often the run has read the name. */
  count: number;
  /** What the run knows: what it read or wrote last. */
  last?: { readonly value: unknown };
  /** What a replay is to read. */
  readonly recorded: RecordedRead[];
}

/**
 * What a run has read, by names: cells of its page, signals of its jobs. A read is recorded when it gives something else than the
 * run knows, so a replay reads the same, whoever changed the value and whenever.
 */
export class RecordedReads {
  readonly #names = new Map<string, Reading>();

  /** @returns which read of the name this is when the value is new to the run, otherwise undefined. */
  record(name: string, value: unknown): number | undefined {
    const reading = this.#at(name);
    reading.count++;
    if (reading.last && Object.is(reading.last.value, value)) return undefined;
    reading.last = { value };
    return reading.count;
  }

  /** The run writes the name, and so knows its value. */
  wrote(name: string, value: unknown): void {
    this.#at(name).last = { value };
  }

  /** What the run knows of the name without another read. */
  last(name: string): { readonly value: unknown } | undefined {
    return this.#names.get(name)?.last;
  }

  // ---- in a replay

  /** Adds what a replay is to read. */
  restore(name: string, read: RecordedRead): void {
    this.#at(name).recorded.push(read);
  }

  /** @param revive makes the value of a text, given what the run knew until then. */
  replay(name: string, revive: (text: string, last: unknown) => unknown): { readonly value: unknown } | undefined {
    const reading = this.#at(name);
    reading.count++;
    for (let next = reading.recorded[0]; next && next[0] <= reading.count; next = reading.recorded[0]) {
      reading.recorded.shift();
      reading.last = { value: revive(next[1], reading.last?.value) };
    }
    return reading.last;
  }

  /** The replay is over. */
  pass(): void {
    for (const { recorded } of this.#names.values()) recorded.length = 0;
  }

  #at(name: string): Reading {
    let reading = this.#names.get(name);
    if (!reading) this.#names.set(name, (reading = { count: 0, recorded: [] }));
    return reading;
  }
}
