import { CancelledError, InterruptedError } from '../rpc/index.ts';
import { IoCall, ioCall, poolsOf, type TaskHost, taskHost } from './host.ts';
import { Job, JobControl } from './job.ts';
import { journal, unjournaled } from './journal.ts';
import { checkOptions, type RunOptions, runChecks, textCheck } from './options.ts';
import { runWithRetries } from './retry.ts';

/** Options of `background.create`. */
export interface BackgroundOptions extends Pick<RunOptions, 'timeout' | 'retries'> {
  /** Names it where its failure is logged. @default the name of the function */
  readonly name?: string;
}

const { timeout, retries } = runChecks;
const backgroundChecks = { timeout, retries, name: textCheck };

/** A lazy task by its name: one runs, and of those that came meanwhile the newest waits. */
interface Lazy {
  next: { run(): Promise<void>; drop(why: string): void } | undefined;
}

const lazies = new WeakMap<TaskHost, Map<string, Lazy>>();

/**
 * Work beside handlers, which nobody has to await. It keeps the session in memory until it ends, at most 15 minutes; what
 * must outlive the session's memory is a job. A failure is logged and told to `app.onPageError`, with session and name.
 */
export const background = {
  /** Starts `fn` now. Its `run.signal` aborts when the job is cancelled or out of time. */
  create<R>(fn: () => R, options: BackgroundOptions = {}): Job<Awaited<R>> {
    const { job, run } = prepare(fn, options, 'background.create');
    void run();
    return job;
  },

  /**
   * Starts `fn`, unless the session runs a task of the same name: then it starts after that one, or not at all when a newer
   * one comes meanwhile. For what needs to be done after the last change, such as saving.
   */
  createLazy(name: string, fn: () => unknown): void {
    if (typeof name !== 'string' || name === '') {
      throw new TypeError(
        "background.createLazy takes a name and a function, as in background.createLazy('save', save).",
      );
    }
    const host = taskHost.require('background.createLazy');
    if (journal.get()?.replaying) return;
    const task = prepare(fn, { name }, 'background.createLazy');
    const all = lazies.get(host) ?? new Map<string, Lazy>();
    lazies.set(host, all);
    const running = all.get(name);
    if (running) {
      running.next?.drop('a newer one took its place');
      running.next = task;
      return;
    }
    const lazy: Lazy = { next: task };
    all.set(name, lazy);
    void (async () => {
      for (let { next } = lazy; next; next = lazy.next) {
        lazy.next = undefined;
        await next.run();
      }
      all.delete(name);
    })();
  },
};

/** A task that has not started; `run` starts it and never rejects. */
function prepare<R>(fn: () => R, options: BackgroundOptions, what: string) {
  const host = taskHost.require(what);
  if (typeof fn !== 'function') throw new TypeError(`${what} takes a function, not ${typeof fn}.`);
  checkOptions(what, options, backgroundChecks);
  const name = options.name ?? (fn.name || 'without a name');
  const control = new JobControl<Awaited<R>, never>(host, `Background task "${name}"`, { quiet: true });
  const job = new Job(control);
  const run = async () => {
    void runWithRetries<Awaited<R>, never>(control, poolsOf(host).background, options, (stop) => {
      const call = new IoCall(1, stop);
      const free = () => ioCall.run(call, async (): Promise<Awaited<R>> => await fn());
      // Outside of the handler's journal: the handler may end first, and its replay must not wait for what is done here.
      return unjournaled(free);
    });
    await job.then(undefined, (error: unknown) => {
      if (!(error instanceof CancelledError)) host.failed?.(error, name);
    });
  };
  const drop = (why: string) => control.cancelled(why);
  if (journal.get()?.replaying) {
    // It began before the restart that the handler is brought back from; what it had done then is not known.
    const why = `The background task "${name}" had begun before a restart, and what became of it is not known. `;
    control.fail(new InterruptedError(`${why}Await what must survive a restart by run.ioBound or run.cpuBound.`));
    return { job, run: () => Promise.resolve(), drop };
  }
  return { job, run, drop };
}
