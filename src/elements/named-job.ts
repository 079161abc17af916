import { computed, type ReadonlySignal } from '../reactive/index.ts';
import {
  checkOptions,
  cpuBound,
  type Job,
  type JobStatus,
  jobRegistry,
  journal,
  type NamePolicy,
  oneOf,
  type RecentChunks,
  type RunOptions,
  recentChunks,
  recentChunksOf,
  recorded,
  retryJob,
  runChecks,
  type Task,
  textCheck,
} from '../tasks/index.ts';

/** Options of `ui.job`. Those of the task and of `run.with` have the same meaning here. */
export interface NamedJobOptions<Args extends readonly unknown[]>
  extends Omit<RunOptions, 'key' | 'signal' | 'durable'> {
  /**
   * Policy of `start` while a job of the name has not ended: `ignore` joins that job, `queue` waits for it, `restart` cancels it,
   * `parallel` runs beside it. With `restart`, an earlier run of the same handler that started the job is superseded.
   * @default 'ignore'
   */
  readonly whileRunning?: NamePolicy;
  /** The scope of the name: all pages of the visitor's session, or this page alone. @default 'session' */
  readonly scope?: 'session' | 'page';
  /** An idempotency key, or a function from the arguments to one. A start with the key of an unfinished job joins it. @default none */
  readonly key?: string | ((...args: Args) => string);
}

const none = recentChunks<never>([], 0);
const { signal: _signal, durable: _durable, ...taskChecks } = runChecks;
const namedChecks = {
  ...taskChecks,
  key: (value: unknown) => (typeof value === 'function' ? undefined : textCheck(value)),
  whileRunning: oneOf('ignore', 'queue', 'restart', 'parallel'),
  scope: oneOf('session', 'page'),
};

/**
 * A job with a name. Its signals show the job's state, also when another tab started it, or this page before a reload or restart.
 * While several jobs of the name are unfinished, it shows the newest, with the policy `queue` the oldest.
 */
export class NamedJob<Args extends readonly unknown[], R, C = never> {
  /** The name in the session. */
  readonly name: string;
  /** The job itself, for its chunks or to await it. Undefined before the first start. */
  readonly job: ReadonlySignal<Job<R, C> | undefined>;
  /** The job's status, `idle` before the first start. */
  readonly status: ReadonlySignal<JobStatus | 'idle'>;
  /** True while the job waits or runs. */
  readonly running: ReadonlySignal<boolean>;
  /** The progress from 0 to 1; null before the first report. */
  readonly progress: ReadonlySignal<number | null>;
  /** The task's result; undefined until it is done. */
  readonly result: ReadonlySignal<R | undefined>;
  /** The error of a failed job; undefined otherwise. A cancelled job has not failed. */
  readonly error: ReadonlySignal<Error | undefined>;
  /** Position in the queue while it waits, from 1; 0 otherwise. */
  readonly position: ReadonlySignal<number>;
  /** Number of the current or last attempt, from 1; 0 before the first. */
  readonly attempt: ReadonlySignal<number>;
  /**
   * The newest chunks that the task has yielded, in order, without progress reports. The array's `first` is the number of dropped
   * chunks. Another start empties it; attempts, reloads and restarts do not. It has at most 10,000 chunks and about 1 MiB.
   *
   * @example
   * ui.log().follow(job.chunks);
   */
  readonly chunks: ReadonlySignal<RecentChunks<C>>;
  /** Number of other unfinished jobs of the name, which wait behind this job or run beside it. */
  readonly others: ReadonlySignal<number>;
  readonly #task: Task<Args, R, C>;
  readonly #options: NamedJobOptions<Args>;

  /** @internal */
  constructor(name: string, task: Task<Args, R, C>, options: NamedJobOptions<Args> = {}) {
    if (typeof name !== 'string' || name === '') {
      throw new TypeError("A named job needs a name, as in ui.job('report', tasks.report).");
    }
    if (typeof task?.name !== 'string') {
      throw new TypeError(
        `The job "${name}" needs a task of run.tasks<typeof Tasks>('COMPUTE'), as in ui.job('report', tasks.report).`,
      );
    }
    checkOptions('ui.job', options, namedChecks);
    this.#task = task;
    this.#options = options;
    const { scope = 'session', whileRunning = 'ignore' } = options;
    const found = jobRegistry.require('ui.job').named(name, scope, whileRunning);
    const job = found.job as ReadonlySignal<Job<R, C> | undefined>;
    this.name = found.name;
    this.job = job;
    const signal = <T>(what: string, read: () => T) => recorded(`${found.name}.${what}`, computed(read));
    const status = computed(() => job.value?.status.value ?? 'idle');
    const running = computed(() => status.value === 'waiting' || status.value === 'running');
    const end = computed(() => (running.value ? undefined : job.value?.end));
    this.others = signal('others', () => found.others.value);
    this.status = signal('status', () => status.value);
    this.running = signal('running', () => running.value);
    this.progress = signal('progress', () => job.value?.progress.value ?? null);
    this.position = signal('position', () => job.value?.position.value ?? 0);
    this.chunks = signal('chunks', () => (job.value ? recentChunksOf(job.value).value : none));
    this.attempt = signal('attempt', () => job.value?.attempt.value ?? 0);
    this.result = signal('result', () => (end.value?.ok ? end.value.value : undefined));
    this.error = signal('error', () => {
      if (!end.value || end.value.ok || status.value === 'cancelled') return undefined;
      const { error } = end.value;
      return error instanceof Error ? error : new Error(String(error));
    });
  }

  /**
   * Starts the task, as `whileRunning` and `key` allow, and returns the job. Await the job for its result. A handler that is
   * replayed after a restart does not start it a second time, as with `run.cpuBound`.
   */
  start(...args: Args): Job<R, C> {
    const { whileRunning = 'ignore', scope: _, key: given, ...options } = this.#options;
    const key = typeof given === 'function' ? given(...args) : given;
    // A key of `run.with` belongs to the session, a key of a named job to its name.
    const all = key === undefined ? options : { ...options, key: `${this.name}:${key}` };
    return cpuBound(all, this.#task, args, { name: this.name, policy: whileRunning });
  }

  /** Cancels the job. Code that awaits it gets a {@link CancelledError}. After the job's end this does nothing. */
  cancel(reason?: string): void {
    // A replayed handler cancelled the job of that time, not the present one.
    if (journal.get()?.isolated) return;
    this.job.peek()?.cancel(reason);
  }

  /** Restarts the job with its arguments, or joins it while it is unfinished. Returns undefined before the first start. */
  retry(): Job<R, C> | undefined {
    return retryJob(this.#task, () => this.job.peek()?.id);
  }
}

/**
 * Returns the job of a name, which survives a reload, a rebuild and a kill. Every page of the session that uses the name gets the
 * same job.
 *
 * @example
 * const report = ui.job('report', tasks.report, { whileRunning: 'restart' });
 * ui.button('Write', () => report.start({ year: 2026 }));
 * ui.progress(report.progress).show(report.running);
 * ui.label(() => report.error.value?.message ?? report.result.value ?? '');
 *
 * @throws {TypeError} when the name or the task is missing, or an option is misspelt or wrong.
 */
export function job<Args extends readonly unknown[], R, C>(
  name: string,
  task: Task<Args, R, C>,
  options?: NamedJobOptions<Args>,
): NamedJob<Args, R, C> {
  return new NamedJob(name, task, options);
}
