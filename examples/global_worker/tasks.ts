// Runs in the compute Worker. A generator says how far it is, and a yield is also where a cancel is seen: yield often, it is cheap.
import { type Checkpoint, checkpoint, resumed } from 'edgewise/compute';

/** How far it has come: all that another attempt needs to go on from there. */
interface State {
  step: number;
  sum: number;
}

/** Real arithmetic, about a second for each unit. Numbers that it yields, 0 to 1, are its progress. */
export function* compute(units: number): Generator<number | Checkpoint<State>, number> {
  const steps = units * 1_000;
  let { step, sum } = resumed<State>() ?? { step: 0, sum: 0 };
  while (step < steps) {
    sum += sumOfDigits(600_000);
    step++;
    yield step / steps;
    if (step % 50 === 0) yield checkpoint({ step, sum }); // if this Worker dies, the next attempt begins here
  }
  return sum;
}

function sumOfDigits(count: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += i % 10;
  return sum;
}
