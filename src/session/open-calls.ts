import type { SessionHost } from './host.ts';

/** The promises that prevent hibernation, counted for each page that waits for them. */
export class OpenCalls {
  readonly #host: Pick<SessionHost, 'keepAlive'>;
  readonly #counts = new Map<string, number>();
  #count = 0;

  constructor(host: Pick<SessionHost, 'keepAlive'>) {
    this.#host = host;
  }

  /** The number of open calls, also those that no handler awaits. */
  get count(): number {
    return this.#count;
  }

  /** True while the page has an open call. */
  of(page: string): boolean {
    return this.#counts.has(page);
  }

  /**
   * Prevents hibernation until the promise settles.
   *
   * @param page the id of the page whose code made the call; '' for the session's own.
   */
  add(promise: Promise<unknown>, page: string): void {
    const ended = this.open(page);
    promise.then(ended, ended);
    this.#host.keepAlive(promise);
  }

  /** Counts a call that retains the object itself, until the returned function is called. */
  open(page: string): () => void {
    this.#count++;
    this.#counts.set(page, (this.#counts.get(page) ?? 0) + 1);
    return () => {
      this.#count--;
      const left = (this.#counts.get(page) ?? 0) - 1;
      if (left > 0) this.#counts.set(page, left);
      else this.#counts.delete(page);
    };
  }
}
