import { type Clock, type Timer, TokenBucket } from '../clock/index.ts';
import { Checkpoint, checkCloneable, type Observer, permanently, taskLimits, tooLarge } from '../rpc/index.ts';

/**
 * How fast reports leave. After a quiet time three leave at once, because nobody knows whether the next step of a task takes seconds:
 * what a task yields before such a step has to be shown before it. From then on eight a second, which is about what an eye follows.
 */
const pace = { burst: 3, perSecond: 8 };
/** Milliseconds that a task waits for the answer to its last report, when the next one could leave if that were there. */
const patience = 100;
/** Milliseconds between two reports of a task that yields nothing new: it is alive, and hears there whether it is still wanted. */
const sign = 1_000;
/** How far beyond its bounds progress may be by the rounding of sums. */
const rounding = 1e-6;
/** Chunks, or their bytes, that go out before the interval is over: more than ten thousand a second, of usual length, still fit into it. */
const batch = { count: 1_536, size: 256 * 1024 };
/** Chunks, or their bytes, that wait while the caller has not answered; above it the task waits too. */
const backlog = { count: 2_048, size: 2 * 1024 * 1024 };

/**
 * Gathers what a task yields and tells the observer of it, one report at a time.
 *
 * ```
 *   add ──► may leave now? ── yes ──► sent ──► answered ──► what has come meanwhile
 *                │ no                  │ urgent: the task gives the thread back, so that it leaves before the next step
 *                └──► timer            └ held up: it leaves with the answer, for which a task waits once
 * ```
 */
export class Reports {
  readonly #task: string;
  readonly #observer: Observer;
  readonly #clock: Clock;
  readonly #failed: (error: unknown) => void;
  #progress: number | undefined;
  #highest = -1;
  /** What the author of the task is to be told. */
  #advice: string | undefined;
  #advised = false;
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
  /** When the last report left. */
  #left = Number.NEGATIVE_INFINITY;
  #urgent = false;
  /** True when the task has waited for the answer to the report that is on its way. */
  #waited = false;
  readonly #limiter = new TokenBucket(pace);

  /** @param failed is called when a report could not be sent, or its caller no longer answers. */
  constructor(task: string, observer: Observer, clock: Clock, failed: (error: unknown) => void) {
    this.#task = task;
    this.#observer = observer;
    this.#clock = clock;
    this.#failed = failed;
  }

  /**
   * Takes what a task yielded: a number is progress, clamped to 0..1 with a word to the author, and never lower than before; NaN is none. A checkpoint is for the
   * next attempt; a bare `yield` says nothing, and like a number that is not higher it shows that the task is alive. Everything else
   * is a chunk.
   * @throws {TypeError} for what cannot be sent; {RangeError} for what is too large to be.
   */
  add(yielded: unknown): void {
    if (typeof yielded === 'number') {
      const progress = Math.min(1, Math.max(0, yielded));
      if (Math.abs(yielded - progress) > rounding) this.#advice ??= progressAdvice(this.#task, yielded);
      if (progress > this.#highest) this.#highest = this.#progress = progress;
    } else if (Checkpoint.is(yielded)) {
      const measured = checkCloneable(yielded.value, 'checkpoint');
      if (!measured.ok) throw permanently(new TypeError(`What the task hands on cannot be sent: ${measured.problem}.`));
      if (measured.bytes > taskLimits.message / 2)
        throw permanently(tooLarge('What the task hands on is', measured.bytes));
      this.#checkpoint = { value: yielded.value, after: this.#chunks.length };
    } else if (yielded !== undefined) {
      const measured = checkCloneable(yielded, 'chunk');
      if (!measured.ok) throw permanently(new TypeError(`What the task yields cannot be sent: ${measured.problem}.`));
      if (measured.bytes > taskLimits.message / 2)
        throw permanently(tooLarge('What the task yields is', measured.bytes));
      this.#chunks.push(yielded);
      this.#size += measured.bytes;
    }
    this.#alive = true;
    if (this.#sending ? this.heldUp : this.#leave()) this.#urgent = true;
  }

  /**
   * Whether something has left, or could but for the answer to the last report: then the task gives the thread back before its next
   * step. Reading it says so once.
   */
  takeUrgent(): boolean {
    const urgent = this.#urgent;
    this.#urgent = false;
    return urgent;
  }

  /** Whether something waits for nothing but the answer to the report that is on its way; then the task awaits {@link answered}. */
  get heldUp(): boolean {
    return this.#sending !== undefined && !this.#waited && this.#pending && this.#wait() === 0;
  }

  /** Resolves when the report that is on its way was answered, or the task has waited long enough: once for each report. */
  async answered(): Promise<void> {
    this.#waited = true;
    let timer: Timer;
    const enough = new Promise<void>((resolve) => {
      timer = this.#clock.after(patience, resolve);
    });
    await Promise.race([this.#sending, enough]);
    this.#clock.clear(timer);
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

  /** Sends what there is when it may leave, and else sees to it that it does when it may. @returns whether it was free to leave, and has. */
  #leave(): boolean {
    const pending = this.#pending;
    const full = this.#isOver(batch);
    // Already seen to: most yields of a busy task end here.
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

  /** Milliseconds until what there is may leave. */
  #wait(): number {
    const now = this.#clock.now();
    if (this.#pending) return this.#limiter.wait(now);
    // A clock that goes back must not silence a task.
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
    // Starts at once when the observer throws instead of rejecting: the caller is gone either way.
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
