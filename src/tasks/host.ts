import type { Clock } from '../clock/index.ts';
import { ContextKey } from '../context/index.ts';
import { type ComputeService, type StopSignal, taskLimits } from '../rpc/index.ts';
import { Semaphore } from './semaphore.ts';

/** What offloaded work needs of its surroundings. A session fills it, one object for all its pages. */
export interface TaskHost {
  readonly clock: Clock;
  /** Keeps the host in memory until the promise settles; it never rejects. */
  keepAlive(promise: Promise<unknown>): void;
  /** Runs `fn`, which writes signals, as one turn: one batch and one flush. Inside a running turn it joins that one. */
  turn(fn: () => void): void;
  /** The service bound under this name, or undefined when the environment has none. */
  service(binding: string): ComputeService | undefined;
  /** Background work failed: a line in the log, and the application's own handler. */
  failed?(error: unknown, name: string): void;
  /** For what nobody awaits. */
  log(level: 'warn' | 'error', message: string, error?: unknown): void;
}

/** Where `run` finds its host. */
export const taskHost = new ContextKey<TaskHost>('session');

/** One attempt of an `ioBound` call. */
export class IoCall {
  /** Calls inside calls are one deeper. */
  readonly depth: number;
  readonly #stop: StopSignal;
  #signal: AbortSignal | undefined;

  constructor(depth: number, stop: StopSignal) {
    this.depth = depth;
    this.#stop = stop;
  }

  /** Made when it is asked for: most functions never do. */
  get signal(): AbortSignal {
    this.#signal ??= this.#stop.toSignal();
    return this.#signal;
  }
}

/** The running `ioBound` call. */
export const ioCall = new ContextKey<IoCall>('running ioBound call');

/** What a host holds for its tasks: the places of each lane, and the number of the next job. */
export class TaskPools {
  readonly cpu = new Semaphore(taskLimits.parallelCpu, taskLimits.waiting);
  readonly background = new Semaphore(taskLimits.parallelIo, taskLimits.waiting);
  readonly #io: Semaphore[] = [];
  #jobs = 0;

  /**
   * Each level of nesting has places of its own. A call waits only for calls of its own level, and these only for deeper
   * ones, so calls within calls cannot wait for each other in a circle.
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
