/**
 * What a compute Worker imports: the class that runs its tasks, and checkpoints.
 *
 * @packageDocumentation
 * @module edgewise/compute
 */

import { RpcTarget, WorkerEntrypoint } from '#platform';
import { systemClock } from '../clock/index.ts';
import type { ComputeService, Observer, Outcome, Running, Started, TaskCall } from '../rpc/index.ts';
import { execute, TaskExecution, type TaskModule, type Thread } from './runner.ts';

export type { Checkpoint } from '../rpc/index.ts';
export { checkpoint, resumed } from './checkpoint.ts';
export type { TaskModule } from './runner.ts';

/** The class of a compute Worker; the platform makes one instance for each call. */
export interface ComputeWorker {
  /** @internal */
  new (ctx: ExecutionContext, env: never): WorkerEntrypoint & ComputeService;
}

const thread: Thread = {
  clock: systemClock,
  // Twice, because a session receives its event in the first turn of the thread and its answer leaves in the second. With
  // one turn, the answer would wait for another slice.
  async wait() {
    await scheduler.wait(0);
    await scheduler.wait(0);
  },
};

/**
 * Returns the class of a Worker that runs these tasks for every Worker that binds it. It answers no web request, so it needs no
 * route.
 *
 * @example
 * import { compute } from 'edgewise/compute';
 * import * as tasks from './tasks.ts';
 *
 * export default compute(tasks);
 *
 * @param tasks the module: each function it exports is a task.
 */
export function compute(tasks: TaskModule): ComputeWorker {
  return class Compute extends WorkerEntrypoint implements ComputeService {
    async run(call: TaskCall): Promise<Outcome | Started> {
      const begun = await execute(tasks, call, thread);
      return begun instanceof TaskExecution ? { running: new RemoteRun(begun) } : begun;
    }

    async ready(): Promise<void> {}

    override fetch(): Response {
      return new Response(
        'This Worker serves no web requests. It runs tasks for Workers that bind it as a service.\n',
        { status: 404 },
      );
    }
  };
}

/** The caller's handle of a running task. The task ends when the caller disposes the handle or dies. */
class RemoteRun extends RpcTarget implements Running {
  readonly #run: TaskExecution;

  constructor(run: TaskExecution) {
    super();
    this.#run = run;
  }

  follow(observer: Observer): Promise<Outcome> {
    return this.#run.follow(observer);
  }

  cancel(): Promise<void> {
    return this.#run.cancel();
  }

  [Symbol.dispose](): void {
    void this.#run.cancel();
  }
}
