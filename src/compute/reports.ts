import { type Clock, type Timer, TokenBucket } from '../clock/index.ts';
import { Checkpoint, checkCloneable, type Observer, permanently, taskLimits, tooLarge } from '../rpc/index.ts';

/**
 * The rate of reports. After a pause, three leave at once, because the next step of the task may take seconds and its
 * earlier yields must be shown first. After that, eight a second leave, about as many as an eye can follow.
 */
const pace = { burst: 3, perSecond: 8 };
/** Most milliseconds that a task waits for the acknowledgement of its last report when another report is due. */
const patience = 100;
/** Milliseconds between two reports of a task that yields nothing new: its heartbeat, which also detects a lost caller. */
const sign = 1_000;
/** Tolerance of progress beyond 0 and 1, for rounding errors of sums. */
const rounding = 1e-6;
/** Most bytes of a chunk or a checkpoint, because one report may carry a chunk and a checkpoint of this size. */
const largest = taskLimits.message / 2;
/** Chunks or bytes that leave before the interval ends. Ten thousand usual chunks a second stay below it. */
const batch = { count: 1_536, size: 256 * 1024 };
/** Chunks or bytes that wait for the caller's acknowledgement. Above this the task waits too. */
const backlog = { count: 2_048, size: 2 * 1024 * 1024 };

/**
 * Batches the yields of a task and sends them to the observer, one report at a time.
 *
 * ```
 *   add ──► allowed now? ── yes ──► sent ──► acknowledged ──► later yields
 *                │ no                │ urgent: the task yields the thread, so that the report leaves before the next step
 *                └──► timer          └ blocked: the report leaves after the acknowledgement, for which the task waits once
 * ```
 */
export class Reports {
  readonly #task: string;
  readonly #observer: Observer;
  readonly #clock: Clock;
  readonly #failed: (error: unknown) => void;
  #progress: number | undefined;
  #highest = -1;
  /** A warning for the author of the task. */
  #advice: string | undefined;
  #advised = false;
  #chunks: unknown[] = [];
  #checkpoint: { readonly value: unknown; readonly after: number } | undefined;
  /** Number of chunks sent. */
  #sent = 0;
  #size = 0;
  /** True when the task has yielded since the last report. */
  #alive = false;
  #timer: Timer;
  /** True when the timer is that of a heartbeat. */
  #slow = false;
  #sending: Promise<void> | undefined;
  /** Time of the last report. */
  #left = Number.NEGATIVE_INFINITY;
  #urgent = false;
  /** True when the task has already waited for the acknowledgement of the present report. */
  #waited = false;
  readonly #limiter = new TokenBucket(pace);

  /** @param failed called when a report could not be sent or the caller no longer answers. */
  constructor(task: string, observer: Observer, clock: Clock, failed: (error: unknown) => void) {
    this.#task = task;
    this.#observer = observer;
    this.#clock = clock;
    this.#failed = failed;
  }

