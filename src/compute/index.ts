/**
 * What a compute Worker imports: the class that runs its tasks, and checkpoints.
 *
 * @packageDocumentation
 * @module edgewise/compute
 */

import { RpcTarget, WorkerEntrypoint } from '#platform';
import { systemClock } from '../clock/index.ts';
import type { ComputeService, Observer, Outcome, Running, Started, TaskCall } from '../rpc/index.ts';
import { type TaskFiles, taskFiles } from './files.ts';
import { execute, TaskExecution, type TaskModule, type Thread } from './runner.ts';

export type { Checkpoint } from '../rpc/index.ts';
export { checkpoint, resumed } from './checkpoint.ts';
export type { TaskModule } from './runner.ts';

/** The class of a compute Worker; the platform makes one instance for each call. */
export interface ComputeWorker {
  /** @internal */
  new (ctx: ExecutionContext, env: never): WorkerEntrypoint & ComputeService;
}

/** What the build of an application tells its compute Workers. */
interface BuildBindings {
  /** The build of this Worker. */
  readonly EDGEWISE_BUILD?: string;
  /** The bucket with the files of the application's visitors. Without it, the application sends them. */
  readonly FILES?: R2Bucket;
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
      return start(tasks, call, this.env);
    }

    runPlain(task: string, build: string | undefined, ...args: readonly unknown[]): Promise<unknown> {
      const begun = start(tasks, { attempt: 1, task, args, build }, this.env);
      // The platform makes the promise for its caller.
      return begun instanceof Promise ? begun.then(plain) : (plain(begun) as Promise<unknown>);
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

/** See {@link ComputeService}. Without a promise for a task that ends at once, because one costs a short call a twentieth. */
function start(
  tasks: TaskModule,
  call: TaskCall,
  env: BuildBindings = {},
): Outcome | Started | Promise<Outcome | Started> {
  const { EDGEWISE_BUILD: build, FILES: bucket } = env;
  const files = taskFiles(call, bucket);
  const answer = (begun: Outcome | TaskExecution) => {
    if (begun instanceof TaskExecution) return { running: new RemoteRun(begun, files) };
    files?.close();
    return begun;
  };
  const beginning = execute(tasks, files?.call ?? call, thread, build);
  return beginning instanceof Promise ? beginning.then(answer) : answer(beginning);
}

/** A result that is no object is the whole answer. */
function plain(answer: Outcome | Started): unknown {
  return 'ok' in answer && answer.ok && Object(answer.value) !== answer.value ? answer.value : answer;
}

/** The caller's handle of a running task. The task ends when the caller disposes the handle or dies. */
class RemoteRun extends RpcTarget implements Running {
  readonly #run: TaskExecution;
  readonly #files: TaskFiles | undefined;

  constructor(run: TaskExecution, files: TaskFiles | undefined) {
    super();
    this.#run = run;
    this.#files = files;
  }

  async follow(observer: Observer): Promise<Outcome> {
    try {
      return await this.#run.follow(observer);
    } finally {
      this.#files?.close();
    }
  }

  cancel(): Promise<void> {
    return this.#run.cancel();
  }

  [Symbol.dispose](): void {
    void this.#run.cancel();
    this.#files?.close();
  }
}
