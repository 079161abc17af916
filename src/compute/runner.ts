import type { Clock } from '../clock/index.ts';
import {
  capture,
  checkCloneable,
  closestName,
  isPermanent,
  isProxy,
  type Observer,
  type Outcome,
  type Running,
  type TaskCall,
  taskLimits,
  tooLarge,
} from '../rpc/index.ts';
import { attempting } from './checkpoint.ts';
import { Reports } from './reports.ts';
import { SliceBudget } from './slice-budget.ts';

/** The exports of a module of tasks, by name. */
export type TaskModule = Readonly<Record<string, unknown>>;

/** The platform's clock and thread. */
export interface Thread {
  readonly clock: Clock;
  /** Yields the thread to other work, which also lets the clock advance. */
  wait(): Promise<void>;
}

/** The outcome of a call that its caller has abandoned. Nobody reads it. */
const abandoned: Outcome = {
  ok: false,
  error: { name: 'CancelledError', message: 'The caller has cancelled this call.', own: {} },
  permanent: true,
};

/**
 * Starts a task: see {@link ComputeService.run}. Neither throws nor rejects.
 *
 * @param build the build of this Worker; undefined in development.
 */
export function execute(
  tasks: TaskModule,
  call: TaskCall,
  thread: Thread,
  build?: string,
): Outcome | TaskExecution | Promise<Outcome | TaskExecution> {
  const task = Object.hasOwn(tasks, call.task) ? tasks[call.task] : undefined;
  if (typeof task !== 'function') {
    const skewed = build !== undefined && call.build !== undefined && build !== call.build;
    return skewed ? otherBuild(call, build) : rejected(unknownTask(tasks, call.task), true);
  }
  try {
    // The first step is taken here, because a generator's code runs only then.
    const { steps, pending } = attempting(call, task, () => {
      const returned: unknown = task(...call.args);
      const steps = stepsOf(returned);
      return { steps, pending: steps ? steps.next() : returned };
    });
    // Without a promise for a plain result, because a short task takes no longer than one.
    if (!steps && !isThenable(pending)) return sendable(call.task, pending);
    return begun(call.task, steps, pending, thread);
  } catch (error) {
    return rejected(error, false);
  }
}

async function begun(
  task: string,
  steps: Steps | undefined,
  pending: unknown,
  thread: Thread,
): Promise<Outcome | TaskExecution> {
  try {
    if (!steps) return await resultOf(task, pending);
    const first = (await pending) as IteratorResult<unknown, unknown>;
    return first.done ? await resultOf(task, first.value) : new TaskExecution(task, steps, first.value, thread);
  } catch (error) {
    return rejected(error, false);
  }
}

/** A generator or an async generator. */
interface Steps {
  next(): IteratorResult<unknown, unknown> | Promise<IteratorResult<unknown, unknown>>;
  return(value: unknown): IteratorResult<unknown, unknown> | Promise<IteratorResult<unknown, unknown>>;
}

/** A running task: a generator that has yielded once and pauses until its caller follows it. */
export class TaskExecution implements Running {
  readonly #task: string;
  readonly #steps: Steps;
  readonly #first: unknown;
  readonly #thread: Thread;
  readonly #pace = new SliceBudget();
  #state: 'resting' | 'running' | 'over' = 'resting';
  #unwanted = false;
  /** The outcome of a task whose report could not be sent. */
  #unsent: Outcome | undefined;

  constructor(task: string, steps: Steps, first: unknown, thread: Thread) {
    this.#task = task;
    this.#steps = steps;
    this.#first = first;
    this.#thread = thread;
  }

  async follow(observer: Observer): Promise<Outcome> {
    if (this.#state !== 'resting') return abandoned;
    this.#state = 'running';
    const reports = new Reports(this.#task, observer, this.#thread.clock, (error) => {
      this.#unwanted = true;
      // The platform may refuse a value that passed the check. Any other failure means that the caller is gone.
      if (!isUncloneable(error)) return;
      this.#unsent = rejected(
        new TypeError(`Task "${this.#task}" yielded a value that cannot be sent: ${error.message}`),
        true,
      );
    });
    try {
      const outcome = await this.#toTheEnd(reports);
      if (!this.#unwanted) await reports.flush();
      return this.#unsent ?? outcome;
    } finally {
      this.#state = 'over';
      reports.drop();
    }
  }

