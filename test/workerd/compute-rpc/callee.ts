import { compute } from '../../../src/compute/index.ts';
import type { ComputeService, TaskCall } from '../../../src/rpc/index.ts';
import * as tasks from './tasks.ts';

let calls = 0;

export default class extends compute(tasks) {
  override run(call: TaskCall) {
    calls++;
    return super.run(call);
  }

  override runPlain(...call: Parameters<NonNullable<ComputeService['runPlain']>>) {
    calls++;
    return super.runPlain?.(...call) ?? Promise.reject(new Error('A compute Worker has the method.'));
  }

  /** How often the service was called so far. */
  calls(): number {
    return calls;
  }
}