  /**
   * Adds a yielded value. A number is progress: it is clamped to 0..1 with a warning, and never decreases; NaN counts as a
   * bare `yield`. A checkpoint is for the next attempt. A bare `yield`, or a number that is not higher, is only a
   * heartbeat. Every other value is a chunk.
   *
   * @throws {TypeError} when the value cannot be sent.
   * @throws {RangeError} when the value exceeds 16 MiB.
   */
  add(yielded: unknown): void {
    if (typeof yielded === 'number') {
      const progress = Math.min(1, Math.max(0, yielded));
      if (Math.abs(yielded - progress) > rounding) this.#advice ??= progressAdvice(this.#task, yielded);
      if (progress > this.#highest) this.#highest = this.#progress = progress;
    } else if (Checkpoint.is(yielded)) {
      const measured = checkCloneable(yielded.value, 'checkpoint');
      if (!measured.ok)
        throw permanently(new TypeError(`The checkpoint of the task cannot be sent: ${measured.problem}.`));
      if (measured.bytes > largest)
        throw permanently(tooLarge('The checkpoint of the task is', measured.bytes, largest));
      this.#checkpoint = { value: yielded.value, after: this.#chunks.length };
    } else if (yielded !== undefined) {
      const measured = checkCloneable(yielded, 'chunk');
      if (!measured.ok)
        throw permanently(new TypeError(`The task yielded a value that cannot be sent: ${measured.problem}.`));
      if (measured.bytes > largest)
        throw permanently(tooLarge('The value that the task yielded is', measured.bytes, largest));
      this.#chunks.push(yielded);
      this.#size += measured.bytes;
    }
    this.#alive = true;
    if (this.#sending ? this.heldUp : this.#leave()) this.#urgent = true;
  }

  /**
   * Returns true once after a report left, or is only blocked by the last acknowledgement. The task then yields the thread
   * before its next step.
   */
  takeUrgent(): boolean {
    const urgent = this.#urgent;
    this.#urgent = false;
    return urgent;
  }

  /** True when a report is blocked only by the acknowledgement of the last one. The task then awaits {@link answered}. */
  get heldUp(): boolean {
    return this.#sending !== undefined && !this.#waited && this.#pending && this.#wait() === 0;
  }

  /** Resolves when the present report is acknowledged or the patience of the task ends; once for each report. */
  async answered(): Promise<void> {
    this.#waited = true;
    let timer: Timer;
    const enough = new Promise<void>((resolve) => {
      timer = this.#clock.after(patience, resolve);
    });
    await Promise.race([this.#sending, enough]);
    this.#clock.clear(timer);
  }

  /** True when the task is too far ahead of its caller. It then awaits {@link settle}. */
  get full(): boolean {
    return this.#isOver(backlog);
  }

  /** Resolves when the present report is acknowledged. */
  async settle(): Promise<void> {
    await this.#sending;
  }

  /** Sends the rest and waits for its acknowledgement. */
  async flush(): Promise<void> {
    for (;;) {
      await this.#sending;
      if (!this.#sending && !this.#pending) return;
      if (!this.#sending) this.#send();
    }
  }

  /** Drops everything that was not sent. */
  drop(): void {
    this.#disarm();
    this.#chunks = [];
    this.#size = 0;
    this.#progress = undefined;
    this.#checkpoint = undefined;
    this.#alive = false;
  }

  get #pending(): boolean {
    return (
      this.#progress !== undefined ||
      this.#chunks.length > 0 ||
      this.#checkpoint !== undefined ||
      (this.#advice !== undefined && !this.#advised)
    );
  }

  #isOver(bound: { count: number; size: number }): boolean {
    return this.#chunks.length >= bound.count || this.#size >= bound.size;
  }

  /** Sends a report if the rate allows it, or else sets a timer. @returns true when the rate allowed it. */
  #leave(): boolean {
    const pending = this.#pending;
    const full = this.#isOver(batch);
    // A timer runs already. Most yields of a busy task end here.
    if (this.#timer !== undefined && this.#slow === !pending && !full) return false;
    const wait = this.#wait();
    if (wait === 0 && pending) this.#limiter.take(this.#clock.now());
    if (wait === 0 || full) {
      this.#send();
      return wait === 0;
    }
    this.#disarm();
    this.#slow = !pending;
    this.#timer = this.#clock.after(wait, () => {
      this.#timer = undefined;
      if (!this.#sending) this.#leave();
    });
    return false;
  }

  /** Returns the milliseconds until the next report may leave. */
  #wait(): number {
    const now = this.#clock.now();
    if (this.#pending) return this.#limiter.wait(now);
    // Because a clock that was set back must not silence a task.
    return Math.min(sign, Math.max(0, this.#left + sign - now));
  }

  #disarm(): void {
    if (this.#timer !== undefined) this.#clock.clear(this.#timer);
    this.#timer = undefined;
    this.#slow = false;
  }

  #send(): void {
    this.#disarm();
    this.#left = this.#clock.now();
    this.#waited = false;
    const progress = this.#progress;
    const checkpoint = this.#checkpoint;
    const report = {
      chunks: this.#chunks,
      from: this.#sent,
      size: this.#size,
      ...(progress !== undefined && { progress }),
      ...(checkpoint && { checkpoint }),
      ...(this.#advice !== undefined && !this.#advised && { advice: this.#advice }),
    };
    this.#advised = this.#advice !== undefined;
    this.#progress = undefined;
    this.#checkpoint = undefined;
    this.#alive = false;
    this.#sent += this.#chunks.length;
    this.#chunks = [];
    this.#size = 0;
    // In an async function, because an observer that throws means the same as one that rejects: the caller is gone.
    this.#sending = (async () => this.#observer(report))()
      .catch(this.#failed)
      .then(() => {
        this.#sending = undefined;
        if (this.#pending || this.#alive) this.#leave();
      });
  }
}

function progressAdvice(task: string, yielded: number): string {
  return (
    `Task "${task}" yielded ${yielded}. A number that a task yields is its progress, from 0 to 1, so this one counts as ${yielded < 0 ? 0 : 1}. ` +
    'Divide percents by 100, as in `yield done / total`; yield numbers that are data in an object, as in `yield { value: 21.5 }`.'
  );
}
