import type { Browsers } from './browsers.ts';
import type { Connections } from './connections.ts';
import type { Page } from './page/page.ts';
import type { Pages } from './pages.ts';

/** The parts of a session that its renewal knows. */
export interface RenewalHost {
  readonly pages: Pages;
  readonly connections: Connections;
  readonly browsers: Browsers;
  readonly calls: { add(promise: Promise<unknown>, page: string): void };
  /** Tries to commit; see {@link Renewal.committed}. */
  commit(): void;
}

/**
 * Brings the pages in memory to another version of the application, which the author has saved.
 * Jobs, shared values and sockets belong to the session and stay.
 *
 * ```
 *   old page ──commit──► rows ──build──► new page
 *      └── retires ──► times of timers, browsers, then subscriptions ──► has them
 * ```
 */
export class Renewal {
  readonly #session: RenewalHost;
  /** Pages of the earlier version that wait for the commit of their changes. */
  readonly #waiting = new Set<Page>();

  constructor(session: RenewalHost) {
    this.#session = session;
  }

  /** Begins, at once for pages without a change that cannot be committed. */
  start(): void {
    const { pages, connections, browsers } = this.#session;
    const held = new Set([...connections].filter((connection) => connection.held).map(({ page }) => page));
    for (const page of pages.values()) this.#waiting.add(page);
    this.#session.commit();
    // Because the save may have mended them.
    for (const page of held) browsers.buildAgain(page);
  }

  /** Replaces the pages whose changes are in their rows. Call it after each commit. */
  committed(): void {
    for (const page of this.#waiting) {
      if (page.dirty) continue;
      this.#waiting.delete(page);
      if (this.#session.pages.get(page.id) === page) this.#replace(page);
    }
  }

  #replace(page: Page): void {
    const { pages, browsers, calls } = this.#session;
    const { times } = page.timers;
    browsers.detach(page);
    const unsubscribe = page.retire();
    const next = pages.replace(page);
    if (!next) browsers.gone(page.id);
    const taken = next ? this.#takeOver(next, times) : Promise.resolve();
    calls.add(taken.finally(unsubscribe), page.id);
  }

  /** Gives the new page what the old one had in memory, once it is built. */
  async #takeOver(next: Page, times: ReadonlyMap<string, number>): Promise<void> {
    const page = await this.#session.pages.built(next);
    page.timers.inherit(times);
    await this.#session.browsers.attach(page);
  }
}
