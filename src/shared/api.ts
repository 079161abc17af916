import { pageHost } from '../elements/index.ts';
import { isOwnRead, type ReadonlySignal, Signal, UncachedComputed } from '../reactive/index.ts';
import { encode } from '../storage/index.ts';
import {
  checkOptions,
  type JobStatus,
  oneOf,
  type RecentChunks,
  type RunOptions,
  runChecks,
  type Task,
  termsOf,
} from '../tasks/index.ts';
import { idle, type JobView } from './job-view.ts';
import { sharedLimits } from './limits.ts';
import { calledBy, type Op, type SharedStart } from './protocol.ts';
import { PageShares } from './session/page-shares.ts';
import type { Share } from './session/share.ts';

/** A name and its initial value. It belongs to no session, so a module may declare it. */
class Handle {
  readonly #name: string;
  readonly #initial: unknown;
  readonly #what: string;
  /** The page that made it; undefined in a module. */
  readonly #page = PageShares.of(pageHost.get());

  constructor(type: 'signal' | 'job', name: string, initial: unknown) {
    if (typeof name !== 'string' || name === '' || name.includes('#') || name.length > sharedLimits.name) {
      const given = typeof name === 'string' ? name : String(name);
      throw new TypeError(
        `${type === 'job' ? 'shared.job' : 'shared'} needs a name of 1 to ${sharedLimits.name} characters without #, not ` +
          `${JSON.stringify(given.slice(0, 40))}${given.length > 40 ? ` and so on, ${given.length} in all` : ''}.`,
      );
    }
    this.#name = `${type}:${name}`;
    this.#initial = initial;
    this.#what = calledBy(this.#name);
    this.#page?.use(this.#name, initial);
  }

  get page(): PageShares {
    const page = this.#page ?? PageShares.of(pageHost.require(this.#what));
    if (!page)
      throw new Error(
        `${this.#what} needs a page of a session, and this page belongs to none. Pages of an App and of the test kit do.`,
      );
    return page;
  }

  get share(): Share {
    return this.page.use(this.#name, this.#initial);
  }

  /** @param by the signal that the code reads. */
  read(by: Signal): unknown {
    const { page, share } = this;
    return page.read(share, share.signal.value, isOwnRead(by));
  }

  peek(by: Signal): unknown {
    const { page, share } = this;
    return page.read(share, share.signal.peek(), isOwnRead(by));
  }

  chunks(): RecentChunks<unknown> {
    return this.page.chunks(this.share);
  }

  write(op: Op, value: unknown): void {
    this.page.write(this.share, op, value);
  }
}

/** A signal that all sessions share. */
export class SharedSignal<T> extends Signal<T> {
  /** @internal */
  readonly storedElsewhere = true;
  readonly #handle: Handle;
  readonly #initial: T;
  readonly #name: string;

  /** @internal */
  constructor(name: string, initial: T) {
    super(initial);
    this.#handle = new Handle('signal', name, initial);
    encode(initial, `The initial value of shared('${name}')`);
    this.#name = name;
    this.#initial = initial;
  }

  /** The value. This session shows a write at once; all others show it after the shared object has it. The last write wins. */
  override get value(): T {
    return this.#handle.read(this) as T;
  }

  override set value(value: T) {
    if (Object.is(value, this.peek())) return;
    this.#handle.write({ set: small(value, `shared('${this.#name}')`) }, value);
  }

  /** Returns the value without subscribing to it. */
  override peek(): T {
    return this.#handle.peek(this) as T;
  }

  /** Adds to a shared number. Simultaneous additions of several visitors all count, unlike with `value += 1`. */
  add(amount: T extends number ? number : never): void {
    const from = this.#initial;
    if (typeof from !== 'number' || !Number.isFinite(amount)) {
      throw new TypeError(`shared('${this.#name}').add takes a number and needs an initial value that is one.`);
    }
    this.#handle.write({ add: amount, from }, (this.peek() as number) + amount);
  }
}

/** Options of `shared.job`. */
export interface SharedJobOptions extends Omit<RunOptions, 'signal' | 'key' | 'cancelOnLeave' | 'durable'> {
  /** Policy of a start while the job runs: `ignore` joins it, `restart` cancels it and starts another. @default 'ignore' */
  readonly whileRunning?: 'ignore' | 'restart';
}

const { signal: _signal, key: _key, cancelOnLeave: _leave, durable: _durable, ...checks } = runChecks;
const jobChecks = { ...checks, whileRunning: oneOf('ignore', 'restart') };

/** One job for the whole application. Any visitor can start it, and all visitors see the same state. */
export class SharedJob<A extends readonly unknown[], R, C = never> {
  readonly #handle: Handle;
  readonly #name: string;
  readonly #task: Task<A, R, unknown>;
  readonly #options: SharedJobOptions;
  /** `idle` until somebody starts it for the first time. */
  readonly status: ReadonlySignal<JobStatus | 'idle'>;
  /** Progress from 0 to 1; null before the first report. */
  readonly progress: ReadonlySignal<number | null>;
  /** Position in the queue while it waits, from 1; 0 otherwise. */
  readonly position: ReadonlySignal<number>;
  /** Number of the current or last attempt, from 1. */
  readonly attempt: ReadonlySignal<number>;
  /** The result; undefined until the job is done. */
  readonly result: ReadonlySignal<R | undefined>;
  /** The error; undefined unless the job ended without a result. */
  readonly error: ReadonlySignal<Error | undefined>;
  /** True while the job waits or runs. */
  readonly running: ReadonlySignal<boolean>;
  /**
   * The newest chunks in order, as an array whose `first` is the number of dropped chunks. A new start empties it; a new attempt
   * does not. `ui.log().follow(job.chunks)` shows it.
   */
  readonly chunks: ReadonlySignal<RecentChunks<C>>;

