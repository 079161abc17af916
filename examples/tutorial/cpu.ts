import { run, ui } from 'edgewise';
import type * as Tasks from '../tasks.ts'; // Types only: the code of the tasks stays in the compute Worker.

const tasks = run.tasks<typeof Tasks>('COMPUTE');

/** Shows a computation in another Worker: the page stays usable, however long it takes. */
export function cpu() {
  ui.label('Click the button to start a heavy calculation.');
  ui.button('Start CPU Task', calculate);
  const result = ui.label('Result: Pending...');

  async function calculate() {
    result.text = 'Result: Calculating...';
    result.text = `Result: ${await run.cpuBound(tasks.heavyCalculation, 3)}`;
  }
}
