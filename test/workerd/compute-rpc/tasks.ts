// The tasks of compute-rpc.test.ts; they run in a compute Worker of their own.

export function noop(): number {
  return 1;
}

export function echo(value: unknown): unknown {
  return value;
}

export interface Exotic {
  map: Map<string, Set<bigint>>;
  date: Date;
  bytes: Float64Array;
  nothing: undefined;
}

export function exotic(value: Exotic): Exotic {
  return value;
}

export async function later(ms: number): Promise<string> {
  await new Promise((resolve) => setTimeout(resolve, ms));
  return 'later';
}

export function* sum(units: number): Generator<number | string, number> {
  let total = 0;
  for (let unit = 0; unit < units; unit++) {
    for (let i = 0; i < 200_000; i++) total += i % 10;
    if (unit % 100 === 0) yield `unit ${unit}`;
    yield unit / units;
  }
  return total;
}

/** What a run of {@link endless} left behind. The module lives as long as the isolate, so a later call can ask. */
const marks: string[] = [];

export function* endless(mark: string): Generator<number, never> {
  marks.push(`${mark} began`);
  try {
    for (let i = 1; ; i++) {
      for (let j = 0; j < 10_000; j++);
      yield 1 - 1 / i;
    }
  } finally {
    marks.push(`${mark} closed`);
  }
}

/** Says what comes, and then holds the thread; each of the numbers is when a step had ended. */
export function* phases(): Generator<string | { readonly computed: number }, string> {
  for (const phase of ['reading', 'converting', 'writing']) {
    yield phase;
    yield `${phase} now`;
    for (const end = Date.now() + 500; Date.now() < end; );
    yield { computed: Date.now() };
  }
  return 'end';
}

export async function* lines(count: number, pause: number): AsyncGenerator<string, number> {
  for (let i = 0; i < count; i++) {
    yield `line ${i}`;
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
  return count;
}

export function readMarks(): string[] {
  return marks;
}

export function never(): Promise<never> {
  return new Promise(() => {});
}

class ParseError extends Error {
  override readonly name = 'ParseError';
  readonly line = 7;
  readonly context = { file: 'a.txt', seen: new Set([1]) };
  readonly parser = () => {};
}

export function parse(): never {
  const cause = new TypeError('unexpected end', { cause: { code: 42 } });
  throw new ParseError('cannot parse a.txt', { cause });
}

export function uncloneable(): unknown {
  return { rows: [{}, { onClick: () => {} }] };
}

export function large(bytes: number): Uint8Array {
  return new Uint8Array(bytes);
}
