import { carryOut, withHandlersSignal } from './attempts.ts';
import { capture, revive } from './errors.ts';
import { deskOf, IoCall, ioCall, taskHost } from './host.ts';
import { Job, JobControl } from './job.ts';
import { journal, type Step } from './journal.ts';
import type { RunOptions } from './options.ts';

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
  const outer = ioCall.get();
  const depth = (outer?.depth ?? 0) + 1;
  const control = new JobControl<Awaited<R>, never>(host, fn.name ? `The call of ${fn.name}` : 'The ioBound call');
  const job = new Job(control);
  // A call inside a call is made again with the outer one, if that is.
  const step = outer ? undefined : journal.get()?.step('io', fn.name);
  const before = step?.before?.outcome;
  if (before) {
    if (before.ok) control.succeed(before.value as Awaited<R>);
    else control.fail(revive(before.error));
    return step ? new JournaledCall(control, step) : job;
  }
  void carryOut<Awaited<R>, never>(control, deskOf(host).io(depth), withHandlersSignal(options), (stop) => {
    const call = new IoCall(depth, stop);
    return ioCall.run(call, async (): Promise<Awaited<R>> => await fn(...withSignal(fn, args, call)));
  });
  return step ? new JournaledCall(control, step) : job;
}

/** A call as a durable handler sees it: its result goes into the handler's journal before the handler goes on with it. */
class JournaledCall<R> extends Job<R> {
  readonly #step: Step;
  #result: Promise<R> | undefined;

  constructor(control: JobControl<R, never>, step: Step) {
    super(control);
    this.#step = step;
  }

  protected override result(): Promise<R> {
    this.#result ??= this.#noted();
    return this.#result;
  }

  async #noted(): Promise<R> {
    const step = this.#step;
    try {
      const value = await super.result();
      await step.ready('result');
      step.consumed({ ok: true, value });
      return value;
    } catch (error) {
      await step.ready('result');
      step.consumed({ ok: false, error: capture(error) });
      throw error;
    }
  }
}

function withSignal<A extends readonly unknown[]>(fn: unknown, args: A, { signal }: IoCall): A {
  if (fn !== fetch) return args;
  const [input, init, ...rest] = args as readonly unknown[] as [unknown, RequestInit | undefined];
  const signals = [signal, init?.signal, input instanceof Request ? input.signal : undefined];
  const merged = AbortSignal.any(signals.filter((each) => each instanceof AbortSignal));
  return [input, { ...init, signal: merged }, ...rest] as readonly unknown[] as A;
}
