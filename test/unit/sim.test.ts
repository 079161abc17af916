// Random programs, users and faults; see test/sim. A seed that fails replays alone: npm run sim -- --seed N

import { expect, test } from 'vitest';
import { mutants } from '../sim/mutants.ts';
import { simulate } from '../sim/world.ts';

// Seed 429 fails in most of its runs, not in all: a queued job never ends, and something in a run is not seeded. Open defect.
/** Seeds of one run; `npm run sim` runs as many as it is told. */
const seeds = Number(process.env.SEEDS ?? 400);
const parts = 10;

test.each(Array.from({ length: parts }, (_, part) => part))(
  '[EO1] whatever the network, the server and the deploys do, both sides come to rest with each event applied once (part %i)',
  async (part) => {
    for (let seed = 1 + part; seed <= seeds; seed += parts) {
      const { problems } = await simulate(seed);
      expect(problems, `npm run sim -- --seed ${seed}`).toEqual([]);
    }
  },
);

test('a run depends on its seed alone', async () => {
  const traces = await Promise.all(
    [1, 2].map(async () => {
      const lines: string[] = [];
      await simulate(42, { trace: (line) => lines.push(line) });
      return lines;
    }),
  );
  expect(traces[0]).toEqual(traces[1]);
  expect(traces[0]?.length).toBeGreaterThan(10);
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
