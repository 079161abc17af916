import { backoff, type Clock, type Timer } from '../clock/index.ts';
import type { DueRow, Store } from '../storage/index.ts';

/** Milliseconds until a page is retried that a browser waits for. */
const pauses = { first: 500, most: 30_000 };
/** The same for a page without a browser, when the alarm rings for it. */
const alarmPauses = { first: 5_000, most: 3_600_000 };
/** Begins the key of the due row that counts the failed builds in a row. */
export const buildDue = 'build.';

/**
 * Schedules retries of pages whose function failed. The rows of the page stay unchanged meanwhile.
 *
 * ```
 *   a browser waits ──► a timer in memory, which keeps the object awake
 *   nobody does     ──► the due row that rang is put off; `build.N` counts, also through sleeps of the object
 * ```
 */
export class BuildRetry {
  readonly #clock: Clock;
  readonly #store: Store;
  readonly #retry: (page: string) => void;
  readonly #waiting = new Map<string, { failures: number; timer: Timer | undefined; notice: string }>();

  /** @param retry builds the page again. */
  constructor(clock: Clock, store: Store, retry: (page: string) => void) {
    this.#clock = clock;
    this.#store = store;
    this.#retry = retry;
  }

  /** The number of pages that browsers wait for. */
  get size(): number {
    return this.#waiting.size;
  }

  /** True while a page waits for its next try. */
  waits(page: string): boolean {
    return this.#waiting.get(page)?.timer !== undefined;
  }

  /** The notice for browsers that wait for a page. */
  notice(page: string): string {
    return this.#waiting.get(page)?.notice ?? '';
  }

  /** Adds a browser that waits for a page which could not be built. */
  soon(page: string, notice: string): void {
    const waiting = this.#waiting.get(page) ?? { failures: 0, timer: undefined, notice };
    waiting.notice = notice;
    if (waiting.timer !== undefined) return;
    this.#waiting.set(page, waiting);
    // Jittered, because builds may have failed in many sessions at once.
    const pause = backoff(++waiting.failures, pauses) * (0.5 + this.#clock.random() / 2);
    waiting.timer = this.#clock.after(pause, () => {
      waiting.timer = undefined;
      this.#retry(page);
    });
  }

  /** Delays a page without a browser that could not be built, longer after each failure. */
  later(page: string): void {
    const counter = this.#counter(page);
    const failures = 1 + Number(counter?.key.slice(buildDue.length) ?? 0);
    const at = this.#clock.now() + backoff(failures, alarmPauses);
    this.#store.transaction(() => {
      if (counter) this.#store.deleteDue(page, counter.key);
      this.#store.writeDue({ page, key: `${buildDue}${failures}`, at });
    });
  }

  /** True while a page is delayed because its build failed. */
  rests(page: string): boolean {
    return this.waits(page) || (this.#counter(page)?.at ?? 0) > this.#clock.now();
  }

  /** Delays a due row of a page that is delayed itself. */
  putOff(row: DueRow): void {
    const counter = this.#counter(row.page);
    // Because an earlier version used another name for the counter.
    if (row.key.startsWith(buildDue) && row.key !== counter?.key) return;
    const next = this.#clock.now() + alarmPauses.first;
    this.#store.writeDue({ ...row, at: Math.max(counter?.at ?? 0, next) });
  }

  #counter(page: string): DueRow | undefined {
    return this.#store.due().find((row) => row.page === page && row.key.startsWith(buildDue));
  }

  /** Ends the retries of a page: it is built, or no browser waits for it. */
  clear(page: string): void {
    const timer = this.#waiting.get(page)?.timer;
    if (timer !== undefined) this.#clock.clear(timer);
    this.#waiting.delete(page);
  }

  /** Stops all retries. */
  end(): void {
    for (const page of [...this.#waiting.keys()]) this.clear(page);
  }
}
