import { journal } from '../../tasks/index.ts';

/**
 * The headers of a request as the code of a page reads them. The journal of a handler records each value that it reads, so a
 * replay reads the same without a browser. It records no others, because some are secrets.
 */
export class RecordedHeaders extends Headers {
  override get(name: string): string | null {
    return recordRead(`header ${name.toLowerCase()}`, () => super.get(name));
  }

  override has(name: string): boolean {
    return this.get(name) !== null;
  }

  override keys(): ReturnType<Headers['keys']> {
    return recordRead('headers', () => [...super.keys()]).values();
  }

  override values(): ReturnType<Headers['keys']> {
    return [...this.entries()].map(([, value]) => value).values();
  }

  override entries(): ReturnType<Headers['entries']> {
    return [...this.keys()].map((name): [string, string] => [name, this.get(name) ?? '']).values();
  }

  override [Symbol.iterator](): ReturnType<Headers['entries']> {
    return this.entries();
  }

  override forEach(call: (value: string, name: string, headers: Headers) => void): void {
    for (const [name, value] of this.entries()) call(value, name, this);
  }
}

/** Reads something of a page that differs after a restart. The journal of the running handler records it. */
export function recordRead<T>(name: string, read: () => T): T {
  const running = journal.get();
  return running ? (running.recordRead(`page.${name}`, read) as T) : read();
}
