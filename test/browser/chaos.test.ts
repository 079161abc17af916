import { expect, test } from 'vitest';
import { chaos } from '../chaos/chaos.ts';

// `npm run chaos -- --kills 20 --clicks 1000` does the same for longer.

test('[CH1] whoever clicks and types while the server is killed finds everything once, in order, in the same document', async () => {
  const seed = Math.floor(Math.random() * 1_000_000);
  const result = await chaos({ kills: 3, clicks: 60, seed });
  expect(result.faults, `seed ${seed}`).toEqual([]);
  expect(result.kills).toBe(3);
  expect(result.sameDocument).toBe(true);
  // Long enough that a failure says what is wrong: it waits a minute for what never comes.
}, 180_000);
