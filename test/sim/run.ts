// `npm run sim -- --seeds N [--from S]`: runs N seeds and prints each that fails.
// `npm run sim -- --seed S`: runs one seed and prints each step.

import { parseArgs } from 'node:util';
import { simulate } from './world.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    seeds: { type: 'string', default: '10000' },
    from: { type: 'string', default: '1' },
  },
});

const began = performance.now();
let failed = 0;
let events = 0;
let runs = 0;

if (values.seed !== undefined) {
  const result = await simulate(Number(values.seed), { trace: (line) => console.log(line) });
  for (const problem of result.problems) console.log(`\n${problem}`);
  console.log(result.problems.length === 0 ? `Seed ${values.seed} holds.` : `\nSeed ${values.seed} fails.`);
  failed = result.problems.length;
} else {
  const first = Number(values.from);
  for (let seed = first; seed < first + Number(values.seeds); seed++) {
    const result = await simulate(seed);
    runs++;
    events += result.events;
    if (result.problems.length === 0) continue;
    failed++;
    console.log(`Seed ${seed} fails: ${(result.problems[0] as string).slice(0, 400)}`);
  }
  const seconds = (performance.now() - began) / 1_000;
  console.log(
    `${runs} seeds, ${events} events, ${failed} failed, ${Math.round(runs / seconds)} seeds/s. ` +
      'A seed replays alone: npm run sim -- --seed N',
  );
}
process.exitCode = failed > 0 ? 1 : 0;
