// `npm run sim -- --seeds N [--from S]`: runs N seeds and prints each that fails.
// `npm run sim -- --seed S`: runs one seed and prints each step.
// `--mode M`: what all runs do, see `modes`. `--blocks B,C`: of what the pages are made.

import { parseArgs } from 'node:util';
import { type Mode, modes, type SimOptions, simulate } from './world.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    seeds: { type: 'string', default: '10000' },
    from: { type: 'string', default: '1' },
    mode: { type: 'string' },
    blocks: { type: 'string' },
  },
});

const { mode, blocks } = values;
if (mode !== undefined && !modes.includes(mode as Mode))
  throw new Error(`There is no mode ${mode}. Use ${modes.join(', ')}.`);
const options: SimOptions = {
  ...(mode !== undefined && { mode: mode as Mode }),
  ...(blocks !== undefined && { blocks: blocks.split(',') as NonNullable<SimOptions['blocks']> }),
};
const began = performance.now();
let failed = 0;
let events = 0;
let runs = 0;

if (values.seed !== undefined) {
  const result = await simulate(Number(values.seed), { ...options, trace: (line) => console.log(line) });
  for (const problem of result.problems) console.log(`\n${problem}`);
  console.log(result.problems.length === 0 ? `Seed ${values.seed} holds.` : `\nSeed ${values.seed} fails.`);
  failed = result.problems.length;
} else {
  const first = Number(values.from);
  for (let seed = first; seed < first + Number(values.seeds); seed++) {
    const result = await simulate(seed, options);
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
