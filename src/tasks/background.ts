import { capture } from '../context/index.ts';
import { CancelledError, InterruptedError } from '../rpc/index.ts';
import { IoCall, ioCall, isCutOff, poolsOf, type TaskHost, taskHost } from './host.ts';
import { Job, JobControl } from './job.ts';
import { journal, unjournaled } from './journal.ts';
import { checkOptions, type RunOptions, runChecks, textCheck } from './options.ts';
import { neverSettlingJob } from './recorded-job.ts';
import { runWithRetries } from './retry.ts';

/** Options of `background.create`. */
export interface BackgroundOptions extends Pick<RunOptions, 'timeout' | 'retries'> {
  /** Names it where its failure is logged. @default the name of the function */
  readonly name?: string;
}

const { timeout, retries } = runChecks;
const backgroundChecks = { timeout, retries, name: textCheck };

/** The lazy tasks of one name: one runs, and the newest of the others waits. */
interface Lazy {
  next: { run(): Promise<void>; drop(why: string): void } | undefined;
}

const lazies = new WeakMap<TaskHost, Map<string, Lazy>>();

/**
 * Background work, which no handler has to await. It retains the session in memory until it ends, at most 15 minutes; work that
 * must outlive the session's memory belongs in a job. A failure is logged and passed to `app.onPageError`, with session and name.
 */
export const background = {
  /** Starts `fn` now. Its `run.signal` aborts when the job is cancelled or out of time. */
  create<R>(fn: () => R, options: BackgroundOptions = {}): Job<Awaited<R>> {
    const { job, run } = prepare(fn, options, 'background.create');
    void run();
    return job;
  },

  /**
   * Starts `fn`, or after the running task of the same name has ended. Only the newest waiting task starts. Use it for work
   * after the last of several changes, such as saving.
   */
  createLazy(name: string, fn: () => unknown): void {
    if (typeof name !== 'string' || name === '') {
      throw new TypeError(
        "background.createLazy takes a name and a function, as in background.createLazy('save', save).",
      );
    }
    const host = taskHost.require('background.createLazy');
    if (journal.get()?.replaying || isCutOff(host)) return;
    const task = prepare(fn, { name }, 'background.createLazy');
    const all = lazies.get(host) ?? new Map<string, Lazy>();
    lazies.set(host, all);
    const running = all.get(name);
    if (running) {
      running.next?.drop('a newer task of the same name replaced it');
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

/** Returns a task that has not started. Its `run` starts it and never rejects. */
function prepare<R>(fn: () => R, options: BackgroundOptions, what: string) {
  const host = taskHost.require(what);
  if (typeof fn !== 'function') throw new TypeError(`${what} takes a function, not ${typeof fn}.`);
  checkOptions(what, options, backgroundChecks);
  const name = options.name ?? (fn.name || 'without a name');
  if (isCutOff(host)) return { job: neverSettlingJob<Awaited<R>, never>(host), run: async () => {}, drop() {} };
  const within = capture();
  const control = new JobControl<Awaited<R>, never>(host, `Background task "${name}"`, { quiet: true });
  const job = new Job(control);
  const run = async () => {
    // Because the work may have waited while another version replaced the page.
    if (within(() => isCutOff(host))) {
      control.abandon();
      return;
    }
    void runWithRetries<Awaited<R>, never>(control, poolsOf(host).background, options, undefined, (stop) => {
      const call = new IoCall(1, stop);
      const free = () => ioCall.run(call, async (): Promise<Awaited<R>> => await fn());
      // Outside the handler's journal, because the handler may end first and its replay must not wait for this work.
      return unjournaled(free);
    });
    void job.then(undefined, (error: unknown) => {
      if (!(error instanceof CancelledError)) host.failed?.(error, name);
    });
    await control.over;
  };
  const drop = (why: string) => control.cancelled(why);
  if (journal.get()?.replaying) {
    // The task started before the restart, so nobody knows how far it came.
    const why = `The background task "${name}" had started before a restart, which may have ended it anywhere. `;
    control.fail(new InterruptedError(`${why}Use run.ioBound or run.cpuBound for work that must survive a restart.`));
    return { job, run: () => Promise.resolve(), drop };
  }
  return { job, run, drop };
}
