import { taskFiles } from '../compute/files.ts';
import { execute, TaskExecution, type TaskModule, type Thread } from '../compute/runner.ts';
import type { ComputeService, Outcome, Report } from '../rpc/index.ts';
import type { VirtualClock } from './clock.ts';

/**
 * Returns a compute Worker for a test.
 * It runs tasks through the real driver, in slices of a virtual millisecond each. It copies arguments and
 * results as RPC does, so a test finds values that cannot travel.
 */
export function computeService(tasks: TaskModule, clock: VirtualClock): ComputeService {
  const thread: Thread = { clock, wait: () => new Promise((resolve) => clock.after(1, resolve)) };
  return {
    async run({ open, ...call }) {
      const copy = { ...structuredClone(call), ...(open && { open }) };
      const begun = await execute(tasks, taskFiles(copy)?.call ?? copy, thread);
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
