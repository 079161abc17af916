import { IoCall, ioCall, poolsOf, taskHost } from './host.ts';
import { Job, JobControl, settleJob } from './job.ts';
import { journal, unjournaled } from './journal.ts';
import type { RunOptions } from './options.ts';
import { neverSettlingJob, RecordedJob } from './recorded-job.ts';
import { runWithRetries, withHandlersSignal } from './retry.ts';

/**
 * Runs a function that waits: `fetch`, a database, an AI binding. The page handles other events in between. `fetch` gets the
 * call's signal automatically; any other function reads `run.signal`.
 */
export function ioBound<A extends readonly unknown[], R>(
  options: RunOptions,
  fn: (...args: A) => R,
  args: A,
): Job<Awaited<R>> {
  const host = taskHost.require('run.ioBound');
  const running = journal.get();
  if (running?.interrupted) return neverSettlingJob(host);
  const outer = ioCall.get();
  const depth = (outer?.depth ?? 0) + 1;
  const what = fn.name ? `The call of ${fn.name}` : 'The ioBound call';
  const step = running?.step('io', fn.name, args, fn);
  const before = step?.before?.outcome;
  const control = new JobControl<Awaited<R>, never>(host, what, { quiet: before !== undefined });
  const job = new Job(control);
  if (before) settleJob(control, before);
  else {
    void runWithRetries<Awaited<R>, never>(control, poolsOf(host).io(depth), withHandlersSignal(options), (stop) => {
      const call = new IoCall(depth, stop);
      // Outside the journal, because a replay that has the result does not run the function.
      return unjournaled(() =>
        ioCall.run(call, async (): Promise<Awaited<R>> => await fn(...withSignal(fn, args, call))),
      );
    });
  }
  return step ? new RecordedJob(job, step, false) : job;
}

function withSignal<A extends readonly unknown[]>(fn: unknown, args: A, { signal }: IoCall): A {
  if (fn !== fetch) return args;
  const [input, init, ...rest] = args as readonly unknown[] as [unknown, RequestInit | undefined];
  const signals = [signal, init?.signal, input instanceof Request ? input.signal : undefined];
  const merged = AbortSignal.any(signals.filter((each) => each instanceof AbortSignal));
  return [input, { ...init, signal: merged }, ...rest] as readonly unknown[] as A;
}
