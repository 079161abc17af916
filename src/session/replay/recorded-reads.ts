import { type SettledResult, toError, toRejected } from '../../rpc/index.ts';
import { decode, encode } from '../../storage/index.ts';

/** A value that was read, as text, and at which read of its name it was new. */
type Read = readonly [at: number, text: string];

/** The reads as they are kept, by their names. */
export type RecordedReadsRecord = Readonly<Record<string, readonly Read[]>>;

/** What a run has read of things that it cannot write, such as how a job stands: a replay reads the same. */
export class RecordedReads {
  readonly #told = new Map<string, { count: number; readonly reads: Read[] }>();

  constructor(record: RecordedReadsRecord = {}) {
    for (const [name, reads] of Object.entries(record)) this.#told.set(name, { count: 0, reads: [...reads] });
  }

  serialize(): RecordedReadsRecord {
    return Object.fromEntries([...this.#told].map(([name, { reads }]) => [name, reads]));
  }

  /** Notes a read. @returns true when it gave something else than the one before. */
  record(name: string, value: unknown): boolean {
    const told = this.#at(name);
    told.count++;
    const text = packed(value);
    if (text === undefined || told.reads.at(-1)?.[1] === text) return false;
    told.reads.push([told.count, text]);
    return true;
  }

  /** Reads again. @returns undefined when it was not read so far. */
  next(name: string): { readonly value: unknown } | undefined {
    this.#at(name).count++;
    return this.last(name);
  }

  /** What the last read gave. */
  last(name: string): { readonly value: unknown } | undefined {
    const told = this.#told.get(name);
    const read = told?.reads.findLast(([at]) => at <= told.count);
    return read && { value: unpacked(read[1]) };
  }

  #at(name: string): { count: number; readonly reads: Read[] } {
    let told = this.#told.get(name);
    if (!told) this.#told.set(name, (told = { count: 0, reads: [] }));
    return told;
  }
}

/** Undefined for what cannot be kept. An error keeps its class. */
function packed(value: unknown): string | undefined {
  try {
    return encode(value instanceof Error ? { thrown: toRejected(value) } : { value }, 'A value');
  } catch {
    return undefined;
  }
}

function unpacked(text: string): unknown {
  const { thrown, value } = decode(text) as { readonly thrown?: SettledResult; readonly value?: unknown };
  return thrown && !thrown.ok ? toError(thrown) : value;
}
