import { cpuBound } from './cpu-bound.ts';
import { event } from './event.ts';
import { ioCall } from './host.ts';
import { ioBound } from './io-bound.ts';
import type { Job } from './job.ts';
import { checkOptions, type RunOptions } from './options.ts';
import { sleep } from './sleep.ts';
import { type Task, tasks } from './task.ts';

/** Ways to run what would otherwise hold up the page. */
export interface Runner {
  /**
   * Runs a task in its compute Worker. Await it for the result, or keep the job to watch and stop it.
   * It fails with {@link TaskError}, {@link CancelledError}, {@link TimeoutError} or {@link ServiceError}.
   */
  cpuBound<A extends readonly unknown[], R, C>(task: Task<A, R, C>, ...args: A): Job<R, C>;
  /**
   * Runs a function that waits for something. It fails with the function's own error, {@link CancelledError} or {@link TimeoutError}.
   * A session runs 32 at once, and 32 more for each level of calls inside calls; further ones wait in line.
   */
  ioBound<A extends readonly unknown[], R>(fn: (...args: A) => R, ...args: NoInfer<A>): Job<Awaited<R>>;
  /**
   * The same, with these options; later ones win over earlier ones.
   * @throws {TypeError} when an option is misspelt or wrong.
   */
  with(options: RunOptions): Runner;
}

export interface RunApi extends Runner {
  /** Typed handles for the tasks of the service bound under this name. */
  tasks: typeof tasks;
  /** Waits for a time, also for days: see {@link sleep}. */
  sleep: typeof sleep;
  /** Waits for an event that `app.send` sends: see {@link event}. */
  event: typeof event;
  /** Aborts when the running `ioBound` call is cancelled or out of time; undefined outside of one. */
  readonly signal: AbortSignal | undefined;
}

function runner(options: RunOptions): Runner {
  return {
    cpuBound: (task, ...args) => cpuBound(options, task, args),
    ioBound: (fn, ...args) => ioBound(options, fn, args),
    with(more) {
      checkOptions('run.with', more);
      return runner({ ...options, ...more });
    },
  };
}

export const run: RunApi = {
  ...runner({}),
  tasks,
  sleep,
  event,
  get signal() {
    return ioCall.get()?.signal;
  },
};
