// Runs in the compute Worker. At a yield the task reports progress and notices a cancel. A yield is cheap, so
// yield often.
import { type Checkpoint, checkpoint, resumed } from 'edgewise/compute';

/** The state from which another attempt can continue. */
interface State {
  step: number;
  sum: number;
}

/** Computes for about a second per unit. Yields its progress as a number from 0 to 1. */
export function* heavyComputation(units: number): Generator<number | Checkpoint<State>, number> {
  const steps = units * 1_000;
  let { step, sum } = resumed<State>() ?? { step: 0, sum: 0 };
  while (step < steps) {
    sum += sumOfDigits(600_000);
    step++;
    yield step / steps;
    if (step % 50 === 0) yield checkpoint({ step, sum }); // If this Worker dies, the next attempt begins here.
  }
  return sum;
}

function sumOfDigits(count: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += i % 10;
  return sum;
}
