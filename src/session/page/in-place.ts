import type { Clock } from '../../clock/index.ts';

/** The parts of a page that this knows. */
export interface InPlaceHost {
  readonly clock: Clock;
  readonly handlers: { readonly busy: { readonly size: number } };
  readonly log: { advise(text: string): void };
}

/** Most objects that are looked at, and most characters of one: more would take long after each turn. */
const limits = { objects: 1_000, characters: 100_000 };

/**
 * Tells an author, in development, of an object that a handler has changed in place, which shows and stores nothing. It looks when
 * no handler runs, because one that waits may still assign the object.
 */
export class InPlaceChanges {
  readonly #page: InPlaceHost;
  readonly #read = new Map<object, () => string | undefined>();
  #waits = false;

  constructor(page: InPlaceHost) {
    this.#page = page;
  }

  /**
   * Code of the author reads an object.
   *
   * @param text what is stored of it.
   * @param changed returns its name, as at the beginning of a sentence, when it differs from what is stored.
   */
  read(value: unknown, text: string | undefined, changed: () => string | undefined): void {
    if (typeof value !== 'object' || value === null || (text?.length ?? 0) > limits.characters) return;
    // What was read last comes last, and what was read long ago goes first.
    this.#read.delete(value);
    this.#read.set(value, changed);
    if (this.#read.size > limits.objects) for (const [oldest] of this.#read) return void this.#read.delete(oldest);
  }

  /** Code of the author has run. */
  ran(): void {
    if (this.#waits || this.#read.size === 0) return;
    this.#waits = true;
    this.#page.clock.after(0, () => {
      this.#waits = false;
      const { handlers, log } = this.#page;
      if (handlers.busy.size > 0) return;
      for (const [value, changed] of this.#read) {
        const what = changed();
        if (what === undefined) continue;
        this.#read.delete(value);
        log.advise(
          `${what} was changed in place by a handler, which shows and stores nothing. Assign a new object, as in ` +
            'list.value = [...list.value, item], or use update.',
        );
      }
    });
  }
}
