import type { Store } from '../../storage/index.ts';
import { sharedLimits } from '../limits.ts';
import type { Snapshot, Tail } from '../protocol.ts';
import type { Share } from './share.ts';

/**
 * The shared values that a session stores for its hibernation, so that its pages are rebuilt unchanged. The row `value.NAME` has
 * the version and the value, `output.NAME` the chunks of a job.
 */
export class HibernationCache {
  readonly #page: string;
  readonly #values = new Map<string, Snapshot>();
  readonly #outputs = new Map<string, Tail>();
  readonly #waiting = new Set<Share>();

  /** @param page the store's page for the rows. */
  constructor(page: string) {
    this.#page = page;
  }

  /** True when a row waits for its commit. */
  get dirty(): boolean {
    return this.#waiting.size > 0;
  }

  /** The names that pages have used, also when a value was too large to store. */
  get names(): Iterable<string> {
    return this.#values.keys();
  }

  /** Restores a row of this cache. */
  read(key: string, row: string): void {
    const name = key.slice(key.indexOf('.') + 1);
    if (key.startsWith('value.')) this.#values.set(name, snapshotOf(row));
    else if (key.startsWith('output.')) this.#outputs.set(name, tailOf(row));
  }

  value(name: string): Snapshot | undefined {
    return this.#values.get(name);
  }

  output(name: string): Tail | undefined {
    return this.#outputs.get(name);
  }

  /** Stores the value that a page at rest shows. */
  rest(share: Share): void {
    const { name, version, following } = share;
    const value = this.#values.get(name);
    const output = this.#outputs.get(name);
    const more =
      following && following.output.lacks(output?.job ?? '', output ? output.first + output.texts.length : 0);
    if (!value || version > value.version || more) this.#waiting.add(share);
  }

  /** @param used returns true for names that the session uses now. */
  persist(store: Store, used: (name: string) => boolean): void {
    for (const name of this.#values.keys()) {
      if (this.#values.size <= sharedLimits.names) break;
      if (used(name)) continue;
      this.#values.delete(name);
      this.#outputs.delete(name);
      store.deleteCell(this.#page, `value.${name}`);
      store.deleteCell(this.#page, `output.${name}`);
    }
    for (const { name, version, text, items, following } of this.#waiting) {
      // The name of a too large value remains, because pages use it.
      const large = items ? items.large : (text?.length ?? 0) > sharedLimits.stored;
      store.writeCell(this.#page, `value.${name}`, large ? '0 ' : `${version} ${items?.text ?? text ?? ''}`);
      if (!following) continue;
      const { size, first, job } = following.output;
      const { texts } = following.output.since('', 0);
      if (size > sharedLimits.stored) store.deleteCell(this.#page, `output.${name}`);
      else store.writeCell(this.#page, `output.${name}`, `${job} ${first} ${JSON.stringify(texts)}`);
    }
  }

  /** Called after the transaction has succeeded. */
  persisted(): void {
    for (const { name, version, text, items, following } of this.#waiting) {
      this.#values.set(name, items?.large ? { version: 0, text: null } : { version, text: items?.text ?? text });
      if (following) this.#outputs.set(name, following.output.since('', 0));
    }
    this.#waiting.clear();
  }
}

/** Parses a row: the version, then optionally a blank and the value. */
function snapshotOf(row: string): Snapshot {
  const [version = '', text] = split(row);
  return { version: Number(version), text: text || null };
}

function tailOf(row: string): Tail {
  const [job = '', rest = ''] = split(row);
  const [first = '', texts = ''] = split(rest);
  return { job, first: Number(first), texts: JSON.parse(texts) as string[] };
}

/** Splits a text at its first blank. */
function split(text: string): [string, string] {
  const blank = text.indexOf(' ');
  return [text.slice(0, blank), text.slice(blank + 1)];
}
