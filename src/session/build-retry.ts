import type { Clock, Timer } from '../clock/index.ts';
import type { DueRow, Store } from '../storage/index.ts';

/** Milliseconds to the next try of a page that a browser waits for; doubles up to the second number. */
const pauses = [500, 30_000] as const;
/** The same for a page that nobody watches, when the alarm rings for something in it. */
const alarmPauses = [5_000, 3_600_000] as const;
/** Begins the key of the due row that counts how often in a row the alarm could not build a page. */
export const buildDue = 'build.';

/**
 * Says when a page whose function failed is tried again. Nothing that is stored of the page changes meanwhile.
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

  /** Number of pages that browsers wait for. */
  get size(): number {
    return this.#waiting.size;
  }

  /** True while a page waits for its next try. */
  waits(page: string): boolean {
    return this.#waiting.get(page)?.timer !== undefined;
  }

  /** What browsers show that wait for a page. */
  notice(page: string): string {
    return this.#waiting.get(page)?.notice ?? '';
  }

  /** A browser waits for a page that could not be built, and shows a notice. */
  soon(page: string, notice: string): void {
    const waiting = this.#waiting.get(page) ?? { failures: 0, timer: undefined, notice };
    waiting.notice = notice;
    if (waiting.timer !== undefined) return;
    this.#waiting.set(page, waiting);
    // Between a half and the whole of it, because what failed may have failed for many sessions at once.
    const pause = pauseAfter(++waiting.failures, pauses) * (0.5 + this.#clock.random() / 2);
    waiting.timer = this.#clock.after(pause, () => {
      waiting.timer = undefined;
      this.#retry(page);
    });
  }

  /** A page could not be built that no browser waits for: it is left alone until a time, later after each failure. */
  later(page: string): void {
    const counter = this.#counter(page);
    const failures = 1 + Number(counter?.key.slice(buildDue.length) ?? 0);
    const at = this.#clock.now() + pauseAfter(failures, alarmPauses);
    this.#store.transaction(() => {
      if (counter) this.#store.deleteDue(page, counter.key);
      this.#store.writeDue({ page, key: `${buildDue}${failures}`, at });
    });
  }

  /** True while a page is left alone because it could not be built. */
  rests(page: string): boolean {
    return this.waits(page) || (this.#counter(page)?.at ?? 0) > this.#clock.now();
  }

  /** The alarm rang for a page that is left alone: its row waits with it. */
  putOff(row: DueRow): void {
    const counter = this.#counter(row.page);
    // The counter has another name since.
    if (row.key.startsWith(buildDue) && row.key !== counter?.key) return;
    const next = this.#clock.now() + alarmPauses[0];
    this.#store.writeDue({ ...row, at: Math.max(counter?.at ?? 0, next) });
  }

  #counter(page: string): DueRow | undefined {
    return this.#store.due().find((row) => row.page === page && row.key.startsWith(buildDue));
  }

  /** The page is built, or no browser waits for it any more. */
  clear(page: string): void {
    const timer = this.#waiting.get(page)?.timer;
    if (timer !== undefined) this.#clock.clear(timer);
    this.#waiting.delete(page);
  }

  /** Tries nothing any more. */
  end(): void {
    for (const page of [...this.#waiting.keys()]) this.clear(page);
  }
}

function pauseAfter(failures: number, [first, longest]: readonly [number, number]): number {
  return Math.min(longest, first * 2 ** Math.min(failures - 1, 30));
}
