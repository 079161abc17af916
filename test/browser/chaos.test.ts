import { beforeAll, expect, test } from 'vitest';
import { type ChaosResult, chaos } from '../chaos/chaos.ts';

// `npm run chaos -- --kills 20 --clicks 1000 --jobs 60` does the same for longer.

const seed = Math.floor(Math.random() * 1_000_000);
let result: ChaosResult;
// Long enough that a failure says what is wrong: it waits more than a minute for what never comes.
beforeAll(async () => {
  result = await chaos({ kills: 4, clicks: 50, jobs: 12, seed });
}, 300_000);

test('[EO1] whoever clicks and types while the server is killed finds everything once, in order, in the same document', () => {
  expect(result.faults, `seed ${seed}`).toEqual([]);
  expect(result.clicks).toBe(50);
  expect(result.kills.app).toBe(2);
  expect(result.sameDocument).toBe(true);
});

test('[NF4] each job that is started while app and compute are killed is done in the end, none is given up, and the code after its await runs once', () => {
  expect(result.faults, `seed ${seed}`).toEqual([]);
  expect(result.kills.compute).toBe(2);
  for (const { ended, outcomes, jobs } of [result.seen, result.kept]) {
    expect(ended).toBe('12 of 12');
    expect(outcomes.map((line) => Number(/^job (\d+): /.exec(line)?.[1]))).toEqual(Array.from(outcomes.keys()));
    expect(outcomes).toHaveLength(12);
    expect(jobs).toEqual({ done: 12 });
  }
});