  async cancel(): Promise<void> {
    this.#unwanted = true;
    if (this.#state !== 'resting') return;
    this.#state = 'over';
    await this.#close().catch(() => {}); // nobody is left to receive the error
  }

  async #toTheEnd(reports: Reports): Promise<Outcome> {
    try {
      reports.add(this.#first);
      if (reports.takeUrgent()) await this.#thread.wait();
      for (;;) {
        if (this.#unwanted) {
          await this.#close();
          return abandoned;
        }
        const last = await this.#slice(reports);
        if (last) return await resultOf(this.#task, last.value);
      }
    } catch (error) {
      return rejected(error, isPermanent(error));
    }
  }

  /** Runs one slice and yields the thread. @returns the last step when the task ended. */
  async #slice(reports: Reports): Promise<IteratorReturnResult<unknown> | undefined> {
    const { clock } = this.#thread;
    const { budget } = this.#pace;
    const look = Math.max(1, budget >> 3);
    const began = clock.now();
    let count = 0;
    let urgent = false;
    while (count < budget && !urgent) {
      const next = this.#steps.next();
      // Awaits only promises, because an await for each yield of a plain generator would cost more than the yield.
      const step = isPromise(next) ? await next : next;
      if (step.done) return step;
      count++;
      reports.add(step.value);
      urgent = reports.takeUrgent();
      if (this.#unwanted) return undefined;
      if (reports.full) break;
      if (count % look === 0 && SliceBudget.isLong(clock.now() - began)) break;
    }
    // Exact where the clock runs while code computes. Where the clock stands still, it is 0, and the pause is included below.
    const worked = clock.now() - began;
    const { heldUp } = reports;
    if (reports.full) await reports.settle();
    else await this.#thread.wait();
    this.#pace.learn(count, worked || clock.now() - began, urgent && count < budget);
    if (heldUp) {
      await reports.answered();
      await this.#thread.wait();
    }
    return undefined;
  }

  /** Runs the generator's `finally` blocks, also when they yield. */
  async #close(): Promise<void> {
    let step = await this.#steps.return(undefined);
    for (let more = 0; !step.done && more < SliceBudget.most; more++) step = await this.#steps.next();
  }
}

function stepsOf(returned: unknown): Steps | undefined {
  if (typeof returned !== 'object' || returned === null || isProxy(returned)) return undefined;
  const { next, return: close } = returned as Partial<Steps>;
  const iterable = Symbol.iterator in returned || Symbol.asyncIterator in returned;
  return iterable && typeof next === 'function' && typeof close === 'function'
    ? (returned as unknown as Steps)
    : undefined;
}

async function resultOf(task: string, returned: unknown): Promise<Outcome> {
  // Not awaited, because awaiting a revoked Proxy throws; the check refuses every Proxy.
  return sendable(task, isProxy(returned) ? returned : await returned);
}

function sendable(task: string, value: unknown): Outcome {
  const measured = checkCloneable(value, 'result');
  if (!measured.ok) {
    return rejected(new TypeError(`The result of task "${task}" cannot be sent back: ${measured.problem}.`), true);
  }
  if (measured.bytes > taskLimits.message)
    return rejected(tooLarge(`The result of task "${task}" is`, measured.bytes), true);
  return { ok: true, value };
}

function rejected(error: unknown, permanent: boolean): Outcome {
  return { ok: false, error: capture(error), permanent };
}

/** The answer for a task of another build: the caller asks again, because a deployment is probably under way. */
function otherBuild({ task, build: wanted }: TaskCall, build: string): Outcome {
  const error = new Error(
    `There is no task "${task}" in this compute Worker, which is of build ${build}. The application was built with ${wanted}. ` +
      'Deploy the compute Worker of that build: `edgewise deploy` deploys both.',
  );
  return { ok: false, error: capture(error), permanent: false, otherBuild: true };
}

function unknownTask(tasks: TaskModule, name: string): Error {
  const known = Object.keys(tasks)
    .filter((key) => typeof tasks[key] === 'function')
    .sort();
  const guess = closestName(name, known);
  const error = new Error(
    `There is no task "${name}" in this compute Worker.${guess ? ` Did you mean "${guess}"?` : ''} ` +
      (known.length > 0 ? `It has: ${known.join(', ')}.` : 'It has none: pass the module to compute(tasks).') +
      ' If you have just added it, deploy (or restart) the compute Worker.',
  );
  error.name = 'UnknownTaskError';
  return error;
}

function isUncloneable(error: unknown): error is Error {
  return error instanceof Error && error.name === 'DataCloneError';
}

/** True for what an await would wait for. A Proxy is nothing of that kind, because the check refuses it. */
function isThenable(value: unknown): boolean {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null || isProxy(value)) return false;
  return typeof (value as { then?: unknown }).then === 'function';
}

function isPromise<T>(value: T | Promise<T>): value is Promise<T> {
  return typeof (value as Promise<T>).then === 'function';
}
