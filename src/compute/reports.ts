import type { Clock, Timer } from '../clock/index.ts';
import { Checkpoint, measure, type Observer, taskLimits, tooLarge } from '../tasks/index.ts';

/** Milliseconds between two reports: ten a second are as many as an eye follows. */
const interval = 100;
/** Chunks, or their bytes, that go out before the interval is over. */
const batch = { count: 256, size: 256 * 1024 };
/** Chunks, or their bytes, that wait while the caller has not answered; above it the task waits too. */
const backlog = { count: 2_048, size: 2 * 1024 * 1024 };

/** Gathers what a task yields and tells the observer of it, one report at a time. */
export class Reports {
  readonly #observer: Observer;
  readonly #clock: Clock;
  readonly #gone: () => void;
  #progress: number | undefined;
  #highest = -1;
  #chunks: unknown[] = [];
  #checkpoint: { readonly value: unknown; readonly after: number } | undefined;
  /** Chunks that were sent. */
  #sent = 0;
  #size = 0;
  #timer: Timer;
  #sending: Promise<void> | undefined;

  /** @param gone is called when the caller no longer answers. */
  constructor(observer: Observer, clock: Clock, gone: () => void) {
    this.#observer = observer;
    this.#clock = clock;
    this.#gone = gone;
  }

  /**
   * Takes what a task yielded: a number is progress, clamped to 0..1 and never lower than before; NaN is none. A checkpoint is for the
   * next attempt. Everything else is a chunk.
   * @throws {TypeError} for what cannot be sent; {RangeError} for what is too large to be.
   */
  add(yielded: unknown): void {
    if (typeof yielded === 'number') {
      const progress = Math.min(1, Math.max(0, yielded));
      if (!(progress > this.#highest)) return;
      this.#highest = this.#progress = progress;
    } else if (Checkpoint.is(yielded)) {
      const measured = measure(yielded.value, 'checkpoint');
      if (!measured.ok) throw new TypeError(`What the task hands on cannot be sent: ${measured.problem}.`);
      if (measured.size > taskLimits.message / 2) throw tooLarge('What the task hands on is', measured.size);
      this.#checkpoint = { value: yielded.value, after: this.#chunks.length };
    } else {
      const measured = measure(yielded, 'chunk');
      if (!measured.ok) throw new TypeError(`What the task yields cannot be sent: ${measured.problem}.`);
      if (measured.size > taskLimits.message / 2) throw tooLarge('What the task yields is', measured.size);
      this.#chunks.push(yielded);
      this.#size += measured.size;
      if (this.#isOver(batch) && !this.#sending) {
        this.#send();
        return;
      }
    }
    if (this.#timer === undefined && !this.#sending) this.#arm();
  }

  /** Whether the task is too far ahead of its caller; then it awaits {@link settle}. */
  get full(): boolean {
    return this.#isOver(backlog);
  }

  /** Resolves when the report on its way has been answered. */
  async settle(): Promise<void> {
    await this.#sending;
  }

  /** Sends all that is left and waits for the answer. */
  async flush(): Promise<void> {
    for (;;) {
      await this.#sending;
      if (!this.#sending && !this.#pending) return;
      if (!this.#sending) this.#send();
    }
  }

  /** Forgets what was not sent. */
  drop(): void {
    this.#disarm();
    this.#chunks = [];
    this.#size = 0;
    this.#progress = undefined;
    this.#checkpoint = undefined;
  }

  get #pending(): boolean {
    return this.#progress !== undefined || this.#chunks.length > 0 || this.#checkpoint !== undefined;
  }

  #isOver(bound: { count: number; size: number }): boolean {
    return this.#chunks.length >= bound.count || this.#size >= bound.size;
  }

  #arm(): void {
    this.#timer = this.#clock.after(interval, () => {
      this.#timer = undefined;
      if (!this.#sending && this.#pending) this.#send();
    });
  }

  #disarm(): void {
    if (this.#timer !== undefined) this.#clock.clear(this.#timer);
    this.#timer = undefined;
  }

  #send(): void {
    this.#disarm();
    const progress = this.#progress;
    const checkpoint = this.#checkpoint;
    const report = {
      chunks: this.#chunks,
      from: this.#sent,
      size: this.#size,
      ...(progress !== undefined && { progress }),
      ...(checkpoint && { checkpoint }),
    };
    this.#progress = undefined;
    this.#checkpoint = undefined;
    this.#sent += this.#chunks.length;
    this.#chunks = [];
    this.#size = 0;
    // Starts at once when the observer throws instead of rejecting: the caller is gone either way.
    this.#sending = (async () => this.#observer(report))()
      .catch(this.#gone)
      .then(() => {
        this.#sending = undefined;
        if (this.#isOver(batch)) this.#send();
        else if (this.#pending) this.#arm();
      });
  }
}
