import type { Clock } from '../../clock/index.ts';
import type { Items } from '../../collection/index.ts';
import { isSameText } from '../../storage/index.ts';
import { textOf } from '../replay/recorded-values.ts';

/** The parts of a page that this knows. */
export interface InPlaceHost {
  readonly clock: Clock;
  readonly handlers: { readonly busy: { readonly size: number } };
  readonly log: { advise(text: string): void };
  readonly record: { readonly ended: boolean };
}

/** Most objects that are looked at, most characters of one, and most items of a list: more would take long after each turn. */
const limits = { objects: 1_000, characters: 100_000, items: 1_000 };

/**
 * Tells an author, in development, of an object that a handler has changed in place, which shows and stores nothing. It looks when
 * no handler runs, because one that waits may still assign the object.
 */
export class InPlaceChanges {
  readonly #page: InPlaceHost;
  /** What was read, with the text that it had first and a function that returns advice when that differs. */
  readonly #read = new Map<object, { readonly first: string; readonly changed: () => string | undefined }>();
  #waits = false;

  constructor(page: InPlaceHost) {
    this.#page = page;
  }

  /**
   * Code of the author reads an object.
   *
   * @param what its name for the author, as at the beginning of a sentence.
   * @param stored returns the present object and its text.
   */
  read(what: string, value: unknown, stored: () => readonly [value: unknown, text: string | undefined]): void {
    if (typeof value !== 'object' || value === null) return;
    const first = this.#read.get(value)?.first ?? stored()[1] ?? textOf(value);
    if (first === undefined || first.length > limits.characters) return;
    this.#watch(value, first, () => {
      const [present, text = first] = stored();
      return present === value && !isSameText(textOf(value), text) ? inPlace(what) : undefined;
    });
  }

  /** See {@link PageHost.readNothing}. */
  readNothing(what: string, first: unknown, compute: () => unknown): (() => void) | undefined {
    const before = textOf(first);
    if (before === undefined || before.length > limits.characters) return undefined;
    const key = {};
    this.#watch(key, before, () => {
      try {
        const value = compute();
        if (value === undefined || textOf(value) === before) return undefined;
      } catch {
        return undefined;
      }
      return `${what} follows no state, so the page does not notice that it has changed. Keep what changes in a ui.state or a ui.list.`;
    });
    return () => this.#read.delete(key);
  }

  /** Code of the author reads items. */
  readItems(items: { readonly what: string; readonly live: Items }): void {
    this.#watch(items, '', () => {
      const { live, what } = items;
      if (live.count > limits.items) return undefined;
      const changed = live.all.some(({ value, text }) => typeof value === 'object' && textOf(value) !== text);
      return changed ? inPlace(`An item of ${what}`) : undefined;
    });
  }

  #watch(value: object, first: string, changed: () => string | undefined): void {
    // What was read last comes last, and what was read long ago goes first.
    this.#read.delete(value);
    this.#read.set(value, { first, changed });
    if (this.#read.size > limits.objects) for (const [oldest] of this.#read) return void this.#read.delete(oldest);
  }

  /** Code of the author has run. */
  ran(): void {
    if (this.#waits || this.#read.size === 0) return;
    this.#waits = true;
    this.#page.clock.after(0, () => {
      this.#waits = false;
      const { handlers, log, record } = this.#page;
      if (handlers.busy.size > 0 || record.ended) return;
      for (const [value, { changed }] of this.#read) {
        const advice = changed();
        if (advice === undefined) continue;
        this.#read.delete(value);
        log.advise(advice);
      }
    });
  }
}

function inPlace(what: string): string {
  return (
    `${what} was changed in place by a handler, which shows and stores nothing. Assign a new object, as in ` +
    'list.value = [...list.value, item], or use update.'
  );
}
