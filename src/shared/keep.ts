import type { Clock, Timer } from '../clock/index.ts';
import type { CellRow, Store } from '../storage/index.ts';

/** What the rows of a shared object need of it. */
export interface KeepHost {
  readonly clock: Clock;
  readonly store: Store;
  alarm(at: number | null): void;
  /** The jobs, whose rows belong to the same commits. */
  jobs(): { readonly dirty: boolean; persist(store: Store): void; persisted(): void } | undefined;
  /** A commit is about to be made: the last moment to add to it. */
  before(): void;
  /** Nothing waits any more. */
  committed(): void;
  failed(error: unknown): void;
}

/** The cells of a shared object, all under one page: `value`, `lease.WHO`, `write.ID`. */
const page = 'shared';
const retryAfter = 1_000;

/** What outlives a shared object: cells and what is due. All that waits is written in one transaction; one alarm serves all that is due. */
export class Keep {
  readonly #host: KeepHost;
  readonly #cells = new Map<string, string | null>();
  readonly #due = new Map<string, number | null>();
  #timer: Timer | undefined;
  #timerAt = 0;
  #alarmAt: number | null | undefined;
  #ended = false;

  constructor(host: KeepHost) {
    this.#host = host;
  }

  /** True while something waits to be written. */
  get waits(): boolean {
    return this.#cells.size > 0 || this.#due.size > 0;
  }

  /** True while a commit is about to be made. */
  get busy(): boolean {
    return this.#timer !== undefined;
  }

  read(): CellRow[] {
    return this.#host.store.cells(page);
  }

  isDue(key: string): boolean {
    return this.#host.store.due().some((row) => row.key === key);
  }

  /** @param value null deletes the cell. */
  cell(key: string, value: string | null): void {
    this.#cells.set(key, value);
  }

  /** @param at when the alarm is to ring for it, in milliseconds since the epoch; null for never. */
  due(key: string, at: number | null): void {
    this.#due.set(key, at);
  }

  /** The alarm rang: gives the keys of what was due, which is so no more. */
  rang(): string[] {
    this.#alarmAt = undefined;
    const keys = this.#host.store.due(this.#host.clock.now()).map((row) => row.key);
    for (const key of keys) this.#due.set(key, null);
    return keys;
  }

  /** Commits in so many milliseconds, or sooner when that was asked for before. */
  commitIn(ms: number): void {
    if (this.#ended) return;
    const { clock } = this.#host;
    const at = clock.now() + ms;
    if (this.#timer !== undefined) {
      if (at >= this.#timerAt) return;
      clock.clear(this.#timer);
    }
    this.#timerAt = at;
    this.#timer = clock.after(ms, () => {
      this.#timer = undefined;
      try {
        this.commit();
      } catch (error) {
        this.#host.failed(error);
        this.commitIn(retryAfter);
      }
    });
  }

  /** @throws what the store throws; what waited then still waits. */
  commit(): void {
    const { store, clock } = this.#host;
    if (this.#timer !== undefined) clock.clear(this.#timer);
    this.#timer = undefined;
    this.#host.before();
    const jobs = this.#host.jobs();
    if (this.waits || jobs?.dirty) {
      store.transaction(() => {
        for (const [key, value] of this.#cells) {
          if (value === null) store.deleteCell(page, key);
          else store.writeCell(page, key, value);
        }
        jobs?.persist(store);
        for (const [key, at] of this.#due) {
          if (at === null) store.deleteDue('', key);
          else store.writeDue({ page: '', key, at });
        }
      });
      this.#cells.clear();
      this.#due.clear();
      this.#setAlarm();
      jobs?.persisted();
    }
    this.#host.committed();
  }

  /** Stops without a word. */
  abandon(): void {
    this.#ended = true;
    if (this.#timer !== undefined) this.#host.clock.clear(this.#timer);
  }

  #setAlarm(): void {
    const at = this.#host.store.due()[0]?.at ?? null;
    if (at === this.#alarmAt) return;
    this.#alarmAt = at;
    this.#host.alarm(at);
  }
}
