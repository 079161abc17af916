import { execute, TaskExecution, type TaskModule } from '../../src/compute/runner.ts';
import type { ComputeService, Outcome, Running, Started, TaskCall } from '../../src/rpc/index.ts';
import { type TaskHost, taskHost } from '../../src/tasks/index.ts';
import { settle, TestClock } from './tasks-clock.ts';

/** A host whose time, services and log are in the test's hands. */
export class TestHost implements TaskHost {
  readonly clock = new TestClock();
  readonly services = new Map<string, ComputeService>();
  readonly logs: string[] = [];
  /** Work that is open, and what retains the host without a timer. */
  readonly kept = new Set<object>();
  readonly held = new Set<Promise<unknown>>();
  turns = 0;
  #inTurn = false;

  /** The services named here run their tasks in this thread, with the host's clock. */
  constructor(services: Record<string, TaskModule> = {}) {
    for (const [name, tasks] of Object.entries(services)) this.services.set(name, localService(tasks, this.clock));
  }

  opens(): () => void {
    const work = {};
    this.kept.add(work);
    return () => this.kept.delete(work);
  }

  keepAlive(promise: Promise<unknown>): void {
    this.held.add(promise);
    void promise.finally(() => this.held.delete(promise));
  }

  turn(fn: () => void): void {
    const outermost = !this.#inTurn;
    if (outermost) this.turns++;
    this.#inTurn = true;
    try {
      fn();
    } finally {
      if (outermost) this.#inTurn = false;
    }
  }

  service(binding: string): ComputeService | undefined {
    return this.services.get(binding);
  }

  log(_level: 'warn' | 'error', message: string): void {
    this.logs.push(message);
  }

  run<R>(fn: () => R): R {
    return taskHost.run(this, fn);
  }
}

/** Runs tasks as a compute Worker does, with the copying that RPC does, in the thread of the test. */
export function localService(tasks: TaskModule, clock: TestClock): ComputeService {
  const thread = { clock, wait: settle };
  return {
    async run(call: TaskCall): Promise<Outcome | Started> {
      const begun = await execute(tasks, structuredClone(call), thread);
      if (!(begun instanceof TaskExecution)) return structuredClone(begun);
      return {
        running: {
          follow: async (observer) =>
            structuredClone(await begun.follow((report) => observer(structuredClone(report)))),
          cancel: () => begun.cancel(),
        },
      };
    },
  };
}

/** A service whose every move the test makes. */
export class HeldService implements ComputeService {
  readonly calls: HeldCall[] = [];

  run(call: TaskCall): Promise<Outcome | Started> {
    const held = new HeldCall(call);
    this.calls.push(held);
    return held.answer.promise;
  }

  at(index: number): HeldCall {
    const call = this.calls[index];
    if (!call) throw new Error(`There were only ${this.calls.length} calls.`);
    return call;
  }
}

export class HeldCall implements Running {
  readonly call: TaskCall;
  readonly answer = Promise.withResolvers<Outcome | Started>();
  readonly outcome = Promise.withResolvers<Outcome>();
  observer: Parameters<Running['follow']>[0] | undefined;
  cancelled = 0;
  disposed = 0;

  constructor(call: TaskCall) {
    this.call = call;
  }

  /** Answers that the task goes on. */
  async goOn(): Promise<void> {
    const started = {
      running: this,
      [Symbol.dispose]: () => {
        this.disposed++;
      },
    };
    this.answer.resolve(started);
    await settle();
  }

  follow(observer: Parameters<Running['follow']>[0]): Promise<Outcome> {
    this.observer = observer;
    return this.outcome.promise;
  }

  async cancel(): Promise<void> {
    this.cancelled++;
  }
}
