import type { Duration } from '../clock/index.ts';
import { inContext } from '../context/index.ts';
import { cpuBound } from './cpu-bound.ts';
import { event } from './event.ts';
import { ioCall } from './host.ts';
import { ioBound } from './io-bound.ts';
import type { Job } from './job.ts';
import { checkOptions, type RunOptions } from './options.ts';
import { patched } from './patched.ts';
import { sleep } from './sleep.ts';
import { type Task, type TasksOf, tasks } from './task.ts';
import type { WaitOptions } from './wait.ts';

/** Calls that run work outside of the page. */
export interface Runner {
  /**
   * Runs a task in its compute Worker. Await it for the result, or use the job to watch and cancel it.
   * It fails with {@link TaskError}, {@link CancelledError}, {@link TimeoutError} or {@link ServiceError}.
   */
  cpuBound<A extends readonly unknown[], R, C>(task: Task<A, R, C>, ...args: A): Job<R, C>;
  /**
   * Runs a function that waits for something. It fails with the function's own error, {@link CancelledError} or {@link TimeoutError}.
   * A session runs 32 at once, and 32 more for each level of calls inside calls; further calls wait in order.
   */
  ioBound<A extends readonly unknown[], R>(fn: (...args: A) => R, ...args: NoInfer<A>): Job<Awaited<R>>;
  /**
   * The same, with these options; later ones win over earlier ones.
   * @throws {TypeError} when an option is misspelt or wrong.
   */
  with(options: RunOptions): Runner;
}

/** The type of {@link run}. */
export interface RunApi extends Runner {
  /**
   * Returns typed handles for the tasks of the service bound under this name. Whether the service has such a task is known when
   * it is called.
   *
   * @example
   * import type * as Tasks from './tasks.ts';
   *
   * const tasks = run.tasks<typeof Tasks>('COMPUTE', { report: { via: 'queue', retries: 2 } });
   *
   * @param options how the calls of a task are carried out.
   * @throws {TypeError} when an option is misspelt or wrong.
   */
  tasks<Module>(binding: string, options?: { readonly [K in keyof TasksOf<Module>]?: RunOptions }): TasksOf<Module>;
  /**
   * Waits for a time, also for days. In a handler of a page the wait outlives restarts and deploys. From 10 seconds on it holds
   * nothing in memory: the page's object sleeps meanwhile. In a function of `run.ioBound` it is a plain timer, which ends with
   * the call.
   *
   * @example
   * await run.sleep('3 days');
   * ui.notify('Your trial has ended.');
   *
   * @throws {CancelledError} (rejects) when another run takes the handler's place.
   */
  sleep(duration: Duration): Promise<void>;
  /**
   * Waits for an event that `app.send` sends to the user of the page, from any page, route or job. Every handler of that user
   * that waits for the name gets it. While none waits, the session stores it for the first one that does: 7 days, and 100 events.
   *
   * @example
   * const answer = await run.event<'yes' | 'no'>(`approval:${order.id}`, { timeout: '7d' });
   *
   * @param name what is waited for, such as `paid:17`: 1 to 200 characters.
   * @throws {TimeoutError} (rejects) when it has not come in time.
   * @throws {CancelledError} (rejects) when another run takes the handler's place.
   */
  event<T = unknown>(name: string, options?: WaitOptions): Promise<T>;
  /**
   * Returns true in runs of a handler that reach changed code for the first time, and false in runs that had passed it before the
   * change was deployed. A replay returns the same again, so a deploy can change the calls of handlers that are open. Remove the old
   * branch when no run of before is left. The idea and the name are Temporal's.
   *
   * @example
   * if (run.patched('check stock')) await run.ioBound(checkStock, order);
   *
   * @throws {TypeError} when the name is empty.
   */
  patched(name: string): boolean;
  /** Aborts when the running `ioBound` call is cancelled or out of time; undefined outside of one. */
  readonly signal: AbortSignal | undefined;
}

function runner(options: RunOptions): Runner {
  return {
    cpuBound: (task, ...args) => inContext(() => cpuBound(options, task, args)),
    ioBound: (fn, ...args) => inContext(() => ioBound(options, fn, args)),
    with(more) {
      checkOptions('run.with', more);
      return runner({ ...options, ...more });
    },
  };
}

/**
 * Runs work outside of the page: computations in compute Workers, waits for other systems, for time and for events. A handler
 * that awaits one of these calls survives a restart, and each call is carried out once.
 *
 * @example
 * const tasks = run.tasks<typeof Tasks>('COMPUTE');
 * ui.button('Report', async () => {
 *   const rows = await run.ioBound(() => fetchRows());
 *   ui.notify(await run.cpuBound(tasks.report, rows));
 * });
 */
export const run: RunApi = {
  ...runner({}),
  tasks,
  sleep,
  event,
  patched,
  get signal() {
    return ioCall.get()?.signal;
  },
};
