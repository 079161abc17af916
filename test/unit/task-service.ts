// A compute Worker in the thread of the test, and the gates that hold its tasks.

import { execute, TaskExecution } from '../../src/compute/runner.ts';
import type { ComputeService } from '../../src/rpc/index.ts';
import { settled, type VirtualClock } from '../../src/testing/index.ts';

export interface Gate {
  readonly promise: Promise<number>;
  open(value: number): void;
  fail(error: Error): void;
}

/** A promise that the test settles. */
export function gate(): Gate {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  promise.catch(() => {});
  return { promise, open: resolve, fail: reject };
}

/** Runs tasks in this thread, and counts its calls. */
export function service(tasks: Record<string, unknown>, clock: VirtualClock): ComputeService & { calls: number } {
  return {
    calls: 0,
    async run(call) {
      this.calls++;
      const begun = await execute(tasks, call, { clock, wait: settled });
      return begun instanceof TaskExecution ? { running: begun } : begun;
    },
  };
}
