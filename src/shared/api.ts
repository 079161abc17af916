import {
  EntryMap,
  type ItemOp,
  type Items,
  type ItemsSource,
  itemsOf,
  type KeyOf,
  keyOfItem,
  List,
} from '../collection/index.ts';
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
import { checkedText } from './value-text.ts';

/** A name and its initial value. It belongs to no session, so a module may declare it. */
class Handle {
  readonly #name: string;
  readonly #initial: unknown;
  readonly #what: string;
  /** The page that made it; undefined in a module. */
  readonly #page = PageShares.of(pageHost.get());

  constructor(type: 'signal' | 'job' | 'list' | 'map', name: string, initial: unknown) {
    if (typeof name !== 'string' || name === '' || name.includes('#') || name.length > sharedLimits.name) {
      const given = typeof name === 'string' ? name : String(name);
      throw new TypeError(
        `${type === 'signal' ? 'shared' : `shared.${type}`} needs a name of 1 to ${sharedLimits.name} characters without #, not ` +
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

  items(): ItemsSource {
    return this.page.items(this.#name, this.#initial as Items);
  }

  chunks(): RecentChunks<unknown> {
    return this.page.chunks(this.share);
  }

  write(op: Op, value: unknown): void {
    this.page.write(this.share, op, value);
  }

  update(what: string, change: (value: unknown) => unknown): PromiseLike<unknown> {
    const { page, share } = this;
    return page.update(share, what, change);
  }
}

/** A signal that all sessions share. */
export class SharedSignal<T> extends Signal<T> {
  /** @internal */
  readonly storedElsewhere = true;
  readonly #handle: Handle;
  readonly #initial: T;
  readonly #initialText: string;
  readonly #what: string;

  /** @internal */
  constructor(name: string, initial: T) {
    super(initial);
    this.#handle = new Handle('signal', name, initial);
    this.#what = calledBy(`signal:${name}`);
    this.#initialText = encode(initial, `The initial value of ${this.#what}`);
    this.#initial = initial;
  }

  /**
   * The value. This session shows a write at once; all others show it after the shared object has it.
   *
   * The last write wins: a value that another session has written meanwhile is lost. Where the new value depends on the
   * present one, use {@link SharedSignal.update}, `add`, `shared.list` or `shared.map`, which lose nothing.
   */
  override get value(): T {
    return this.#handle.read(this) as T;
  }

  override set value(value: T) {
    const text = checkedText(value, this.#what);
    // Because an object may have been changed in place.
    const isSame = () => typeof value !== 'object' || text === (this.#handle.share.shown ?? this.#initialText);
    if (Object.is(value, this.peek()) && isSame()) return;
    this.#handle.write({ set: text }, value);
  }

  /** Returns the value without subscribing to it. */
  override peek(): T {
    return this.#handle.peek(this) as T;
  }

  /**
   * Replaces the value by what a function makes of the newest one. No update of another session is lost: when one came first, the
   * function is called again, with its result. In a handler, the update is applied once, whatever dies.
   *
   * @example
   * const votes = shared('votes', { yes: 0, no: 0 });
   * ui.button('Yes', () => votes.update((now) => ({ ...now, yes: now.yes + 1 })));
   *
   * @param change returns the new value, synchronously. It is called again for each retry, so it has no other effect.
   * @returns a promise of the value that the update has made. All sessions show it from then on.
   * @throws what the function throws (rejects); {TypeError} (rejects) for a value that is no plain data.
   */
  update(change: (value: T) => T): PromiseLike<T> {
    return this.#handle.update(this.#what, change as (value: unknown) => unknown) as PromiseLike<T>;
  }

  /**
   * Adds to a shared number. Simultaneous additions of several visitors all count, unlike with `value += 1`.
   *
   * @throws {TypeError} when the initial value or the amount is no finite number.
   */
  add(amount: T extends number ? number : never): void {
    const from = this.#initial;
    if (typeof from !== 'number' || !Number.isFinite(amount)) {
      throw new TypeError(`${this.#what}.add takes a number and needs an initial value that is one.`);
    }
    this.#handle.write({ add: amount, from }, (this.peek() as number) + amount);
  }
}

/** Items that all sessions share, in whichever page the code runs. */
class EveryPagesItems implements ItemsSource {
  readonly #handle: Handle;
  readonly what: string;

  constructor(type: 'list' | 'map', name: string, initial: Items) {
    this.#handle = new Handle(type, name, initial);
    this.what = calledBy(`${type}:${name}`);
    // Because the first write takes the initial items along.
    if (initial.size > sharedLimits.value / 2) {
      throw new RangeError(
        `The initial items of ${this.what} have ${initial.size} characters; the limit is ${sharedLimits.value / 2}. Add so many in a handler.`,
      );
    }
  }

  get live(): Items {
    return this.#handle.items().live;
  }

  get all(): Items {
    return this.#handle.items().all;
  }

  get count(): number {
    return this.#handle.items().count;
  }

  one(key: string): unknown {
    return this.#handle.items().one(key);
  }

  storedText(key: string): string | undefined {
    return this.#handle.items().storedText(key);
  }

  orderAt(index: number, key?: string): string {
    return this.#handle.items().orderAt(index, key);
  }

  newKey(): string {
    return this.#handle.items().newKey();
  }

  write(op: ItemOp, value?: unknown): void {
    this.#handle.items().write(op, value);
  }

  unchanged(key: string, value: unknown): void {
    this.#handle.items().unchanged(key, value);
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
    const text = checkedText(args, `The list of arguments of shared.job('${this.#name}')`);
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
  <T>(name: string, initial: T): SharedSignal<T>;
  /**
   * Returns the list of a name for all sessions. What several users add, change, move and remove at the same time merges in the
   * shared object, so nothing is lost: each change says what it does, and not what the whole list is.
   *
   * @example
   * const chat = shared.list<{ from: string; text: string }>('chat');
   * ui.each(chat, (message) => ui.chatMessage(message.text, { name: message.from }));
   * ui.button('Send', () => chat.add({ from: name.value, text: draft.value }));
   *
   * @param initial the items before the first change. @default none
   * @param key identifies an item: the name of a field, or a function. @default a new key for each item, which `add` returns
   * @throws {TypeError} when the name is empty, too long or contains `#`.
   * @throws {Error} when two initial items have the same key.
   */
  list<T>(name: string, initial?: readonly T[], key?: KeyOf<T>): List<T>;
  /**
   * Returns the map of a name for all sessions. Changes of different entries, and of different fields of one, merge.
   *
   * @example
   * const votes = shared.map<number>('votes');
   * ui.button('Tea', () => votes.add('tea', 1));
   * ui.label(() => `${votes.get('tea') ?? 0} for tea`);
   *
   * @param initial the entries before the first change. @default none
   * @throws {TypeError} when the name is empty, too long or contains `#`.
   */
  map<V>(name: string, initial?: Readonly<Record<string, V>> | Iterable<readonly [key: string, value: V]>): EntryMap<V>;
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

/** Signals, lists, maps and jobs that all sessions of the application share. */
export const shared: SharedApi = Object.assign(<T>(name: string, initial: T) => new SharedSignal<T>(name, initial), {
  list: <T>(name: string, initial: readonly T[] = [], key?: KeyOf<T>) => {
    const what = calledBy(`list:${name}`);
    const keyed = initial.map(
      (item, index) => [key === undefined ? `${index}` : keyOfItem(item, key, what), item] as const,
    );
    return new List<T>(new EveryPagesItems('list', name, itemsOf(keyed, what)), key);
  },
  map: <V>(name: string, initial: Readonly<Record<string, V>> | Iterable<readonly [string, V]> = {}) => {
    const entries = Symbol.iterator in initial ? [...initial] : Object.entries(initial);
    return new EntryMap<V>(new EveryPagesItems('map', name, itemsOf(entries, calledBy(`map:${name}`))));
  },
  job: <A extends readonly unknown[], R, C>(name: string, task: Task<A, R, C>, options?: SharedJobOptions) =>
    new SharedJob<A, R, C>(name, task as Task<A, R, unknown>, options),
});
