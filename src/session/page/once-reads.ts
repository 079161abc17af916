import { isReadOnce } from '../../reactive/index.ts';

/** The parts of a page that this knows. */
export interface OnceReadsHost {
  readonly tree: { readonly constructing: boolean };
  readonly log: { advise(text: string): void };
}

/**
 * Tells an author, in development, of what has changed since a page function or a part has read it. What was made of it there stays
 * as it is, which looks like a fault of the framework.
 */
export class OnceReads {
  readonly #page: OnceReadsHost;
  readonly #read = new Set<string>();

  constructor(page: OnceReadsHost) {
    this.#page = page;
  }

  /** The running code reads something. @param what its name for the author, as at the beginning of a sentence. */
  read(what: string): void {
    if (isReadOnce()) this.#read.add(what);
  }

  /** It changes. What a builder itself sets says nothing. */
  changed(what: string): void {
    if (this.#page.tree.constructing || !this.#read.delete(what)) return;
    this.#page.log.advise(
      `${what} has changed. The page has read it once, so what it made of it stays as it is. ` +
        'To follow it, read it in a function: ui.label(() => count.value).',
    );
  }
}
