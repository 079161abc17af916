import { deskOf, IoCall, ioCall, taskHost } from './host.ts';
import { Job, JobControl, settle } from './job.ts';
import { journal, unjournaled } from './journal.ts';
import type { RunOptions } from './options.ts';
import { Journaled, nothing } from './recorded-job.ts';
import { carryOut, withHandlersSignal } from './retry.ts';

/**
 * Runs a function that waits: `fetch`, a database, an AI binding. Other events of the page are handled meanwhile.
 * `fetch` gets the call's signal by itself; any other function finds it in `run.signal`.
 */
export function ioBound<A extends readonly unknown[], R>(
  options: RunOptions,
  fn: (...args: A) => R,
  args: A,
): Job<Awaited<R>> {
  const host = taskHost.need('run.ioBound');
  const running = journal.get();
  if (running?.interrupted) return nothing(host);
  const outer = ioCall.get();
  const depth = (outer?.depth ?? 0) + 1;
  const what = fn.name ? `The call of ${fn.name}` : 'The ioBound call';
  const step = running?.step('io', fn.name, args);
  const before = step?.before?.outcome;
  const control = new JobControl<Awaited<R>, never>(host, what, { quiet: before !== undefined });
  const job = new Job(control);
  if (before) settle(control, before);
  else {
    void carryOut<Awaited<R>, never>(control, deskOf(host).io(depth), withHandlersSignal(options), (stop) => {
      const call = new IoCall(depth, stop);
      // What the function does is no step of the handler: a replay that knows the result does not run it.
      return unjournaled(() =>
        ioCall.run(call, async (): Promise<Awaited<R>> => await fn(...withSignal(fn, args, call))),
      );
    });
  }
  return step ? new Journaled(job, step, false) : job;
}

function withSignal<A extends readonly unknown[]>(fn: unknown, args: A, { signal }: IoCall): A {
  if (fn !== fetch) return args;
  const [input, init, ...rest] = args as readonly unknown[] as [unknown, RequestInit | undefined];
  const signals = [signal, init?.signal, input instanceof Request ? input.signal : undefined];
  const merged = AbortSignal.any(signals.filter((each) => each instanceof AbortSignal));
  return [input, { ...init, signal: merged }, ...rest] as readonly unknown[] as A;
}
