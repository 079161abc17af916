import { IoCall, ioCall, isCutOff, poolsOf, taskHost } from './host.ts';
import { Job, JobControl, settleJob } from './job.ts';
import { journal, unjournaled } from './journal.ts';
import { type RunOptions, type StoppableOptions, shown } from './options.ts';
import { neverSettlingJob, RecordedJob } from './recorded-job.ts';
import { runWithRetries, withHandlersSignal } from './retry.ts';

/** The methods of requests that change nothing, so that one more or less makes no difference. */
const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Runs a function that waits: `fetch`, a database, an AI binding. The page handles other events in between. `fetch` gets the
 * call's signal automatically; any other function reads `run.signal`. When another run takes the handler's place, a function that
 * has not read it runs to its end, because it may be a cleanup. So does a `fetch` that changes something.
 */
export function ioBound<A extends readonly unknown[], R>(
  options: RunOptions,
  fn: (...args: A) => R,
  args: A,
): Job<Awaited<R>> {
  const host = taskHost.require('run.ioBound');
  if (typeof fn !== 'function') {
    throw new TypeError(
      `run.ioBound takes a function and its arguments, as in run.ioBound(fetch, url); it was given ${shown(fn)}. Pass the function itself, not what it returns.`,
    );
  }
  if (isCutOff(host)) return neverSettlingJob(host);
  const outer = ioCall.get();
  const depth = (outer?.depth ?? 0) + 1;
  const what = fn.name ? `The call of ${fn.name}` : 'The ioBound call';
  const step = journal.get()?.step('io', fn.name, args, fn);
  const before = step?.before?.outcome;
  const make = () => new JobControl<Awaited<R>, never>(host, what, { quiet: before !== undefined });
  const control = make();
  const begin = (control: JobControl<Awaited<R>, never>, options: StoppableOptions) => {
    let call: IoCall | undefined;
    return runWithRetries<Awaited<R>, never>(
      control,
      poolsOf(host).io(depth),
      options,
      step,
      (stop) => {
        const attempt = new IoCall(depth, stop);
        call = attempt;
        // Outside the journal, because a replay that has the result does not run the function.
        return unjournaled(() =>
          ioCall.run(attempt, async (): Promise<Awaited<R>> => await fn(...withSignal(fn, args, attempt))),
        );
      },
      () => !call?.endsEarly,
    );
  };
  if (before) {
    settleJob(control, before);
    if (step?.before?.unfinished) void begin(make(), options).then(step.completes());
  } else void begin(control, withHandlersSignal(options));
  return step ? new RecordedJob(control, step, false) : new Job(control);
}

function withSignal<A extends readonly unknown[]>(fn: unknown, args: A, call: IoCall): A {
  if (fn !== fetch) return args;
  const [input, init, ...rest] = args as readonly unknown[] as [unknown, RequestInit | undefined];
  const method = init?.method ?? (input instanceof Request ? input.method : 'GET');
  const signal = safeMethods.has(method.toUpperCase()) ? call.signal : call.stopped;
  const signals = [signal, init?.signal, input instanceof Request ? input.signal : undefined];
  const merged = AbortSignal.any(signals.filter((each) => each instanceof AbortSignal));
  return [input, { ...init, signal: merged }, ...rest] as readonly unknown[] as A;
}
