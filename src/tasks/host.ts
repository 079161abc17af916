import type { Clock } from '../clock/index.ts';
import { ContextKey } from '../context/index.ts';
import { type ComputeService, type StopSignal, taskLimits } from '../rpc/index.ts';
import { Semaphore } from './semaphore.ts';

/** What offloaded work needs of its session. One object serves all pages of a session. */
export interface TaskHost {
  readonly clock: Clock;
  /** Retains the host in memory until the promise settles. The promise never rejects. */
  keepAlive(promise: Promise<unknown>): void;
  /** Runs `fn`, which writes signals, as one turn with one batch and one flush. Inside a turn it joins that turn. */
  turn(fn: () => void): void;
  /** Returns the service of a binding; undefined when the environment has none. */
  service(binding: string): ComputeService | undefined;
  /** Logs a failure of background work and calls the application's handler. */
  failed?(error: unknown, name: string): void;
  /** Logs a message about work that nobody awaits. */
  log(level: 'warn' | 'error', message: string, error?: unknown): void;
}

/** The host of the running code. */
export const taskHost = new ContextKey<TaskHost>('session');

/** One attempt of an `ioBound` call. */
export class IoCall {
  /** Level of nesting, from 1. */
  readonly depth: number;
  readonly #stop: StopSignal;
  #signal: AbortSignal | undefined;

  constructor(depth: number, stop: StopSignal) {
    this.depth = depth;
    this.#stop = stop;
  }

  /** Created on the first read, because most functions never read it. */
  get signal(): AbortSignal {
    this.#signal ??= this.#stop.toSignal();
    return this.#signal;
  }
}

/** The running `ioBound` call. */
export const ioCall = new ContextKey<IoCall>('running ioBound call');

/** The task resources of a host: the places of each lane, and the number of the next job. */
export class TaskPools {
  readonly cpu = new Semaphore(taskLimits.parallelCpu, taskLimits.waiting);
  readonly background = new Semaphore(taskLimits.parallelIo, taskLimits.waiting);
  readonly #io: Semaphore[] = [];
  #jobs = 0;

  /**
   * Returns the places of a level of nesting. A call waits only for calls of its own level, and these only for deeper ones,
   * so nested calls cannot deadlock.
   */
  io(depth: number): Semaphore {
    this.#io[depth] ??= new Semaphore(taskLimits.parallelIo, taskLimits.waiting);
    return this.#io[depth];
  }

  nextId(): string {
    return String(++this.#jobs);
  }
}

const pools = new WeakMap<TaskHost, TaskPools>();

export function poolsOf(host: TaskHost): TaskPools {
  let desk = pools.get(host);
  if (!desk) pools.set(host, (desk = new TaskPools()));
  return desk;
}
