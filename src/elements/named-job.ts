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

/** How a named job is started. The options of the task itself, and of `run.with`, are meant as there. */
export interface NamedJobOptions<Args extends readonly unknown[]>
  extends Omit<RunOptions, 'key' | 'signal' | 'durable'> {
  /**
   * What `start` does while a job of the name has not ended: `ignore` joins that one, `queue` waits for it, `restart` cancels it,
   * `parallel` runs beside it. @default 'ignore'
   */
  readonly whileRunning?: NamePolicy;
  /** Who shares the name: all pages of the visitor's session, or nobody but this page. @default 'session' */
  readonly scope?: 'session' | 'page';
  /** An idempotency key, or how the arguments make one: a start with the key of a job that has not ended joins it. @default none */
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
 * A job with a name. Its signals say how the job stands, whoever started it: this page before a reload or a restart, or another tab.
 * While several have not ended it shows the newest, with the policy `queue` the oldest.
 */
export class NamedJob<Args extends readonly unknown[], R, C = never> {
  /** The name in the session. */
  readonly name: string;
  /** The job itself, undefined while none was started: for its chunks, or to await it. */
  readonly job: ReadonlySignal<Job<R, C> | undefined>;
  /** `idle` while none was started. */
  readonly status: ReadonlySignal<JobStatus | 'idle'>;
  /** True while it waits or runs. */
  readonly running: ReadonlySignal<boolean>;
  /** How far it is, 0 to 1; null while it has not said. */
  readonly progress: ReadonlySignal<number | null>;
  /** What the task returned; undefined until it is done. */
  readonly result: ReadonlySignal<R | undefined>;
  /** Why it failed; undefined unless it did. A cancelled job has not failed. */
  readonly error: ReadonlySignal<Error | undefined>;
  /** Place in line while it waits, from 1; 0 otherwise. */
  readonly position: ReadonlySignal<number>;
  /** The attempt that runs or ran last, from 1; 0 before. */
  readonly attempt: ReadonlySignal<number>;
  /**
   * What the task has yielded beyond progress, in order: the newest of it, as an array whose `first` tells how many came before. It
   * begins anew with another start, and goes on through attempts, reloads and restarts. At most 10,000 chunks and about 1 MiB are
   * in it.
   *
   * @example
   * ui.log().follow(job.chunks);
   */
  readonly chunks: ReadonlySignal<RecentChunks<C>>;
  /** How many others of the name have not ended: those that wait behind this one, or run beside it. */
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
   * Starts the task, as far as `whileRunning` and `key` let it; await what comes back for the result. In a handler it is, like
   * `run.cpuBound`, not started twice by a restart of the session.
   */
  start(...args: Args): Job<R, C> {
    const { whileRunning = 'ignore', scope: _, key: given, ...options } = this.#options;
    const key = typeof given === 'function' ? given(...args) : given;
    // Keys of `run.with` are the session's; those of a name are its own.
    const all = key === undefined ? options : { ...options, key: `${this.name}:${key}` };
    return cpuBound(all, this.#task, args, { name: this.name, policy: whileRunning });
  }

  /** Cancels the job that is shown; whoever awaits it gets a {@link CancelledError}. After the end this does nothing. */
  cancel(reason?: string): void {
    // A handler that is continued has cancelled what was shown then, not what is shown now.
    if (journal.get()?.isolated) return;
    this.job.peek()?.cancel(reason);
  }

  /** Starts the job that is shown again, with its arguments; joins it while it has not ended. Undefined while none was started. */
  retry(): Job<R, C> | undefined {
    return retryJob(this.#task, () => this.job.peek()?.id);
  }
}

/**
 * Names a job, so that it is found again: after a reload, a rebuild, a kill, and in every other page of the session that names it.
 *
 * @example
 * const report = ui.job('report', tasks.report, { whileRunning: 'restart' });
 * ui.button('Write', () => report.start({ year: 2026 }));
 * ui.progress(report.progress).show(report.running);
 * ui.label(() => report.error.value?.message ?? report.result.value ?? '');
 *
 * @throws {TypeError} without a name or a task, or when an option is misspelt or wrong.
 */
export function job<Args extends readonly unknown[], R, C>(
  name: string,
  task: Task<Args, R, C>,
  options?: NamedJobOptions<Args>,
): NamedJob<Args, R, C> {
  return new NamedJob(name, task, options);
}
