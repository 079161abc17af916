import type { Clock } from '../clock/index.ts';
import { ScopeKey } from '../context/index.ts';
import { type ComputeService, type Stop, taskLimits } from '../rpc/index.ts';
import { Places } from './semaphore.ts';

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
export const taskHost = new ScopeKey<TaskHost>('session');

/** One attempt of an `ioBound` call. */
export class IoCall {
  /** Calls inside calls are one deeper. */
  readonly depth: number;
  readonly #stop: Stop;
  #signal: AbortSignal | undefined;

  constructor(depth: number, stop: Stop) {
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
export const ioCall = new ScopeKey<IoCall>('running ioBound call');

/** What a host holds for its tasks: the places of each lane, and the number of the next job. */
export class Desk {
  readonly cpu = new Places(taskLimits.parallelCpu, taskLimits.waiting);
  readonly background = new Places(taskLimits.parallelIo, taskLimits.waiting);
  readonly #io: Places[] = [];
  #jobs = 0;

  /**
   * Each level of nesting has places of its own. A call waits only for calls of its own level, and these only for deeper
   * ones, so calls within calls cannot wait for each other in a circle.
   */
  io(depth: number): Places {
    this.#io[depth] ??= new Places(taskLimits.parallelIo, taskLimits.waiting);
    return this.#io[depth];
  }

  nextId(): string {
    return String(++this.#jobs);
  }
}

const desks = new WeakMap<TaskHost, Desk>();

export function deskOf(host: TaskHost): Desk {
  let desk = desks.get(host);
  if (!desk) desks.set(host, (desk = new Desk()));
  return desk;
}
