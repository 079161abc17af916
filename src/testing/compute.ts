import { execute, TaskExecution, type TaskModule, type Thread } from '../compute/runner.ts';
import type { ComputeService, Outcome, Report } from '../rpc/index.ts';
import type { VirtualClock } from './clock.ts';

/**
 * Returns a compute Worker for a test: the tasks run through the real driver, in slices of a virtual millisecond each. What crosses is
 * copied, as RPC does it, so a test finds arguments and results that cannot travel.
 */
export function computeService(tasks: TaskModule, clock: VirtualClock): ComputeService {
  const thread: Thread = { clock, wait: () => new Promise((resolve) => clock.after(1, resolve)) };
  return {
    async run(call) {
      const begun = await execute(tasks, structuredClone(call), thread);
      if (!(begun instanceof TaskExecution)) return structuredClone(begun);
      return {
        running: {
          follow: async (observer): Promise<Outcome> =>
            structuredClone(await begun.follow((report: Report) => observer(structuredClone(report)))),
          cancel: () => begun.cancel(),
        },
      };
    },
  };
}
