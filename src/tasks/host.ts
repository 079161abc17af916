import type { Clock } from '../clock/index.ts';
import { ContextKey } from '../context/index.ts';
import { type ComputeService, type StopSignal, taskLimits } from '../rpc/index.ts';
import { journal } from './journal.ts';
import { Semaphore } from './semaphore.ts';
import { Timeouts } from './timeouts.ts';

/** What offloaded work needs of its session. One object serves all pages of a session. */
export interface TaskHost {
  readonly clock: Clock;
  /** Counts work of the running code as open until the returned function is called. Its page is not given up meanwhile. */
  opens(): () => void;
  /** Retains the host in memory until the promise settles, for work without a timer, which retains it too. The promise never rejects. */
  keepAlive(promise: Promise<unknown>): void;
  /** Runs `fn`, which writes signals, as one turn with one batch and one flush. Inside a turn it joins that turn. */
  turn(fn: () => void): void;
  /** Returns the service of a binding; undefined when the environment has none. */
  service(binding: string): ComputeService | undefined;
  /** True for code of a page that another version of the application has replaced. */
  readonly retired?: boolean;
  /** Logs a failure of background work and calls the application's handler. */
  failed?(error: unknown, name: string): void;
  /** Logs a message about work that nobody awaits. */
  log(level: 'warn' | 'error', message: string, error?: unknown): void;
}

/** The host of the running code. */
export const taskHost = new ContextKey<TaskHost>('session');

/** True when the running code may begin no more work: its handler was interrupted, or its page replaced. */
export function isCutOff(host: TaskHost): boolean {
  return journal.get()?.interrupted === true || host.retired === true;
}

/** One attempt of an `ioBound` call. */
export class IoCall {
  /** Level of nesting, from 1. */
  readonly depth: number;
  /** Fires when the call is cancelled or out of time. */
  readonly stop: StopSignal;
  #signal: AbortSignal | undefined;
  #read = false;

  constructor(depth: number, stop: StopSignal) {
    this.depth = depth;
    this.stop = stop;
  }

  /** The signal for the function of the call. */
  get signal(): AbortSignal {
    this.#read = true;
    return this.stopped;
  }

  /** The same for what belongs to the call. Created on the first read, because most functions need none. */
  get stopped(): AbortSignal {
    this.#signal ??= this.stop.toSignal();
    return this.#signal;
  }

  /** True when the function has read its signal, so that it can end early. */
  get endsEarly(): boolean {
    return this.#read;
  }
}

/** The running `ioBound` call. */
export const ioCall = new ContextKey<IoCall>('running ioBound call');

/** The task resources of a host: the places of each lane and the timeouts. */
export class TaskPools {
  readonly timeouts: Timeouts;
  readonly cpu = new Semaphore(taskLimits.parallelCpu, taskLimits.waiting);
  readonly background = new Semaphore(taskLimits.parallelIo, taskLimits.waiting);
  readonly #io: Semaphore[] = [];

  constructor(clock: Clock) {
    this.timeouts = new Timeouts(clock);
  }

  /**
   * Returns the places of a level of nesting. A call waits only for calls of its own level, and these only for deeper ones,
   * so nested calls cannot deadlock.
   */
  io(depth: number): Semaphore {
    this.#io[depth] ??= new Semaphore(taskLimits.parallelIo, taskLimits.waiting);
    return this.#io[depth];
  }
}

const poolsByHost = new WeakMap<TaskHost, TaskPools>();

export function poolsOf(host: TaskHost): TaskPools {
  let pools = poolsByHost.get(host);
  if (!pools) poolsByHost.set(host, (pools = new TaskPools(host.clock)));
  return pools;
}
