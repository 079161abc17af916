import type { Clock } from '../../clock/index.ts';

/** The parts of a page that this knows. */
export interface InPlaceHost {
  readonly clock: Clock;
  readonly tree: { readonly constructing: boolean };
  readonly handlers: { readonly busy: { readonly size: number } };
  readonly log: { advise(text: string): void };
}

/**
 * Tells an author, in development, of an object that a handler has read and changed in place, which shows and stores nothing. It
 * looks when no handler runs, because one that waits may still assign the object.
 */
export class InPlaceChanges {
  readonly #page: InPlaceHost;
  readonly #read = new Map<object, () => string | undefined>();

  constructor(page: InPlaceHost) {
    this.#page = page;
  }

  /**
   * The running code reads an object.
   *
   * @param changed returns its name, as at the beginning of a sentence, when it differs from what is stored.
   */
  read(value: unknown, changed: () => string | undefined): void {
    const { clock, tree } = this.#page;
    if (typeof value !== 'object' || value === null || tree.constructing) return;
    if (this.#read.size === 0) clock.after(0, () => this.#look());
    this.#read.set(value, changed);
  }

  #look(): void {
    const { handlers, log } = this.#page;
    const all = [...this.#read];
    this.#read.clear();
    if (handlers.busy.size > 0) return;
    for (const [, changed] of all) {
      const what = changed();
      if (what === undefined) continue;
      log.advise(
        `${what} was changed in place by a handler, which shows and stores nothing. Assign a new object, as in ` +
          'list.value = [...list.value, item], or use update.',
      );
    }
  }
}
