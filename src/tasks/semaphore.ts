import type { StopSignal } from '../rpc/index.ts';

/** A counting semaphore that serves its waiters in order. */
export class Semaphore {
  readonly #limit: number;
  readonly #waitingLimit: number;
  /** The waiters in order, each with the callback for its position. */
  readonly #waiting = new Map<() => void, (position: number) => void>();
  #taken = 0;

  constructor(limit: number, waitingLimit: number) {
    this.#limit = limit;
    this.#waitingLimit = waitingLimit;
  }

  /** Acquires a place if one is free and nobody waits. The holder releases it once. */
  tryAcquire(): boolean {
    if (this.#taken >= this.#limit) return false;
    this.#taken++;
    return true;
  }

  /**
   * Acquires a place, and waits for one if necessary.
   *
   * @param moved called with the position in the queue, from 1, on each change.
   * @throws {RangeError} when too many calls wait already.
   * @throws the reason of `stop`, without a place.
   */
  async acquire(stop: StopSignal, moved: (position: number) => void = () => {}): Promise<void> {
    if (stop.reason) throw stop.reason;
    if (this.tryAcquire()) return;
    if (this.#waiting.size >= this.#waitingLimit) {
      throw new RangeError(
        `${this.#waitingLimit} calls of this session already wait for one of ${this.#limit} places, the most that may wait. ` +
          'Await some of them before starting more, or put the loop into one task.',
      );
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const leave = () => {
      this.#waiting.delete(resolve);
      this.#notify();
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

  /** Releases a place, and gives it to the longest waiter. */
  release(): void {
    for (const next of this.#waiting.keys()) {
      this.#waiting.delete(next);
      this.#notify();
      next();
      return;
    }
    this.#taken--;
  }

  #notify(): void {
    let position = 0;
    for (const moved of this.#waiting.values()) moved(++position);
  }
}
