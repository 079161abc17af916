import type { StopSignal } from '../rpc/index.ts';

/** A number of places that are taken and given back, first come, first served. */
export class Semaphore {
  readonly #limit: number;
  readonly #waitingLimit: number;
  /** Who waits, in order, and how each is told where it stands. */
  readonly #waiting = new Map<() => void, (position: number) => void>();
  #taken = 0;

  constructor(limit: number, waitingLimit: number) {
    this.#limit = limit;
    this.#waitingLimit = waitingLimit;
  }

  /** Takes a place when one is free and nobody waits. Whoever took one gives it back once. */
  tryAcquire(): boolean {
    if (this.#taken >= this.#limit) return false;
    this.#taken++;
    return true;
  }

  /**
   * Takes a place as soon as one is free.
   *
   * @param moved hears of the place in line, from 1, whenever it changes.
   * @throws {RangeError} when too many wait already.
   * @throws the reason of `stop`, having taken nothing.
   */
  async acquire(stop: StopSignal, moved: (position: number) => void = () => {}): Promise<void> {
    if (stop.reason) throw stop.reason;
    if (this.tryAcquire()) return;
    if (this.#waiting.size >= this.#waitingLimit) {
      throw new RangeError(
        `${this.#waitingLimit} calls of this session wait for one of ${this.#limit} places already. ` +
          'Await some of them before starting more, or put the loop into one task.',
      );
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const leave = () => {
      this.#waiting.delete(resolve);
      this.#tell();
      reject(stop.reason);
    };
    this.#waiting.set(resolve, moved);
    moved(this.#waiting.size);
    stop.on(leave);
    try {
      await promise;
    } finally {
      stop.off(leave);
    }
  }

  /** Hands the place to whoever waits longest. */
  release(): void {
    for (const next of this.#waiting.keys()) {
      this.#waiting.delete(next);
      this.#tell();
      next();
      return;
    }
    this.#taken--;
  }

  #tell(): void {
    let position = 0;
    for (const moved of this.#waiting.values()) moved(++position);
  }
}
