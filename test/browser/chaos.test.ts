import { beforeAll, expect, test } from 'vitest';
import { type ChaosResult, chaos } from '../chaos/chaos.ts';

// `npm run chaos -- --kills 20` does the same for longer.

const seed = Math.floor(Math.random() * 1_000_000);
let result: ChaosResult;
// Long enough that a failure says what is wrong: it waits minutes for what never comes.
beforeAll(async () => {
  result = await chaos({ kills: 4, clicks: 80, pause: 1_000, seed });
}, 600_000);

test('[EO1] whoever uses pages of each kind while servers are killed and files are saved finds everything once, in the same document', () => {
  expect(result.violations, `seed ${seed}`).toEqual([]);
  expect(result.clicks).toBe(80);
  expect(result.blows).toEqual({ app: 1, compute: 1, both: 1, tree: 1, deploy: 0, save: 1 });
});

test('[NF4] handlers, jobs, questions and timers continue where the kill of a process, or of all, has cut them off', () => {
  expect(result.violations, `seed ${seed}`).toEqual([]);
  expect(result.kills).toBe(4);
  expect(result.jobs).toBeGreaterThan(0);
});
