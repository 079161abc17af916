import type { Clock, Timer } from '../clock/index.ts';
import { Checkpoint, checkCloneable, type Observer, taskLimits, tooLarge } from '../rpc/index.ts';

/** Milliseconds between two reports: ten a second are as many as an eye follows. */
const interval = 100;
/** Milliseconds between two reports of a task that yields nothing new: it is alive, and hears there whether it is still wanted. */
const sign = 1_000;
/** Chunks, or their bytes, that go out before the interval is over: more than ten thousand a second, of usual length, still fit into it. */
const batch = { count: 1_536, size: 256 * 1024 };
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
  /** True when the task has yielded since the last report. */
  #alive = false;
  #timer: Timer;
  /** True when the timer is that of a mere sign of life. */
  #slow = false;
  #sending: Promise<void> | undefined;

  /** @param gone is called when the caller no longer answers. */
  constructor(observer: Observer, clock: Clock, gone: () => void) {
    this.#observer = observer;
    this.#clock = clock;
    this.#gone = gone;
  }

  /**
   * Takes what a task yielded: a number is progress, clamped to 0..1 and never lower than before; NaN is none. A checkpoint is for the
   * next attempt; a bare `yield` says nothing, and like a number that is not higher it shows that the task is alive. Everything else
   * is a chunk.
   * @throws {TypeError} for what cannot be sent; {RangeError} for what is too large to be.
   */
  add(yielded: unknown): void {
    if (typeof yielded === 'number') {
      const progress = Math.min(1, Math.max(0, yielded));
      if (!(progress > this.#highest)) {
        this.#breathe();
        return;
      }
      this.#highest = this.#progress = progress;
    } else if (yielded === undefined) {
      this.#breathe();
      return;
    } else if (Checkpoint.is(yielded)) {
      const measured = checkCloneable(yielded.value, 'checkpoint');
      if (!measured.ok) throw new TypeError(`What the task hands on cannot be sent: ${measured.problem}.`);
      if (measured.bytes > taskLimits.message / 2) throw tooLarge('What the task hands on is', measured.bytes);
      this.#checkpoint = { value: yielded.value, after: this.#chunks.length };
    } else {
      const measured = checkCloneable(yielded, 'chunk');
      if (!measured.ok) throw new TypeError(`What the task yields cannot be sent: ${measured.problem}.`);
      if (measured.bytes > taskLimits.message / 2) throw tooLarge('What the task yields is', measured.bytes);
      this.#chunks.push(yielded);
      this.#size += measured.bytes;
      if (this.#isOver(batch) && !this.#sending) {
        this.#send();
        return;
      }
    }
    if (this.#timer === undefined || this.#slow) this.#arm();
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
    this.#alive = false;
  }

  get #pending(): boolean {
    return this.#progress !== undefined || this.#chunks.length > 0 || this.#checkpoint !== undefined;
  }

  #isOver(bound: { count: number; size: number }): boolean {
    return this.#chunks.length >= bound.count || this.#size >= bound.size;
  }

  /** The task has yielded, and nothing new. */
  #breathe(): void {
    if (this.#alive) return;
    this.#alive = true;
    if (this.#timer === undefined) this.#arm();
  }

  /** Has the next report sent when its time has come; one that is on its way does so when it is answered. */
  #arm(): void {
    if (this.#sending) return;
    this.#disarm();
    this.#slow = !this.#pending;
    this.#timer = this.#clock.after(this.#slow ? sign : interval, () => {
      this.#timer = undefined;
      if (!this.#sending && (this.#pending || this.#alive)) this.#send();
    });
  }

  #disarm(): void {
    if (this.#timer !== undefined) this.#clock.clear(this.#timer);
    this.#timer = undefined;
    this.#slow = false;
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
    this.#alive = false;
    this.#sent += this.#chunks.length;
    this.#chunks = [];
    this.#size = 0;
    // Starts at once when the observer throws instead of rejecting: the caller is gone either way.
    this.#sending = (async () => this.#observer(report))()
      .catch(this.#gone)
      .then(() => {
        this.#sending = undefined;
        if (this.#isOver(batch)) this.#send();
        else if (this.#pending || this.#alive) this.#arm();
      });
  }
}