  /** @internal */
  constructor(name: string, task: Task<A, R, unknown>, options: SharedJobOptions = {}) {
    if (typeof task?.name !== 'string' || typeof task.service !== 'string') {
      throw new TypeError("shared.job takes a name and a task of run.tasks<typeof Tasks>('COMPUTE').");
    }
    checkOptions('shared.job', options, jobChecks);
    this.#name = name;
    this.#task = task;
    this.#options = options;
    const handle = new Handle('job', name, idle);
    this.#handle = handle;
    const field = <T>(read: (view: JobView) => T) => {
      const signal: UncachedComputed<T> = new UncachedComputed(() => read(handle.read(signal) as JobView));
      return signal;
    };
    this.status = field((view) => view.status);
    this.progress = field((view) => view.progress);
    this.position = field((view) => view.position);
    this.attempt = field((view) => view.attempt);
    this.result = field((view) => view.result as R | undefined);
    this.error = field((view) => view.error);
    this.chunks = new UncachedComputed(() => handle.chunks() as RecentChunks<C>);
    this.running = field((view) => view.status === 'waiting' || view.status === 'running');
  }

  /** Starts the job. It continues after every visitor has left. */
  start(...args: A): void {
    const { whileRunning = 'ignore', ...options } = this.#options;
    const { timeout, totalTimeout, startTimeout, heartbeat, ...terms } = termsOf({ ...this.#task.options, ...options });
    const { name: task, service } = this.#task;
    const request: SharedStart['request'] = {
      task,
      service,
      ...terms,
      timeout: finite(timeout),
      totalTimeout: finite(totalTimeout),
      ...(finite(startTimeout) !== null && { startTimeout }),
      ...(finite(heartbeat) !== null && { heartbeat }),
      leave: null,
    };
    const text = small(args, `The list of arguments of shared.job('${this.#name}')`);
    this.#command({ start: { request, args: text, whileRunning } });
  }

  /** Cancels the job for all visitors. After its end this does nothing. */
  cancel(reason = ''): void {
    this.#command({ cancel: reason });
  }

  /** Restarts an ended job with its last arguments. */
  retry(): void {
    this.#command({ retry: true });
  }

  #command(op: Op): void {
    this.#handle.write(op, this.#handle.share.signal.peek());
  }
}

/** Encodes a value and checks its size. @throws {RangeError} above the limit. */
function small(value: unknown, what: string): string {
  const text = encode(value, what);
  if (text.length <= sharedLimits.value) return text;
  throw new RangeError(
    `${what} would have ${text.length} characters; the limit is ${sharedLimits.value}. ` +
      'Store large data in R2 or a database, and share its key.',
  );
}

function finite(ms: number): number | null {
  return ms === Number.POSITIVE_INFINITY ? null : ms;
}

/** The type of {@link shared}. */
export interface SharedApi {
  /**
   * Returns the signal of a name for all sessions. A write changes every page that shows it. Make it in a module or in a page
   * function. Read it anywhere in a page, write it in handlers and timers.
   *
   * @example
   * const visitors = shared('visitors', 0);
   * ui.button('I am here', () => visitors.add(1));
   * ui.label(() => `${visitors.value} were here`);
   *
   * @param initial the value before the first write: plain data.
   * @throws {TypeError} when the name is empty, too long or contains `#`.
   */
  <T>(name: string, initial: T): SharedSignal<Widen<T>>;
  /**
   * Returns the job of a name for the whole application; see {@link SharedJob}.
   *
   * @example
   * const report = shared.job('report', tasks.report);
   * ui.button('Report', () => report.start()).enable(() => !report.running.value);
   *
   * @throws {TypeError} when the task or an option is wrong.
   */
  job<A extends readonly unknown[], R, C>(
    name: string,
    task: Task<A, R, C>,
    options?: SharedJobOptions,
  ): SharedJob<A, R, C>;
}

/** Signals and jobs that all sessions of the application share. */
export const shared: SharedApi = Object.assign(
  <T>(name: string, initial: T) => new SharedSignal<Widen<T>>(name, initial as Widen<T>),
  {
    job: <A extends readonly unknown[], R, C>(name: string, task: Task<A, R, C>, options?: SharedJobOptions) =>
      new SharedJob<A, R, C>(name, task as Task<A, R, unknown>, options),
  },
);

/** The type of a signal by its first value: `shared('on', true)` is a signal of booleans, not of `true`. */
export type Widen<T> = T extends number ? number : T extends string ? string : T extends boolean ? boolean : T;
