import { compute } from '../../../src/compute/index.ts';
import * as tasks from './tasks.ts';

export default class extends compute(tasks) {
  /** What a call costs that is not ours. */
  bare(): number {
    return 1;
  }
}
