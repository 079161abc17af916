import { compute } from 'edgewise/compute';
import * as tasks from './tasks.ts';

export default class extends compute(tasks) {
  /** An empty method, which measures the platform's part of a call. */
  bare(): number {
    return 1;
  }
}
