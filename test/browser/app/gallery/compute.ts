// The gallery's compute Worker, for the tests that watch a task run. Its tasks compute a tenth of what the gallery's do and
// wait between two reports. So they last as long on a busy machine as on a quiet one, and leave its cores to the other tests.
import { compute } from 'edgewise/compute';
import * as globalWorker from '../../../../examples/global_worker/tasks.ts';
import * as progress from '../../../../examples/progress/tasks.ts';
import * as tasks from '../../../../examples/tasks.ts';

/** Share of the gallery's arithmetic. */
const share = 1 / 10;
/** Milliseconds after each hundredth of the work. */
const rest = 50;

/** Runs a task, with a rest after each hundredth. */
async function* restfully<Y, R>(work: Generator<Y, R>): AsyncGenerator<Y, R> {
  let reported = 0;
  for (let step = work.next(); ; step = work.next()) {
    if (step.done) return step.value;
    const { value } = step;
    if (typeof value === 'number') {
      if (value < reported + 0.01 && value < 1) continue;
      reported = value;
      await new Promise((resolve) => setTimeout(resolve, rest));
    }
    yield value;
  }
}

export default compute({
  ...tasks,
  heavyCalculation: (units: number) => restfully(tasks.heavyCalculation(units * share)),
  heavyComputation: (units: number) => restfully(progress.heavyComputation(units * share)),
  compute: (units: number) => restfully(globalWorker.compute(units * share)),
});
