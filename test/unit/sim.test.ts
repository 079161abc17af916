// Random programs, users and faults; see test/sim. A seed that fails replays alone: npm run sim -- --seed N

import { afterAll, beforeAll, expect, test } from 'vitest';
import { mutants } from '../sim/mutants.ts';
import { Simulation, simulate } from '../sim/world.ts';

/** Seeds of one run; `npm run sim` runs as many as it is told. */
const seeds = Number(process.env.SEEDS ?? 1_000);
const parts = 10;

// Vitest gives each frame of a stack its place in the source, which took an eighth of the time. A seed says where to look.
const errors: { prepareStackTrace?: unknown } = Error;
const { prepareStackTrace } = errors;
beforeAll(() => {
  errors.prepareStackTrace = undefined;
});
afterAll(() => {
  errors.prepareStackTrace = prepareStackTrace;
});

test.each(Array.from({ length: parts }, (_, part) => part))(
  '[EO1] whatever the network, the server and the deploys do, both sides come to rest with each event applied once (part %i)',
  async (part) => {
    for (let seed = 1 + part; seed <= seeds; seed += parts) {
      const { problems } = await simulate(seed);
      expect(problems, `npm run sim -- --seed ${seed}`).toEqual([]);
    }
  },
);

test('a run depends on its seed alone, to the last message, row and id', async () => {
  const run = async (seed: number) => {
    const simulation = new Simulation(seed);
    await simulation.run();
    return simulation.transcript;
  };
  for (let seed = 1; seed <= 40; seed++) {
    const first = await run(seed);
    expect(await run(seed), `npm run sim -- --seed ${seed}`).toEqual(first);
    expect(first.length).toBeGreaterThan(30);
  }
});

test.each(mutants.map((mutant) => [mutant.name, mutant] as const))(
  'the simulation notices %s',
  async (_name, mutant) => {
    for (let seed = 1; seed <= 300; seed++) {
      const { problems } = await simulate(seed, { mutant });
      if (problems.length > 0) return;
    }
    expect.fail('Three hundred seeds, and nothing was found wrong.');
  },
);
